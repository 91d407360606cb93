import { globSync } from 'node:fs';
import { ingestorProgram } from '@floorwatch/ingestor/commands/program';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readCompose, readSecure, readText, REPOSITORY } from './compose-file.ts';
import { commandLines, RUNBOOK_FILES } from './runbook-code.ts';

const lines = commandLines();
const manifest = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
const services = Object.keys({ ...readCompose().services, ...readSecure().services });
const WAYS = { 'npm start': /npm run |\.floorwatch\//, compose: /docker compose /, Kubernetes: /kubectl / };

/** @returns what is wrong with a command line of the ingestor, or null */
function problemOf(words: readonly string[]): string | null {
  let command = ingestorProgram();
  const rest = [...words];
  for (;;) {
    const next = command.commands.find((each) => each.name() === rest[0]);
    if (next === undefined) break;
    command = next;
    rest.shift();
  }
  if (command.commands.length > 0) return `${command.name()} needs one of its commands, not ${String(rest[0])}`;
  const known = command.options.flatMap(({ short, long }) => [short, long]);
  const unknown = rest.filter((word) => word.startsWith('-') && !known.includes(word.split('=')[0]));
  return unknown.length === 0 ? null : `${command.name()} has no ${unknown.join(', ')}`;
}

const INGESTOR = [
  /(?:^|[ ;'])ingestor ((?!\/|deployment|container|src)[a-z].*)$/,
  /npm run (?:-s )?ingestor -- (.*)$/,
  /ingestor\/src\/main\.ts ([^'"]*)/,
  /docker compose run --rm (?:ingestor|migrate) (?!-)(.*)$/,
];

/** Arguments of the ingestor in a line, or null when the line does not run it. */
function ingestorWords(line: string): string[] | null {
  if (/^docker compose (?!run|exec)|^kubectl (?!exec)/.test(line)) return null;
  for (const pattern of INGESTOR) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found.replace(/ #.*$/, '').split(' ').filter(Boolean);
  }
  return null;
}

it('every ingestor command and flag of the runbooks exists', () => {
  const found = lines.flatMap(({ file, line }) => {
    const words = ingestorWords(line);
    return words === null ? [] : [{ file, line, problem: problemOf(words) }];
  });
  expect(found.length).toBeGreaterThan(5);
  expect(found.filter(({ problem }) => problem !== null)).toEqual([]);
  expect(problemOf(['dead-letters', 'requeue', '--until-then', '24h'])).toMatch(/no --until-then/);
  expect(problemOf(['dead-letters', 'resend'])).toMatch(/resend/);
});

it('every npm script of the runbooks exists', () => {
  const names = lines.flatMap(({ line }) =>
    [...line.matchAll(/npm (?:run (?:-s )?)?([\w:]+)/g)].map(([, name = '']) => name)
  );
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

it('every service of a docker compose command exists', () => {
  const named = lines.flatMap(({ line }) => {
    const words =
      /^docker compose (?:ps|logs|up|restart|run|exec|stop) (.*?)(?: \||$)/.exec(line)?.[1]?.split(' ') ?? [];
    // `--tail 100`, `--entrypoint cat` and `--scale ingestor=3` have a value.
    const name = words.find((word, i) => /^[a-z]/.test(word) && words[i - 1] !== '--entrypoint')?.split('=')[0];
    return name === undefined ? [] : [{ line, name }];
  });
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ name }) => !services.includes(name))).toEqual([]);
});

it('every object of a kubectl command is in deploy/kubernetes', () => {
  const manifests = globSync('deploy/kubernetes/*.yaml', { cwd: REPOSITORY }).flatMap((file) =>
    parseAllDocuments(readText(file)).map((each) => each.toJS() as { kind: string; metadata: { name: string } })
  );
  const objects = manifests.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`);
  const named = lines.flatMap(({ line }) =>
    [...line.matchAll(/\b(?:deployment|deploy|job)\/[\w-]+/g)].map(([name]) => name)
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !objects.includes(name.replace('deploy/', 'deployment/')))).toEqual([]);
  const text = globSync('deploy/kubernetes/*', { cwd: REPOSITORY }).map(readText).join('\n');
  const others = lines.flatMap(({ line }) =>
    [...line.matchAll(/(?:-l app\.kubernetes\.io\/name=|get secret )([\w-]+)/g)].map(([, name = '']) => name)
  );
  expect(others.filter((name) => !text.includes(name))).toEqual([]);
});

it('every log of npm start exists under the name that the runbooks give it', () => {
  const stack = globSync('demo/src/stack/*.ts', { cwd: REPOSITORY }).map(readText).join('\n');
  const logs = lines.flatMap(({ line }) =>
    [...line.matchAll(/\.floorwatch\/logs\/([\w-]+)\.log/g)].map(([, name = '']) => name)
  );
  expect(logs.length).toBeGreaterThan(3);
  expect(logs.filter((name) => !stack.includes(`logFileOf('${name}')`))).toEqual([]);
});

it.each(RUNBOOK_FILES)('%s has a command for each way to start, where it has one for any', (file) => {
  const own = lines.filter((each) => each.file === file).map(({ line }) => line);
  const ways = Object.entries(WAYS).filter(([, pattern]) => own.some((line) => pattern.test(line)));
  expect(ways.length === 0 ? Object.keys(WAYS) : ways.map(([way]) => way)).toEqual(Object.keys(WAYS));
});

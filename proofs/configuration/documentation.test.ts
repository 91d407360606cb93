import { existsSync, globSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { expect, it } from 'vitest';
import { readText, REPOSITORY } from './compose-file.ts';

const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...globSync(['{docs,sql,deploy}/**/*.md', 'ingestor/*.md', 'plugin/src/README.md', 'plugin/src/runbooks/*.md'], {
    cwd: REPOSITORY,
  }),
];
const SOURCE_FILE = /\.(tsx?|mjs|sql)$/;
const ANY_FILE = /\.(tsx?|mjs|sql|md|json|ya?ml|xml|sh|proto|avsc)$/;
/** Generated and hidden files, and placeholders such as x.test.ts, NNNN or *. */
const NOT_TRACKED = /^plugin\/dist|^\.|^x\.|NNNN|[*<>{}$=…\s]/;

const folders = globSync('*/', { cwd: REPOSITORY }).map((folder) => folder.replace(/\/$/, ''));
const files = globSync('{packages,ingestor,demo,plugin,proofs,e2e,sql,docs,provisioning,deploy}/**/*.*', {
  cwd: REPOSITORY,
  exclude: ['**/node_modules', '**/dist'],
});

/** Inline code and link targets, without code blocks. */
function namesIn(markdown: string): string[] {
  const text = markdown.replaceAll(/^```.*?^```/gms, '');
  const code = [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
  const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, target = '']) => target);
  return [...code, ...links].filter((name) => !/^(https?:|[@/~-])/.test(name) && !NOT_TRACKED.test(name));
}

/** A path from the root, a path from the folder of the document, or the end of a path, such as `pipeline/batch.ts`. */
function exists(name: string, document: string): boolean {
  const found = [name, join(dirname(document), name)].some((path) => existsSync(join(REPOSITORY, path)));
  return found || files.some((file) => file.endsWith(`/${name}`));
}

it.each(DOCUMENTS)('every path that %s names exists', (document) => {
  const paths = namesIn(readText(document)).filter((name) => {
    const [first = ''] = name.split('/');
    return name.includes('/') ? folders.includes(first) || ANY_FILE.test(name) : SOURCE_FILE.test(name);
  });
  expect(paths.filter((path) => !exists(path, document))).toEqual([]);
});

it('the documents name paths to check', () => {
  expect(namesIn(readText('CONTRIBUTING.md')).filter((name) => name.includes('/')).length).toBeGreaterThan(20);
});

it.each([...DOCUMENTS, 'plugin/src/pages/runbooks/commands.md'])(
  'no command of %s gives curl a password as an argument, which every process of the machine can read',
  (document) => {
    const lines = readText(document).split('\n');
    expect(lines.filter((line) => /\bcurl\b.* (-u|--user)[ =]?\S+:/.test(line))).toEqual([]);
  }
);

it.each(['security', 'bench:page', 'bench:live'])(
  '`npm run %s`, which starts Grafana with the built plugin, works in a new checkout: it builds the plugin first',
  (name) => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const build = scripts[name]?.indexOf('npm run -s build') ?? -1;
    expect(build).toBeGreaterThan(0);
    expect(build).toBeLessThan(scripts[name]?.indexOf('proofs/main.ts') ?? 0);
  }
);

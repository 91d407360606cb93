import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { hasGo, runGo } from './compose-config.ts';
import { readCompose, readText, REPOSITORY } from './compose-file.ts';

interface Step {
  uses?: string;
  run?: string;
}

const files = globSync('.github/workflows/*.yml', { cwd: REPOSITORY });
const all = files.map(readText).join('\n');
const manifest = JSON.parse(readText('package.json')) as {
  scripts: Record<string, string>;
  devDependencies: { node: string };
};
const shellcheck = spawnSync('which', ['shellcheck'], { encoding: 'utf8' }).stdout.trim();

describe('.github/workflows', () => {
  it.skipIf(!hasGo).each(files)('actionlint finds nothing in %s', (file) => {
    expect(
      runGo('actionlint', ['tool', 'actionlint', '-no-color', `-shellcheck=${shellcheck}`, join(REPOSITORY, file)])
    ).toBe('');
  });

  it('use actions at the commit of a release, because a tag can be moved', () => {
    const used = [...all.matchAll(/uses: (\S+)(.*)$/gm)];
    expect(used.length).toBeGreaterThan(3);
    for (const [line, action = '', comment = ''] of used) {
      expect(action, line).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      expect(comment, line).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  it('have only the right to read, and leave no token in a checkout', () => {
    for (const file of files) expect(readText(file), file).toMatch(/^permissions:\n {2}contents: read$/m);
    const checkouts = all.match(/uses: actions\/checkout@[^]*?persist-credentials: false/g) ?? [];
    expect(checkouts).toHaveLength((all.match(/uses: actions\/checkout@/g) ?? []).length);
  });

  it('run the stack and the browser tests on amd64 and arm64, with the Node version of the project', () => {
    const compose = readText('.github/workflows/compose.yml');
    expect(compose.match(/runner: \[ubuntu-24\.04, ubuntu-24\.04-arm\]/g)).toHaveLength(2);
    expect(compose).toContain('docker compose up --detach --wait');
    // Without containers, ClickHouse exists for x64 alone; on arm64, the jobs above count the robots that arrive.
    const { smoke } = (parse(compose) as { jobs: Record<string, { 'runs-on': string }> }).jobs;
    expect(smoke?.['runs-on']).toBe('ubuntu-24.04');
    const versions = [...all.matchAll(/node-version: (\S+)/g)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([manifest.devDependencies.node]));
  });
});

describe('.github/workflows/compose.yml', () => {
  const { jobs } = parse(readText('.github/workflows/compose.yml')) as { jobs: Record<string, { steps: Step[] }> };
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const commands = steps.flatMap(({ run = '' }) => run.split('\n'));
  /** Runs a command of a step, which reads only files of the repository. */
  const run = (command: string): string =>
    execFileSync('sh', ['-ec', command], { cwd: REPOSITORY, encoding: 'utf8' }).trim();
  const part = (form: RegExp): string => form.exec(commands.join('\n'))?.[1] ?? 'false';

  it('gets the repository by the action that can read a private one, and the stack as a desk with umask 077 has it', () => {
    for (const [name, { steps: own }] of Object.entries(jobs)) {
      expect(own[0]?.uses, name).toMatch(/^actions\/checkout@/);
    }
    expect(commands.filter((line) => /git (clone|fetch)/.test(line))).toEqual([]);
    expect(jobs['stack']?.steps[1]?.run).toBe('chmod -R go= .');
  });

  it('names scripts, files and services that exist', () => {
    const named = (form: RegExp): string[] =>
      commands.flatMap((line) => [...line.matchAll(form)].map(([, name = '']) => name));
    const scripts = named(/\bnpm run (?:-s )?([\w:]+)/g);
    expect(new Set(scripts)).toEqual(new Set(['e2e', 'smoke']));
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
    const paths = named(
      /(?:^|[\s-])((?:\.ci|deploy|plugin|ingestor|demo|docker-compose)[\w./-]*\.(?:sh|yml)|\w+\/Dockerfile)/g
    );
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !existsSync(join(REPOSITORY, path)))).toEqual([]);
    const awaited = named(/up --detach --wait --wait-timeout \d+ ([a-z]+)$/g);
    expect(awaited).toEqual(['clickhouse']);
    expect(awaited.filter((name) => !(name in readCompose().services))).toEqual([]);
  });

  it('finds the versions of Grafana and its data source, and the digest of every image that others publish', () => {
    expect(run(part(/^version="\$\((.*)\)"$/m))).toMatch(/^\d+\.\d+\.\d+$/);
    expect(run(part(/^data_source="\$\((.*)\)"$/m))).toMatch(/^\d+\.\d+\.\d+$/);
    const list = part(/^(grep -hoE [^]*?sort -u) \\$/m).replaceAll('\\\n', '');
    const images = run(list).split('\n');
    const pulled = Object.values(readCompose().services).map(({ image }) => image);
    expect(images).toEqual(expect.arrayContaining(pulled.filter((image) => !image.startsWith('floorwatch/'))));
    const dockerfiles = globSync('**/Dockerfile', { cwd: REPOSITORY, exclude: ['**/node_modules'] });
    const bases = dockerfiles.flatMap((file) => readText(file).match(/(?<=^FROM )\S+:\S+/gm) ?? []);
    expect(bases.length).toBeGreaterThan(6);
    expect(images).toEqual(expect.arrayContaining(bases));
  });
});

it(
  'compose-verify.sh waits until Grafana shows all robots to the login that it is given',
  { timeout: 60_000 },
  async () => {
    const shown = [12, 50];
    const seen: (string | undefined)[] = [];
    const grafana = createServer((request, response) => {
      seen.push(`${String(request.url)} ${String(request.headers.authorization)}`);
      // The form of /api/ds/query.
      const frames = [{ schema: { fields: [{ name: 'robots' }] }, data: { values: [[shown.shift() ?? 0]] } }];
      response.end(JSON.stringify({ results: { A: { status: 200, frames } } }));
    });
    await new Promise<void>((resolve) => grafana.listen(0, '127.0.0.1', resolve));
    try {
      const { stdout } = await promisify(execFile)('sh', ['.ci/compose-verify.sh', '45'], {
        cwd: REPOSITORY,
        env: {
          ...process.env,
          GRAFANA_URL: `http://127.0.0.1:${(grafana.address() as AddressInfo).port}`,
          GRAFANA_LOGIN: 'admin:secret',
        },
      });
      expect(stdout).toBe('Grafana shows 50 robots.\n');
      const login = `Basic ${Buffer.from('admin:secret').toString('base64')}`;
      expect(seen).toEqual([`/api/ds/query ${login}`, `/api/ds/query ${login}`]);
    } finally {
      grafana.close();
    }
  }
);

it.skipIf(shellcheck === '')('shellcheck finds nothing in .ci/compose-verify.sh', () => {
  expect(spawnSync(shellcheck, [join(REPOSITORY, '.ci/compose-verify.sh')], { encoding: 'utf8' }).stdout).toBe('');
});

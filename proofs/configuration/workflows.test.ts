import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasGo, runGo } from './compose-config.ts';
import { readText, REPOSITORY } from './compose-file.ts';

const files = globSync('.github/workflows/*.yml', { cwd: REPOSITORY });
const all = files.map(readText).join('\n');
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
    const { devDependencies } = JSON.parse(readText('package.json')) as { devDependencies: { node: string } };
    const versions = [...all.matchAll(/node-version: (\S+)/g)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([devDependencies.node]));
  });
});

it.skipIf(shellcheck === '')('shellcheck finds nothing in .ci/compose-verify.sh', () => {
  expect(spawnSync(shellcheck, [join(REPOSITORY, '.ci/compose-verify.sh')], { encoding: 'utf8' }).stdout).toBe('');
});

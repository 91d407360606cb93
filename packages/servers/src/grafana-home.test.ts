import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DATA_SOURCE_ID, findGrafana } from './grafana-home.ts';

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'floorwatch-grafana-')));
  for (const folder of ['bin', 'conf']) mkdirSync(join(dir, folder));
  writeFileSync(join(dir, 'bin/grafana'), '');
  writeFileSync(join(dir, 'conf/defaults.ini'), '');
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

it('finds an unpacked Grafana with its data source', () => {
  mkdirSync(join(dir, DATA_SOURCE_ID));
  expect(findGrafana({ home: dir, pluginsDir: dir })).toEqual({
    homeDir: dir,
    binary: join(dir, 'bin/grafana'),
    dataSourceDir: join(dir, DATA_SOURCE_ID),
  });
});

it('searches no other place when GRAFANA_HOME is set', () => {
  expect(() => findGrafana({ home: join(dir, 'elsewhere') })).toThrow(
    /^Grafana: not found at GRAFANA_HOME=.*elsewhere\. Set GRAFANA_HOME to an unpacked Grafana/
  );
});

it('names the command that installs the missing data source', () => {
  expect(() => findGrafana({ home: dir, pluginsDir: dir })).toThrow(
    `Grafana: ${DATA_SOURCE_ID} is not installed in ${dir}. Run grafana cli --pluginsDir ${dir} plugins install ${DATA_SOURCE_ID}`
  );
});

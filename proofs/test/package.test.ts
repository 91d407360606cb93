import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';

interface PluginJson {
  id: string;
  type: string;
  name: string;
  info: {
    version: string;
    updated: string;
    description: string;
    author: { name: string };
    keywords: string[];
    logos: { small: string; large: string };
    screenshots: { name: string; path: string }[];
  };
  dependencies: { grafanaDependency: string; plugins: { id: string }[] };
}

const out = mkdtempSync(join(tmpdir(), 'floorwatch-package-'));
const said = pack(out);
afterAll(() => {
  rmSync(out, { recursive: true });
});

const [zip = '', sum = ''] = readdirSync(out)
  .filter((name) => name.includes('.zip'))
  .sort();
const archive = readFileSync(join(out, zip));
const files = unzipSync(archive);
const ID = 'floorwatch-fleet-app';
const text = (name: string): string => Buffer.from(files[`${ID}/${name}`] ?? Buffer.alloc(0)).toString('utf8');
const names = Object.keys(files)
  .filter((name) => !name.endsWith('/'))
  .map((name) => name.replace(`${ID}/`, ''));
const plugin = JSON.parse(text('plugin.json')) as PluginJson;

/** @returns what the command prints */
function pack(folder: string, env: Readonly<Record<string, string>> = {}): string {
  return execFileSync(process.execPath, [join(REPOSITORY_DIR, '.ci/package.ts'), '--as-built', '--out', folder], {
    env: { ...process.env, PLUGIN_REPOSITORY_URL: '', ...env },
    encoding: 'utf8',
  });
}

function picturesOf(readme: string): string[] {
  return [...readme.matchAll(/!\[[^\]]*\]\(([^)\s]+)/g)].map(([, path = '']) => path);
}

/** @see https://grafana.com/developers/plugin-tools/publish-a-plugin/package-a-plugin and the rules of Grafana's plugin-validator */
describe('the archive of the plugin, as the catalogue wants it', () => {
  test('is named by id and version, with one folder that is named by the id', () => {
    expect(zip).toBe(`${ID}-${plugin.info.version}.zip`);
    expect(new Set(Object.keys(files).map((name) => name.split('/')[0]))).toEqual(new Set([ID]));
  });

  test('comes with its SHA-256', () => {
    const hash = createHash('sha256').update(archive).digest('hex');
    expect(readFileSync(join(out, sum), 'utf8')).toBe(`${hash}  ${zip}\n`);
  });

  test('has plugin.json with everything that the catalogue shows', () => {
    expect(plugin).toMatchObject({ id: ID, type: 'app' });
    // organisation-name-type
    expect(plugin.id).toMatch(/^[a-z0-9]+-[a-z0-9]+-app$/);
    const { version } = JSON.parse(readFileSync(join(REPOSITORY_DIR, 'plugin/package.json'), 'utf8')) as {
      version: string;
    };
    expect(plugin.info.version).toBe(version);
    expect(plugin.info.updated).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(plugin.info.description.length).toBeGreaterThan(20);
    expect(plugin.info.author.name).not.toBe('');
    expect(plugin.info.keywords.length).toBeGreaterThan(2);
    expect(plugin.dependencies.grafanaDependency).toMatch(/^>=\d+\.\d+\.\d+/);
    expect(plugin.dependencies.plugins.map(({ id }) => id)).toEqual(['grafana-clickhouse-datasource']);
  });

  test('has every logo and screenshot that plugin.json names', () => {
    const { logos, screenshots } = plugin.info;
    expect(screenshots.length).toBeGreaterThan(0);
    const named = [logos.small, logos.large, ...screenshots.map(({ path }) => path)];
    expect(named.filter((path) => !names.includes(path))).toEqual([]);
    for (const { name } of screenshots) expect(name).not.toBe('');
  });

  test('has the code of the app and of the nested panel', () => {
    expect(names).toEqual(expect.arrayContaining(['module.js', 'floormap/module.js', 'floormap/plugin.json']));
    const panel = JSON.parse(text('floormap/plugin.json')) as PluginJson;
    expect(panel).toMatchObject({ id: 'floorwatch-floormap-panel', type: 'panel' });
    expect(panel.info.version).toBe(plugin.info.version);
  });

  test('has a README of its own, a changelog with this version, and the licence', () => {
    expect(text('README.md')).toMatch(/^# /m);
    expect(text('README.md')).not.toMatch(/TODO|This is a starting point|Delete this/i);
    expect(text('README.md').length).toBeGreaterThan(1_000);
    expect(text('CHANGELOG.md')).toContain(plugin.info.version);
    expect(text('LICENSE')).toContain('Apache License');
  });

  test('shows pictures, which Grafana serves from the archive', () => {
    const pictures = picturesOf(text('README.md'));
    expect(pictures.length).toBeGreaterThan(0);
    const served = pictures.map((path) => path.replace(`public/plugins/${ID}/`, ''));
    expect(served.filter((path) => !names.includes(path))).toEqual([]);
  });

  test('says what the catalogue lacks as long as no public repository is named', () => {
    expect(said).toMatch(/lacks links.*PLUGIN_REPOSITORY_URL/);
    expect(plugin.info).not.toHaveProperty('links');
  });

  test('has links and public pictures when the repository is named, and nothing else changes', () => {
    const address = 'https://example.com/floorwatch/floorwatch';
    const published = join(out, 'published');
    const saidThen = pack(published, { PLUGIN_REPOSITORY_URL: address });
    expect(saidThen).not.toContain('lacks links');
    const then = unzipSync(readFileSync(join(published, zip)));
    const { links, ...info } = (
      JSON.parse(Buffer.from(then[`${ID}/plugin.json`] ?? []).toString('utf8')) as {
        info: { links: { name: string; url: string }[] };
      }
    ).info;
    expect(info).toEqual(plugin.info);
    expect(links.map(({ name }) => name)).toEqual(['Documentation', 'Source code', 'Report an issue', 'License']);
    const pictures = picturesOf(Buffer.from(then[`${ID}/README.md`] ?? []).toString('utf8'));
    const local = pictures.map((url) => url.replace(`${address}/raw/v${plugin.info.version}/`, ''));
    expect(local.filter((path) => !existsSync(join(REPOSITORY_DIR, path)))).toEqual([]);
    const changed = Object.keys(files).filter(
      (name) => !Buffer.from(files[name] ?? []).equals(Buffer.from(then[name] ?? []))
    );
    expect(changed.sort()).toEqual([`${ID}/README.md`, `${ID}/plugin.json`]);
  });

  test('has no source, tests, hidden files or dependencies as folders', () => {
    expect(names.filter((name) => /(^|\/)(\.|node_modules|__MACOSX)|\.tsx?$|\.env/.test(name))).toEqual([]);
  });

  test('has no path of the machine that built it', () => {
    const found = Object.entries(files).filter(([, bytes]) => Buffer.from(bytes).includes(REPOSITORY_DIR));
    expect(found.map(([name]) => name)).toEqual([]);
  });

  test('lists what it contains (CycloneDX), each with a licence and its text', () => {
    const bom = JSON.parse(text('sbom/bom.json')) as {
      bomFormat: string;
      components: { name: string; licenses?: unknown[] }[];
    };
    expect(bom.bomFormat).toBe('CycloneDX');
    expect(bom.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['scenes', 'yaml']));
    expect(bom.components.filter(({ licenses = [] }) => licenses.length === 0)).toEqual([]);
    expect(text('THIRD-PARTY-LICENSES.txt')).toMatch(/scenes .*Apache-2\.0/);
    expect(text('THIRD-PARTY-LICENSES.txt')).toContain('Permission is hereby granted');
  });

  test('is the same for the same files', () => {
    const again = mkdtempSync(join(out, 'again-'));
    execFileSync(process.execPath, [join(REPOSITORY_DIR, '.ci/package.ts'), '--as-built', '--out', again]);
    expect(readFileSync(join(again, sum), 'utf8')).toBe(readFileSync(join(out, sum), 'utf8'));
  });
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { afterAll, describe, expect, test } from 'vitest';
import { readCompose, readText } from '../configuration/compose-file.ts';

interface Component {
  'bom-ref': string;
  version: string;
  purl: string;
  hashes?: { content: string }[];
  licenses?: { license?: { id: string }; expression?: string }[];
}
interface Lock {
  packages: Record<string, { version: string; link?: boolean; integrity: string }>;
}

const out = mkdtempSync(join(tmpdir(), 'floorwatch-sbom-'));
afterAll(() => {
  rmSync(out, { recursive: true });
});

const dockerfiles = Object.values(readCompose().services).flatMap(({ build }) => build?.dockerfile ?? []);
const withPackages = [...new Set(dockerfiles)].filter((file) => /\bnpm ci\b/.test(readText(file)));
const COMMAND = /^RUN (node \.ci\/sbom\.ts --out )(\S+)(.*)$/m;

describe('each image with packages from npm lists them', () => {
  test('after their installation, or after the build of the bundle that contains them', () => {
    expect(withPackages).toEqual(
      expect.arrayContaining(['ingestor/Dockerfile', 'demo/Dockerfile', 'plugin/Dockerfile'])
    );
    for (const file of withPackages) {
      const text = readText(file);
      expect(text.search(COMMAND), file).toBeGreaterThan(
        Math.max(text.indexOf('npm ci'), text.indexOf('npm run build'))
      );
      const [, , folder, flags] = COMMAND.exec(text) ?? [];
      const own = file === 'plugin/Dockerfile' ? ['plugin/dist', ' --bundled'] : ['.', ''];
      expect([folder, flags], file).toEqual(own);
    }
  });

  test('with the command of the Dockerfile: every package that npm installed, with version, hash, licence and its text', () => {
    const [, command = ''] = COMMAND.exec(readText('ingestor/Dockerfile')) ?? [];
    execFileSync('sh', ['-ec', `${command} ${out}`], { cwd: REPOSITORY_DIR, stdio: 'pipe' });
    const bom = JSON.parse(readFileSync(join(out, 'sbom/bom.json'), 'utf8')) as { components: Component[] };
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    const [node, ...packages] = bom.components;
    expect(node).toMatchObject({ name: 'node', version: process.versions.node });
    const { packages: locked } = JSON.parse(
      readFileSync(join(REPOSITORY_DIR, 'node_modules/.package-lock.json'), 'utf8')
    ) as Lock;
    const wrong = packages.filter(({ 'bom-ref': place, version, hashes = [] }) => {
      const hash = Buffer.from(hashes[0]?.content ?? '', 'hex').toString('base64');
      return locked[place]?.version !== version || locked[place].integrity !== `sha512-${hash}`;
    });
    expect(wrong).toEqual([]);
    const licences = (name: string): string | undefined =>
      packages.find(({ 'bom-ref': place }) => place === `node_modules/${name}`)?.licenses?.[0]?.license?.id;
    // The first three are development dependencies of other workspaces too, which `npm sbom --omit=dev` leaves out.
    const known = { kafkajs: 'MIT', yaml: 'ISC', zod: 'MIT', pino: 'MIT', '@clickhouse/client': 'Apache-2.0' };
    expect(Object.fromEntries(Object.keys(known).map((name) => [name, licences(name)]))).toEqual(known);
    const texts = readFileSync(join(out, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    expect(texts).toMatch(/^kafkajs 2\.2\.4: MIT\n\n[^]*?Permission is hereby granted/m);
  });

  test('at the paths that deploy/compose/README.md names', () => {
    const readme = readText('deploy/compose/README.md');
    const workDir = /^WORKDIR (\S+)$/m.exec(readText('ingestor/Dockerfile'))?.[1] ?? '';
    const plugins = /^ENV GF_PATHS_PLUGINS=(\S+)$/m.exec(readText('plugin/Dockerfile'))?.[1] ?? '';
    for (const folder of [workDir, `${plugins}/floorwatch-fleet-app`]) {
      for (const file of ['sbom/bom.json', 'THIRD-PARTY-LICENSES.txt']) expect(readme).toContain(`${folder}/${file}`);
    }
  });
});

import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCompose, readText, REPOSITORY } from './compose-file.ts';

interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  link?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const { services } = readCompose();
const dockerfiles = [...new Set(Object.values(services).flatMap(({ build }) => build?.dockerfile ?? []))];
const bases = dockerfiles.flatMap((file) => {
  const stages = [...readText(file).matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)];
  const names = stages.map(([, , name]) => name);
  // A stage can begin with another one.
  return stages.flatMap(([, image = '']) => (names.includes(image) ? [] : [image]));
});
const pulled = Object.values(services)
  .map(({ image }) => image)
  .filter((image) => !image.startsWith('floorwatch/'));
const manifest = JSON.parse(readText('package.json')) as { devDependencies: Record<string, string> };

describe('images', () => {
  it('are pinned by their full version, with four numbers for ClickHouse and three for others', () => {
    expect([...bases, ...pulled].length).toBeGreaterThan(7);
    for (const image of [...bases, ...pulled]) {
      expect(image).toMatch(image.startsWith('clickhouse/') ? /:\d+\.\d+\.\d+\.\d+$/ : /:v?\d+\.\d+\.\d+(-slim)?$/);
    }
  });

  it('have the Node version that npm installs for the project', () => {
    const node = bases.filter((image) => image.startsWith('node:'));
    expect(new Set(node)).toEqual(new Set([`node:${String(manifest.devDependencies['node'])}-slim`]));
    expect(node.length).toBe(3);
  });

  it('run a long-term support release of ClickHouse, one minor release from the one of the tests', () => {
    const [, year, month] = /clickhouse-server:(\d+)\.(\d+)\./.exec(bases.join('\n')) ?? [];
    // ClickHouse supports its releases of March and August for a year.
    expect(['3', '8']).toContain(month);
    const { version = '' } = lockedPackages()['node_modules/@chdb/lib-linux-x64-gnu'] ?? {};
    const [testedYear, testedMonth] = version.split('.').map(Number);
    expect(Number(year)).toBe(testedYear);
    expect(Math.abs(Number(month) - Number(testedMonth))).toBeLessThanOrEqual(1);
  });

  it('run the Kafka release of the tests', () => {
    const tested = /<kafka\.version>([\d.]+)</.exec(readText('packages/servers/src/kafka/pom.xml'))?.[1];
    const kafka = new Set(pulled.filter((image) => image.startsWith('apache/kafka:')));
    expect([...kafka]).toEqual([`apache/kafka:${String(tested)}`]);
  });

  it('contain their files in a mode that each user can read, also from a checkout with umask 077', () => {
    for (const file of dockerfiles) {
      const stages = readText(file).split(/^(?=FROM )/m);
      // Root reads everything in a stage that only builds.
      const running = stages.filter((stage) => stage.startsWith('FROM') && !/^FROM \S+ AS build$/m.test(stage));
      for (const stage of running) {
        const copies = stage.match(/^COPY .*$/gm) ?? [];
        expect(copies.filter((line) => !line.startsWith('COPY --chmod=555 '))).toEqual([]);
      }
    }
  });

  it('contain no ClickHouse library: only the root of the repository depends on it, which no image installs', () => {
    const dependents = Object.entries(lockedPackages()).filter(
      ([path, { optionalDependencies = {}, dependencies = {} }]) => {
        const names = Object.keys({ ...optionalDependencies, ...dependencies });
        return !path.includes('node_modules/') && names.some((name) => name.startsWith('@chdb/'));
      }
    );
    expect(dependents.map(([path]) => path)).toEqual(['']);
    for (const file of dockerfiles) {
      for (const [, args = ''] of readText(file).matchAll(/\bnpm ci((?:[^&]|\\\n)*?--no-fund)/g)) {
        expect(args, file).toContain('--workspace ');
        expect(args, file).not.toContain('--include-workspace-root');
      }
    }
  });

  it('are built without secrets and build results of the checkout', () => {
    const ignored = readText('.dockerignore').split('\n');
    expect(ignored).toEqual(expect.arrayContaining(['.git', '.env', '.floorwatch', '**/node_modules', '**/dist']));
  });

  it('are updated by Dependabot, which reads every file that names one', () => {
    const config = readText('.github/dependabot.yml');
    for (const file of dockerfiles) expect(config).toContain(`/${file.replace(/\/?Dockerfile$/, '')}`);
    for (const ecosystem of ['docker-compose', 'docker', 'npm', 'github-actions', 'gomod', 'maven']) {
      expect(config).toContain(`package-ecosystem: ${ecosystem}\n`);
    }
  });
});

describe('package-lock.json', () => {
  it('has the hash of every package, for each platform, and no download address', () => {
    const packages = Object.entries(lockedPackages()).filter(([path]) => path.includes('node_modules/'));
    const registry = packages.filter(([, { link }]) => link !== true);
    expect(registry.length).toBeGreaterThan(1_000);
    expect(registry.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
    expect(packages.filter(([, { resolved, link }]) => resolved !== undefined && link !== true)).toEqual([]);
  });
});

describe('line ends', () => {
  it('are those of Linux in every checkout, because scripts run in containers', () => {
    expect(readText('.gitattributes')).toMatch(/^\* text=auto eol=lf$/m);
    const scripts = globSync('{deploy,.ci}/**/*.sh', { cwd: REPOSITORY });
    expect(scripts.length).toBeGreaterThan(2);
    for (const script of scripts) expect(readText(script), script).not.toContain('\r');
  });
});

function lockedPackages(): Record<string, LockedPackage> {
  return (JSON.parse(readText('package-lock.json')) as { packages: Record<string, LockedPackage> }).packages;
}

import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { DEFAULT_PAGER_PORT, pagerCommand } from '@floorwatch/demo/commands/pager';
import { simulateCommand } from '@floorwatch/demo/commands/simulate';
import { SECRETS, VARIABLES } from '@floorwatch/ingestor/config/variables';
import { PROVISIONING_VARIABLES } from '@floorwatch/ingestor/provisioning/variables';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { readCompose, readText, REPOSITORY, type ComposeService } from './compose-file.ts';
import { provisioningVariables } from './provisioning-files.ts';

const { services, volumes } = readCompose();
const cases = Object.entries(services);
const composeText = readText('docker-compose.yml');
const byImage = (image: string) => cases.filter(([, service]) => service.image.startsWith(image));
const names = (service: ComposeService) => Object.keys(service.environment ?? {});

/** The variables that `with-secrets.sh NAME=file -- command` sets. */
function secretNames({ entrypoint = [] }: ComposeService): string[] {
  return entrypoint.flatMap((word) => /^([A-Z0-9_]+)=/.exec(word)?.[1] ?? []);
}

/** Ports that each service listens on. Those of third-party images are their documented defaults. */
const LISTENING: Record<string, number[]> = {
  kafka: [...(services['kafka']?.environment?.['KAFKA_LISTENERS'] ?? '').matchAll(/:(\d+)/g)].map(([, port]) =>
    Number(port)
  ),
  'schema-registry': [
    Number(/:(\d+)$/.exec(services['schema-registry']?.environment?.['SCHEMA_REGISTRY_LISTENERS'] ?? '')?.[1]),
  ],
  clickhouse: [8123, 9000],
  ingestor: [Number(VARIABLES.HTTP_PORT.def.defaultValue)],
  pager: [DEFAULT_PAGER_PORT],
  prometheus: [9090],
  grafana: [3000],
};

describe('docker-compose.yml', () => {
  it('builds every floorwatch image that it runs', () => {
    const built = new Set(cases.filter(([, { build }]) => build).map(([, { image }]) => image));
    expect(new Set(byImage('floorwatch/').map(([, { image }]) => image))).toEqual(built);
    // Without a pull policy, compose would pull these names from a registry, where another owner can have them.
    for (const [name, { build, pull_policy: policy }] of byImage('floorwatch/')) {
      expect(policy, name).toBe(build ? 'build' : 'never');
    }
  });

  it.each(cases)('%s mounts only volumes, and nothing of the checkout', (_, { volumes: mounts = [] }) => {
    for (const mount of mounts) expect(Object.keys(volumes)).toContain(mount.split(':')[0]);
  });

  it('imports every floor plan and every GeoJSON file of the demo', () => {
    const endings = new Set(readdirSync(join(REPOSITORY, 'demo/plans')).map((file) => extname(file)));
    const importable = [...endings].filter((ending) => ending !== '.png' && ending !== '.ts');
    const [script] = (services['plans']?.entrypoint ?? []).slice(-1);
    expect(importable.toSorted()).toEqual(['.geojson', '.yaml']);
    for (const ending of importable) expect(script).toContain(`demo/plans/*${ending}`);
    // The site that simulated robots report.
    const site = simulateCommand().options.find(({ long }) => long === '--site')?.defaultValue as string;
    expect(script).toContain(`--site-id ${site};`);
  });

  it.each(cases)('%s publishes only ports that it listens on, on 127.0.0.1', (name, { ports = [] }) => {
    for (const port of ports) {
      const [, inside] = /^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:(\d+)$/.exec(port) ?? [];
      expect(LISTENING[name], port).toContain(Number(inside));
    }
  });

  it('names only services and ports that exist', () => {
    for (const [, host = '', port] of composeText.matchAll(/\b([a-z][a-z-]*):(\d{4,5})\b/g)) {
      if (host !== 'localhost') expect(LISTENING[host], `${host}:${port ?? ''}`).toContain(Number(port));
    }
    const targets = JSON.parse(readText('deploy/prometheus/targets/ingestor.json')) as { targets: string[] }[];
    expect(targets.flatMap((group) => group.targets)).toEqual([`ingestor:${String(LISTENING['ingestor']?.[0])}`]);
  });

  it.each(cases)('%s depends on services that exist, and on health only if there is a health check', (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      const awaited = services[name];
      expect(awaited, name).toBeDefined();
      if (condition === 'service_healthy') expect(awaited?.healthcheck, name).toBeDefined();
      // A service that restarts never completes.
      if (condition === 'service_completed_successfully') expect(awaited?.restart, name).toBeUndefined();
    }
  });

  it.each(byImage('floorwatch/ingestor'))('%s passes only variables that the ingestor reads', (_, service) => {
    const ofCommand = service.command?.[0] === 'provisioning' ? PROVISIONING_VARIABLES.shape : VARIABLES;
    const read = [...Object.keys(ofCommand), ...[...SECRETS].map((name) => `${name}_FILE`)];
    expect(read).toEqual(expect.arrayContaining(names(service)));
  });

  it.each(byImage('floorwatch/demo'))('%s passes only options and variables that the demo reads', (_, service) => {
    const [verb = '', ...flags] = service.command ?? [];
    const command = ({ simulate: simulateCommand, pager: pagerCommand } as Record<string, () => Command>)[verb]?.();
    expect(command, verb).toBeDefined();
    const known = command?.options.map(({ long }) => long);
    for (const flag of flags) expect(known).toContain(flag.split('=')[0]);
    const read = command?.options.flatMap(({ envVar }) => envVar ?? []);
    expect(read).toEqual(expect.arrayContaining(names(service)));
  });

  it('starts no robots when FLEET_ROBOTS is 0', () => {
    const [, robots = ''] = /--robots=(\S+)/.exec((services['fleet']?.command ?? []).join(' ')) ?? [];
    expect(robots).toBe('${FLEET_ROBOTS:-50}');
    const command = simulateCommand().exitOverride();
    command.action(() => undefined).parse(['--robots=0'], { from: 'user' });
    expect(command.opts()).toMatchObject({ robots: 0 });
  });

  it('sets exactly the variables that the ClickHouse configuration reads', () => {
    const files = ['sql/server/config.xml', 'sql/server/users.d/floorwatch.xml', 'deploy/compose/clickhouse.xml']
      .map(readText)
      .join('');
    const taken = [...files.matchAll(/from_env="([A-Z0-9_]+)"/g)].map(([, name]) => name);
    const { clickhouse } = services;
    const given = clickhouse ? [...names(clickhouse), ...secretNames(clickhouse)] : [];
    expect(given.sort()).toEqual([...new Set(taken)].sort());
  });

  it("leaves the users and the default profile of ClickHouse's image as they are", () => {
    const copied = [...readText('deploy/compose/Dockerfile').matchAll(/^COPY \S+ (\S+\.xml) (\S+)$/gm)];
    expect(copied.map(([, , to]) => to)).not.toContain('/etc/clickhouse-server/users.xml');
    expect(copied.map(([, from]) => from)).toContain('sql/server/users.d/floorwatch.xml');
    const users = readText('sql/server/users.d/floorwatch.xml');
    expect(users).not.toMatch(/<default[ />]/);
    expect(users).not.toMatch(/<no_password|<password[ >]/);
  });

  it('sets exactly the variables that provisioning/ reads, in addition to settings of Grafana', () => {
    const { grafana } = services;
    const given = grafana ? [...names(grafana), ...secretNames(grafana)] : [];
    expect(given.filter((name) => !/^GF_[A-Z]+_[A-Z_]+$/.test(name)).sort()).toEqual(provisioningVariables());
  });

  it.each([
    // LOG_DIR is read by the start script. Its default is in the read-only file system.
    ['kafka', /^KAFKA_[A-Z_]+$|^LOG_DIR$/],
    ['schema-registry', /^SCHEMA_REGISTRY_[A-Z_]+$/],
  ])('%s gets only variables with the prefix of its image', (name, form) => {
    const service = services[name];
    expect(service && names(service).filter((variable) => !form.test(variable))).toEqual([]);
  });

  it('reads the same variables from .env that .env.example lists, with the same defaults', () => {
    const variable = /\$\{([A-Z_]+):-((?:[^{}]|\$\{[^}]*\})*)\}/g;
    const bothTexts = composeText + readText('docker-compose.secure.yml');
    const taken = new Map(
      [...bothTexts.matchAll(variable)].map(([, name = '', whenAbsent = '']) => [name, whenAbsent])
    );
    const listed = [...readText('.env.example').matchAll(/^#([A-Z_]+)=(.*)$/gm)];
    expect(listed.map(([, name]) => name).sort()).toEqual([...taken.keys()].sort());
    for (const [, name = '', example] of listed) {
      if (name !== 'ALERT_WEBHOOK_URL') expect(example, name).toBe(taken.get(name));
    }
    expect(bothTexts.replaceAll(/\$\$\{/g, '').replaceAll(variable, '')).not.toContain('${');
  });

  it('contains no password', () => {
    for (const [, service] of cases) {
      for (const [name, text] of Object.entries(service.environment ?? {})) {
        if (/PASSWORD|SECRET|TOKEN/.test(name))
          expect(text).toMatch(/^(\/secrets\/[a-z-]+\/password|\$\{[A-Z_]+:-\})$/);
      }
    }
    expect(readText('.env.example')).not.toMatch(/^[^#\n]/m);
  });
});

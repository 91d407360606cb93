import { OFFLINE_SETTINGS } from '@floorwatch/servers/grafana';
import { describe, expect, it } from 'vitest';
import { hasGo, resolveCompose, type ResolvedCompose, type ResolvedService } from './compose-config.ts';
import { readText } from './compose-file.ts';

const MIB = 1024 * 1024;
const FILES = ['docker-compose.yml'];

/** Their images write into folders that also hold files of the image. */
const WRITABLE_ROOT = ['schema-registry'];

describe.skipIf(!hasGo)('docker-compose.yml as compose reads it', () => {
  const { services }: Pick<ResolvedCompose, 'services'> = hasGo ? resolveCompose(FILES) : { services: {} };
  const cases = Object.entries(services);
  const named = (name: string): ResolvedService => {
    const service = services[name];
    if (!service) throw new Error(`docker-compose.yml has no service ${name}`);
    return service;
  };
  const memory = ({ mem_limit = '0' }: ResolvedService): number => Number(mem_limit);

  it.each(cases)('%s runs without capabilities, without new privileges and with a read-only root', (name, service) => {
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.cap_add ?? []).toEqual([]);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.privileged ?? false).toBe(false);
    expect(service.read_only ?? false).toBe(!WRITABLE_ROOT.includes(name));
  });

  it.each(cases)('%s has a memory limit and a limit of its log', (_, service) => {
    expect(memory(service)).toBeGreaterThan(0);
    expect(service.logging?.options).toMatchObject({ 'max-size': '10m', 'max-file': '3' });
  });

  it('uses at most 4 GB when everything runs', () => {
    const running = cases.filter(([, { restart }]) => restart !== undefined).map(([, service]) => memory(service));
    expect(running.length).toBe(8);
    expect(running.reduce((a, b) => a + b) / MIB).toBeLessThanOrEqual(4096);
  });

  it.each([
    ['kafka', 'KAFKA_HEAP_OPTS'],
    ['schema-registry', 'SCHEMA_REGISTRY_HEAP_OPTS'],
    ['topics', 'KAFKA_HEAP_OPTS'],
  ])('%s has room for its heap and as much again, up to 256 MB', (name, variable) => {
    const service = named(name);
    const heapMib = Number(/-Xmx(\d+)m/.exec(service.environment?.[variable] ?? '')?.[1]);
    expect(memory(service) / MIB).toBeGreaterThanOrEqual(heapMib + Math.min(heapMib, 256));
  });

  it('ClickHouse stops a query before the container is killed', () => {
    const own = Number(/<max_server_memory_usage>(\d+)</.exec(readText('deploy/compose/clickhouse.xml'))?.[1]);
    expect(own).toBeLessThanOrEqual(0.85 * memory(named('clickhouse')));
  });

  it('no health check starts a JVM or needs curl', () => {
    for (const [name, { healthcheck }] of cases) {
      expect((healthcheck?.test ?? []).join(' '), name).not.toMatch(/kafka-[a-z-]+\.sh|java|curl/);
    }
  });

  it.each(cases)('%s sees only the secrets that it reads', (name, service) => {
    if (name === 'secrets') return;
    const text = JSON.stringify([service.environment, service.entrypoint]);
    const read = [...text.matchAll(/(?:\/secrets\/|=)((?:clickhouse|grafana)-[a-z]+)\/[a-z]+/g)].map(([, one]) => one);
    const starts = (service.entrypoint ?? []).includes('/grafana.sh') ? ['grafana-admin'] : [];
    const mounted = (service.volumes ?? []).filter(({ target }) => target.startsWith('/secrets'));
    expect(mounted.map(({ target }) => target).sort()).toEqual(
      [...new Set([...read, ...starts])].map((one) => `/secrets/${String(one)}`).sort()
    );
    expect(mounted.filter(({ read_only: readOnly }) => readOnly !== true)).toEqual([]);
    for (const { source, target } of mounted) expect(source).toBe(target.replace('/secrets/', ''));
  });

  it('ClickHouse gets the hashes of passwords and no password', () => {
    const { volumes = [] } = named('clickhouse');
    expect(volumes.map(({ source }) => source).sort()).toEqual(['clickhouse-data', 'clickhouse-hashes']);
  });

  it('every service that keeps running starts again when a password that it reads changed', () => {
    const readers = cases.filter(
      ([, { volumes = [], restart }]) =>
        restart !== undefined && volumes.some(({ target }) => target.startsWith('/secrets'))
    );
    expect(readers.map(([name]) => name).sort()).toEqual(['clickhouse', 'grafana', 'ingestor']);
    for (const [name, { depends_on: needs = {} }] of readers) {
      expect(needs['secrets'], name).toMatchObject({ condition: 'service_completed_successfully', restart: true });
    }
  });

  it('`up --wait` succeeds: another service waits for each one that runs to its end', () => {
    const waited = cases.flatMap(([, { depends_on: needs = {} }]) =>
      Object.entries(needs)
        .filter(([, { condition }]) => condition === 'service_completed_successfully')
        .map(([name]) => name)
    );
    const ending = cases.filter(([, { restart }]) => restart === undefined).map(([name]) => name);
    expect(ending.length).toBeGreaterThan(3);
    expect(waited).toEqual(expect.arrayContaining(ending));
  });

  it('requires a login if .env says so', () => {
    const anonymous = (env: Record<string, string>): unknown =>
      resolveCompose(FILES, env).services['grafana']?.environment?.['GF_AUTH_ANONYMOUS_ENABLED'];
    expect(anonymous({})).toBe('true');
    expect(anonymous({ GRAFANA_ANONYMOUS: 'false' })).toBe('false');
  });

  it('mounts nothing of the checkout', () => {
    const types = cases.flatMap(([, { volumes = [] }]) => volumes.map(({ type }) => type));
    expect(new Set(types)).toEqual(new Set(['volume']));
  });

  it('Grafana makes no request to the internet, with the settings of `npm start`', () => {
    expect(services['grafana']?.environment).toMatchObject(OFFLINE_SETTINGS);
  });

  it('links and the advertised listener have the ports that .env sets', () => {
    const { services: moved } = resolveCompose(FILES, { GRAFANA_PORT: '3001', KAFKA_PORT: '9192' });
    expect(moved['grafana']?.environment?.['GF_SERVER_ROOT_URL']).toBe('http://localhost:3001/');
    expect(moved['grafana']?.ports?.map(({ published }) => published)).toEqual(['3001']);
    expect(moved['kafka']?.environment?.['KAFKA_ADVERTISED_LISTENERS']).toContain('127.0.0.1:9192');
    const { services: named } = resolveCompose(FILES, { GRAFANA_PORT: '3001', GRAFANA_ROOT_URL: 'https://g.example/' });
    expect(named['grafana']?.environment?.['GF_SERVER_ROOT_URL']).toBe('https://g.example/');
  });
});

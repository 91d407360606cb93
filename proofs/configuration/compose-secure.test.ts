import { VARIABLES } from '@floorwatch/ingestor/config/variables';
import { describe, expect, it } from 'vitest';
import { hasGo, resolveCompose, type ResolvedCompose, type ResolvedService } from './compose-config.ts';
import { readCompose, readSecure, readText } from './compose-file.ts';

const FILES = ['docker-compose.yml', 'docker-compose.secure.yml'];
const MIB = 1024 * 1024;
const AUTHORITY = 'tls-authority';
const plain = readCompose();
const added = readSecure();

describe.skipIf(!hasGo)('docker-compose.secure.yml over docker-compose.yml, as compose reads them', () => {
  const { services, volumes }: Pick<ResolvedCompose, 'services' | 'volumes'> = hasGo
    ? resolveCompose(FILES)
    : { services: {}, volumes: {} };
  const cases = Object.entries(services);
  const named = (name: string): ResolvedService => {
    const service = services[name];
    if (!service) throw new Error(`the compose files have no service ${name}`);
    return service;
  };
  const environment = (name: string): Record<string, string | null> => named(name).environment ?? {};
  const sources = (name: string): string[] => (named(name).volumes ?? []).map(({ source }) => source);

  it('changes services of docker-compose.yml, and adds the ones that make certificates and users', () => {
    const names = Object.keys(added.services).filter((name) => !(name in plain.services));
    expect(names.sort()).toEqual(['certificates', 'kafka-users']);
  });

  it.each(cases)(
    '%s keeps no capabilities, no new privileges, a memory limit, a bounded log, and no mount of the checkout',
    (name, service) => {
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.cap_add ?? []).toEqual([]);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      expect(service.read_only ?? false).toBe(name !== 'schema-registry');
      expect(Number(service.mem_limit)).toBeGreaterThan(0);
      expect(service.logging?.options).toMatchObject({ 'max-size': '10m', 'max-file': '3' });
      for (const { type, source } of service.volumes ?? []) {
        expect(type).toBe('volume');
        expect(Object.keys(volumes)).toContain(source);
      }
    }
  );

  it('uses at most 4 GB when everything runs', () => {
    const running = cases.filter(([, { restart }]) => restart !== undefined);
    expect(running.reduce((sum, [, { mem_limit = '0' }]) => sum + Number(mem_limit), 0) / MIB).toBeLessThanOrEqual(
      4096
    );
  });

  it('publishes only ports with TLS and a login, and those of docker-compose.yml that have no login', () => {
    const ports = cases.flatMap(([name, { ports: all = [] }]) =>
      all.map(({ host_ip: host, target }) => `${name} ${String(host)} ${target}`)
    );
    expect(ports.sort()).toEqual([
      'clickhouse 127.0.0.1 8443',
      'clickhouse 127.0.0.1 9440',
      'grafana 127.0.0.1 3000',
      'ingestor 127.0.0.1 9464',
      'kafka 127.0.0.1 9092',
      'prometheus 127.0.0.1 9090',
      'schema-registry 127.0.0.1 8081',
    ]);
  });

  it('Kafka has listeners without TLS and login only on the loopback of its container', () => {
    const { KAFKA_LISTENERS, KAFKA_ADVERTISED_LISTENERS, KAFKA_LISTENER_SECURITY_PROTOCOL_MAP, ...rest } =
      environment('kafka');
    const protocols = new Map(
      String(KAFKA_LISTENER_SECURITY_PROTOCOL_MAP)
        .split(',')
        .map((pair) => pair.split(':') as [string, string])
    );
    const listeners = String(KAFKA_LISTENERS)
      .split(',')
      .map((listener) => /^([A-Z]+):\/\/([a-z]*):\d+$/.exec(listener)?.slice(1) ?? []);
    expect(listeners.length).toBe(4);
    for (const [name = '', host] of listeners) {
      if (protocols.get(name) === 'PLAINTEXT') expect(host, name).toBe('localhost');
      else expect(protocols.get(name), name).toBe('SASL_SSL');
    }
    expect(rest['KAFKA_SASL_ENABLED_MECHANISMS']).toBe('SCRAM-SHA-512');
    // A name that ends like the protocol makes the start script of the image ask for key stores in its own form.
    expect(KAFKA_ADVERTISED_LISTENERS).not.toMatch(/SSL:\/\/|SASL_/);
  });

  it('only the services that create users and topics share the network of Kafka', () => {
    const sharing = cases.filter(([, { network_mode: network }]) => network !== undefined).map(([name]) => name);
    expect(sharing.sort()).toEqual(['kafka-users', 'topics']);
    for (const name of sharing) expect(named(name).network_mode).toBe('service:kafka');
  });

  it('every client of Kafka uses TLS and a user of its own, whose password no other client sees', () => {
    const clients: Record<string, string> = {
      ingestor: 'kafka-ingestor',
      fleet: 'kafka-fleet',
      clickhouse: 'kafka-engine',
      'schema-registry': 'kafka-registry',
    };
    for (const [name, volume] of Object.entries(clients)) {
      expect(JSON.stringify(environment(name)), name).toContain('kafka:19094');
      expect(JSON.stringify(environment(name)), name).not.toContain('kafka:19092');
      expect(sources(name).filter((source) => source.startsWith('kafka-'))).toEqual([volume]);
      expect(sources(name)).toContain(AUTHORITY);
    }
    const created = sources('kafka-users').sort();
    expect(created).toEqual(Object.values(clients).sort());
    const script = named('kafka-users').entrypoint?.at(-1) ?? '';
    expect(created).toEqual(
      /for name in (.*);/
        .exec(script)?.[1]
        ?.split(' ')
        .map((name) => `kafka-${name}`)
        .sort()
    );
  });

  it('every client of ClickHouse uses HTTPS and the authority', () => {
    for (const name of ['migrate', 'plans', 'ingestor']) {
      expect(environment(name), name).toMatchObject({
        CLICKHOUSE_URL: 'https://clickhouse:8443',
        CLICKHOUSE_TLS_CA_FILE: '/secrets/tls-authority/ca.crt',
      });
      expect(sources(name)).toContain(AUTHORITY);
    }
    expect(environment('grafana')).toMatchObject({ CLICKHOUSE_HTTP_PORT: '8443', CLICKHOUSE_SECURE: 'true' });
    expect(named('grafana').entrypoint).toContain('CLICKHOUSE_CA_CERTIFICATE=tls-authority/ca.crt');
  });

  it.each(['ingestor', 'migrate', 'plans'])('%s passes only variables that the ingestor reads', (name) => {
    const unknown = Object.keys(environment(name)).filter(
      (key) => !(key.replace(/_FILE$/, '') in VARIABLES) && !(key in VARIABLES)
    );
    expect(unknown).toEqual([]);
  });

  it('each private key is mounted only where it is made and where it is read', () => {
    const readers = (volume: string) => cases.filter(([name]) => sources(name).includes(volume)).map(([name]) => name);
    expect(readers('tls-authority-key')).toEqual(['certificates']);
    expect(readers('tls-kafka').sort()).toEqual(['certificates', 'kafka']);
    expect(readers('tls-clickhouse').sort()).toEqual(['certificates', 'clickhouse']);
    for (const [name, { volumes: mounts = [] }] of cases) {
      if (name === 'certificates' || name === 'secrets') continue;
      const secret = mounts.filter(({ target }) => target.startsWith('/secrets'));
      expect(
        secret.filter((mount) => mount.read_only !== true),
        name
      ).toEqual([]);
      for (const { source, target } of secret) expect(source).toBe(target.replace('/secrets/', ''));
    }
  });

  it('what keeps running and reads a certificate or a password starts again with a new one', () => {
    for (const [name, { depends_on: needs = {}, restart }] of cases) {
      if (restart === undefined) continue;
      const own = sources(name);
      // The key of Kafka is public knowledge to nobody else, and a client that holds the authority in memory must read it again.
      if (own.some((source) => source.startsWith('tls-')) && name !== 'schema-registry') {
        expect(needs['certificates'], name).toMatchObject({
          condition: 'service_completed_successfully',
          restart: true,
        });
      }
    }
  });

  it('health checks of Kafka and ClickHouse verify the certificate', () => {
    expect(named('kafka').healthcheck?.test.join(' ')).toMatch(
      /openssl s_client .*-verify_hostname kafka -verify_return_error/
    );
    expect(named('clickhouse').healthcheck?.test.join(' ')).toMatch(
      /--ca-certificate=\S+ https:\/\/localhost:8443\/ping$/
    );
    expect(JSON.stringify([named('kafka').healthcheck, named('clickhouse').healthcheck])).not.toMatch(
      /no-check|insecure/
    );
  });

  it('Grafana requires a login, whatever .env says, and has a strict Content Security Policy', () => {
    const grafana = resolveCompose(FILES, { GRAFANA_ANONYMOUS: 'true' }).services['grafana']?.environment ?? {};
    expect(grafana['GF_AUTH_ANONYMOUS_ENABLED']).toBe('false');
    expect(grafana['GF_SECURITY_CONTENT_SECURITY_POLICY']).toBe('true');
    const policy = String(grafana['GF_SECURITY_CONTENT_SECURITY_POLICY_TEMPLATE']);
    const scripts = /script-src ([^;]*)/.exec(policy)?.[1];
    expect(scripts).toContain('$NONCE');
    expect(scripts).not.toContain("'unsafe-inline'");
    expect(policy).not.toMatch(/\*|https?:/);
    for (const part of ["default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'self'"]) {
      expect(policy).toContain(part);
    }
  });

  it('topics are the ones of docker-compose.yml', () => {
    expect(named('topics').command).toEqual(resolveCompose(['docker-compose.yml']).services['topics']?.command);
  });
});

describe('deploy/compose/clickhouse-secure.xml', () => {
  const xml = readText('deploy/compose/clickhouse-secure.xml');

  it('opens only the ports with TLS', () => {
    expect([...xml.matchAll(/<([a-z_]*port[a-z_]*)>(\d+)</g)].map(([, name, port]) => [name, port])).toEqual([
      ['https_port', '8443'],
      ['tcp_port_secure', '9440'],
    ]);
    const closed = [...xml.matchAll(/<([a-z_]*_port) remove="remove"\/>/g)].map(([, name]) => name);
    expect(closed.sort()).toEqual(['http_port', 'interserver_http_port', 'mysql_port', 'postgresql_port', 'tcp_port']);
  });

  it('reads variables that the service sets', () => {
    const taken = [...xml.matchAll(/from_env="([A-Z_]+)"/g)].map(([, name]) => name);
    const words = added.services['clickhouse']?.entrypoint ?? [];
    for (const name of taken)
      expect(
        words.some((word) => word.startsWith(`${String(name)}=`)),
        name
      ).toBe(true);
    // The entry point replaces the one of docker-compose.yml, so it must repeat its secrets.
    expect(words).toEqual(expect.arrayContaining(plain.services['clickhouse']?.entrypoint ?? ['missing']));
  });
});

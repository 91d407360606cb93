import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startIngestor } from '@floorwatch/servers/ingestor';
import type { SecuredServers } from '@floorwatch/servers/secured/servers';
import { createTopic } from '@floorwatch/servers/topic';
import kafkajs from 'kafkajs';
import { send, type Attempt, type Login } from '../access/attempt.ts';
import { httpAttempts } from './http-attempts.ts';
import { runIngestor } from './run-command.ts';

const TOPIC = 'security.payloads';
const ARRIVAL_MS = 30_000;

/** Texts that mean something to a database, a browser, a template, a spreadsheet, a terminal or a logger. */
const HOSTILE: Readonly<Record<string, string>> = {
  'SQL that ends the statement': `'; DROP TABLE warehouse.telemetry_raw; --`,
  'SQL with a backslash': `\\'; DROP TABLE warehouse.telemetry_raw; --`,
  'SQL of a union': `' UNION ALL SELECT password FROM system.users --`,
  'a script': '<script>alert(1)</script>',
  'an image with a script': '"><img src=x onerror=alert(1)>',
  'an address with a script': 'javascript:alert(1)',
  'a template of Grafana': '{{ $labels.secret }}{{ define "x" }}',
  'a variable of Grafana': '${__user.login}$__all',
  'a formula of a spreadsheet': '=HYPERLINK("http://127.0.0.1:1/","x")',
  'a lookup of a logger': '${jndi:ldap://127.0.0.1:1/a}',
  'a path': '../../../../etc/passwd',
  'a line end and a header': 'a\r\nSet-Cookie: x=1',
  'a second line of JSON': 'a"}\n{"robot_id":"b',
  'a terminal escape': '\u001b]0;title\u0007\u001b[2J',
  'a terminal escape of one character': '\u009b2J',
  'a zero byte': 'a\u0000b',
  'text that runs backwards': 'a\u202egnp.exe',
  __proto__: '__proto__',
};

/** Messages that become dead letters, whose content the command line shows. */
const INVALID = ['\u001b[2J\u001b]0;title\u0007 is not JSON', '{"robot_id":"\u009b2J","ts":"\u009b2J"}'];

/** Sends the texts as robot ids, error codes and task ids through Kafka, and looks at what arrived. */
export async function payloadAttempts(
  servers: SecuredServers
): Promise<{ attempts: Attempt[]; close: () => Promise<void> }> {
  const { clickHouse, brokers } = servers;
  const owner: Login = { user: 'floorwatch_owner', password: clickHouse.passwords.owner };
  const value = async (query: string): Promise<string> => (await send(clickHouse.url, owner, query)).text.trim();
  await createTopic({ brokers: brokers.open, topic: TOPIC, partitions: 1 });
  const env = {
    ...{ KAFKA_BROKERS: brokers.open, KAFKA_TOPIC: TOPIC, KAFKA_GROUP_ID: 'security', BATCH_MAX_MS: '100' },
    ...{
      CLICKHOUSE_URL: clickHouse.url,
      CLICKHOUSE_USER: 'floorwatch_writer',
      CLICKHOUSE_PASSWORD: clickHouse.passwords.writer,
    },
  };
  const tables = (): Promise<string> => value("SELECT count() FROM system.tables WHERE database = 'warehouse'");
  const before = await tables();
  const ingestor = await startIngestor({ env, logFile: join(servers.dir, 'payloads.log') });
  await publish(brokers.open);
  const stored = (): Promise<string> =>
    value(`SELECT count() + (SELECT count() FROM warehouse.dead_letters) FROM warehouse.telemetry_raw`);
  const deadlineMs = Date.now() + ARRIVAL_MS;
  while (Number(await stored()) < Object.keys(HOSTILE).length + INVALID.length && Date.now() < deadlineMs)
    await sleep(200);
  const asOwner = { ...env, CLICKHOUSE_USER: owner.user, CLICKHOUSE_PASSWORD: owner.password };
  const printing = (args: string[]): Attempt => ({
    attempt: `payload: a terminal escape in the output of \`ingestor ${args.join(' ')}\``,
    expected: 'none',
    run: async () => {
      const { exitCode, output } = await runIngestor(args, asOwner);
      if (exitCode !== 0) return `failed: ${output.slice(0, 200)}`;
      // eslint-disable-next-line no-control-regex
      return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(output) ? 'printed' : 'none';
    },
  });
  const attempts: Attempt[] = [
    ...Object.entries(HOSTILE).map(([name, text]): Attempt => ({
      attempt: `payload: ${name} as robot_id, error_code and task_id`,
      expected: 'stored as text',
      run: async () => {
        const hex = Buffer.from(text).toString('hex');
        const same = ['robot_id', 'error_code', 'task_id'].map((column) => `${column} = unhex('${hex}')`).join(' AND ');
        return (await value(`SELECT count() FROM warehouse.telemetry_raw WHERE ${same}`)) === '1'
          ? 'stored as text'
          : `dead letter: ${await value(`SELECT any(reason) FROM warehouse.dead_letters WHERE position(raw, ${quoted(text)}) > 0`)}`;
      },
    })),
    {
      attempt: 'payload: tables that these texts created or dropped',
      expected: 'none',
      run: async () => ((await tables()) === before ? 'none' : `${before} before, ${await tables()} after`),
    },
    printing(['dead-letters', 'list']),
    printing(['robots', 'list']),
    {
      attempt: 'payload: all of these texts as names of zones that `ingestor floorplan import` reads',
      expected: 'stored as text',
      run: async () => {
        const texts = Object.values(HOSTILE);
        const file = join(servers.dir, 'hostile-zones.geojson');
        writeFileSync(file, zonesNamed(texts));
        const { exitCode, output } = await runIngestor(['floorplan', 'import', file, '--map-id', 'hostile'], asOwner);
        if (exitCode !== 0) return `failed: ${output.slice(0, 200)}`;
        const names = texts.map((text) => `unhex('${Buffer.from(text).toString('hex')}')`).join();
        const stored = `SELECT uniqExact(name) FROM warehouse.zones FINAL WHERE map_id = 'hostile' AND name IN (${names})`;
        const count = await value(stored);
        return count === String(texts.length) ? 'stored as text' : `${count} of ${texts.length} are stored`;
      },
    },
    ...httpAttempts(ingestor.httpPort),
  ];
  return { attempts, close: () => ingestor.stop() };
}

function zonesNamed(names: readonly string[]): string {
  const coordinates = [
    [0, 0],
    [2, 0],
    [2, 2],
    [0, 0],
  ];
  const features = names.map((name, k) => ({
    type: 'Feature',
    properties: { id: `zone-${k}`, name },
    geometry: { type: 'Polygon', coordinates: [coordinates] },
  }));
  return JSON.stringify({ type: 'FeatureCollection', features });
}

/** A part of the message as it is in its JSON text. */
function quoted(text: string): string {
  const hex = Buffer.from(JSON.stringify(text).slice(1, -1)).toString('hex');
  return `unhex('${hex}')`;
}

async function publish(broker: string): Promise<void> {
  const producer = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING }).producer();
  await producer.connect();
  const messages = Object.values(HOSTILE).map((text) => ({
    value: JSON.stringify({
      robot_id: text,
      ts: Date.now(),
      error_code: text,
      task_id: text,
      x: 1,
      y: 1,
      meta: { text },
    }),
  }));
  await producer.send({ topic: TOPIC, messages: [...messages, ...INVALID.map((value) => ({ value }))] });
  await producer.disconnect();
}

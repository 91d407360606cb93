import { describe, expect, test } from 'vitest';
import { expiryFinding } from './certificates.ts';
import { environmentFindings } from './check.ts';
import { clockAheadMs, clockFinding } from './clock.ts';
import { datumFindings } from './datums.ts';
import { eventsFinding } from './events.ts';
import { findingsText, failed, ok } from './finding.ts';
import { groupFindings, type GroupFacts } from './group.ts';
import { kafkaRemedy } from './kafka.ts';
import { tableFindings, type TableFacts } from './tables.ts';
import { topicFindings, type TopicFacts } from './topic.ts';

const NOW = Date.UTC(2026, 10, 24);
const said = (findings: { status: string; detail: string }[]) =>
  findings.map(({ status, detail }) => `${status}: ${detail}`);

describe('clock', () => {
  test('a clock within the response time is ok', () => {
    expect(clockAheadMs({ askedMs: 1_000, theirsMs: 1_900, answeredMs: 2_000 })).toBe(0);
  });
  test.each([
    [4_000, 'ok'],
    [30_000, 'warning'],
    [-30_000, 'warning'],
    [-90_000, 'failed'],
  ])('%i ms ahead: %s', (aheadMs, status) => {
    const finding = clockFinding('x', { askedMs: NOW, theirsMs: NOW + aheadMs, answeredMs: NOW });
    expect(finding.status).toBe(status);
    if (aheadMs === -90_000) expect(finding.detail).toBe("90.0 s behind this machine's");
  });
});

test.each([
  [400, 'ok'],
  [29, 'warning'],
  [0, 'failed'],
])('a certificate with %i days left: %s', (days, status) => {
  expect(expiryFinding('c', NOW + days * 86_400_000, NOW).status).toBe(status);
});

test.each([
  [null, []],
  ['a: { map_id: hall, x: 0, y: 0, yaw: 0, metres_per_unit: 1 }', ['ok: 1 in d.yaml']],
  ['{}', ['warning: none in d.yaml']],
  ['a: { map_id: hall }', ['failed: d.yaml is not a list of planar datums (a.x is missing)']],
])('planar datums: %s', (text, findings) => {
  const massRoboticsDatums = text === null ? undefined : { path: 'd.yaml', text };
  expect(said(datumFindings({ massRoboticsDatums }))).toEqual(findings);
});

test('without an event, the check is ok and names the topic, the command that reads it, and the one that adds a plan', () => {
  const { status, detail } = eventsFinding(false, ['robot.telemetry', 'site-b.*']);
  expect(status).toBe('ok');
  for (const text of [
    'none is stored yet',
    'robot.telemetry, site-b.*',
    '`ingestor run`',
    '`ingestor floorplan import`',
  ])
    expect(detail).toContain(text);
  expect(eventsFinding(true, ['robot.telemetry']).detail).toBe('some are stored');
});

test('a misspelt variable is reported with the likely name', () => {
  const unknownVariables = [{ name: 'KAFKA_TOPICS', meant: 'KAFKA_TOPIC' }];
  expect(environmentFindings({ unknownVariables })).toEqual([
    {
      ...{ check: 'environment', status: 'warning', detail: 'KAFKA_TOPICS is not read' },
      remedy: 'Did you mean KAFKA_TOPIC?',
    },
  ]);
});

describe('topic', () => {
  const facts = (settings: Record<string, string>, more: Partial<TopicFacts> = {}): TopicFacts => ({
    ...{ topic: 't', partitions: 6, leaderless: 0, stampedAhead: 0, ...more },
    settings: new Map(Object.entries({ 'retention.ms': '86400000', 'max.message.bytes': '10485760', ...settings })),
  });
  test('the topic of the demo is ok', () => {
    expect(said(topicFindings(facts({})))).toEqual(['ok: 6 partitions, keeps messages for 24 h']);
  });
  test.each([
    [{ 'retention.ms': '3600000' }, 'keeps messages for 1.0 h'],
    [{ 'retention.ms': '-1' }, 'longer than ClickHouse keeps events'],
    [{ 'max.message.bytes': '1048588' }, null],
    [{ 'max.message.bytes': '1048576' }, 'at most 1048576 bytes'],
    [{ 'cleanup.policy': 'compact,delete' }, 'is compacted'],
  ])('%j', (settings, detail) => {
    const findings = said(topicFindings(facts(settings)));
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(detail ?? '6 partitions');
  });
  test('partitions without a leader fail, and timestamps in the future are a warning', () => {
    const findings = topicFindings(facts({}, { leaderless: 2, stampedAhead: 5 }));
    expect(said(findings)).toEqual([
      'failed: 2 of 6 partitions have no leader',
      "warning: 5 or more messages have a timestamp over a minute ahead of this machine's clock",
    ]);
  });
});

describe('group', () => {
  const facts = (more: Partial<GroupFacts>): GroupFacts => ({
    ...{ groupId: 'g', clientId: 'us', state: 'Stable', members: [{ clientId: 'us', clientHost: '/10.0.0.1' }] },
    partitions: [{ topic: 't', partition: 0, low: 100, high: 200, committed: 150 }],
    ...more,
  });
  const at = (committed: number | null) => [{ topic: 't', partition: 0, low: 100, high: 200, committed }];
  test('a group that reads is ok, and the finding shows its lag', () => {
    expect(said(groupFindings(facts({})))).toEqual(['ok: Stable, 1 member, lag 50 messages']);
    expect(said(groupFindings(facts({ partitions: at(null) })))).toEqual(['ok: Stable, 1 member, lag 100 messages']);
  });
  test('a foreign member, an idle member and an empty group are warnings', () => {
    const stranger = { clientId: 'them', clientHost: '/10.0.0.2' };
    const [first, second] = said(groupFindings(facts({ members: [stranger, { ...stranger, clientId: 'us' }] })));
    expect(first).toContain('warning: them (10.0.0.2) is a member too');
    expect(second).toContain('2 members for 1 partitions: 1 have nothing to read');
    expect(said(groupFindings(facts({ members: [], state: 'Empty' })))).toEqual([
      'warning: no consumer is running, and 50 messages are waiting',
    ]);
  });
  test('a committed offset before the start or after the end of the log is reported', () => {
    expect(said(groupFindings(facts({ partitions: at(40) })))[0]).toContain('offsets 40 to 99 of t/0 were deleted');
    expect(said(groupFindings(facts({ partitions: at(900) })))[0]).toContain('has committed 900 of t/0');
  });
});

describe('tables', () => {
  const table = (name: string, full: string, engine = 'ReplacingMergeTree', query = ''): TableFacts => ({
    ...{ database: 'warehouse', name, engine, engine_full: full, create_table_query: query },
  });
  const window = 'SETTINGS non_replicated_deduplication_window = 10000';
  const raw = table('telemetry_raw', `TTL toDateTime(ts) + toIntervalDay(90) ${window}`);
  const view = table('v', '', 'MaterializedView', 'CREATE MATERIALIZED VIEW v TO warehouse.latest AS');
  const refreshed = table(
    'w',
    '',
    'MaterializedView',
    'CREATE MATERIALIZED VIEW w REFRESH EVERY 1 TO warehouse.minute'
  );

  test('tables with deduplication windows are ok, targets of views included', () => {
    const tables = [raw, table('dead_letters', window), view, table('latest', window), refreshed, table('minute', '')];
    expect(tableFindings(tables, 'ingestor').map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  });
  test('a target of a view without a window, and a table with a window of 0, fail', () => {
    const zero = table('dead_letters', 'SETTINGS replicated_deduplication_window = 0', 'ReplicatedReplacingMergeTree');
    const findings = tableFindings([raw, zero, view, table('latest', '')], 'ingestor');
    expect(findings.filter(({ status }) => status === 'failed').map(({ detail }) => detail.split(' ')[0])).toEqual([
      'dead_letters',
      'latest',
    ]);
  });
  test('a retention that is shorter than the accepted age is a warning', () => {
    const short = table('telemetry_raw', `TTL toDateTime(ts) + toIntervalDay(7) ${window}`);
    expect(said(tableFindings([short], 'ingestor'))).toContain(
      'warning: events are deleted after 7 days, but accepted up to an age of 90'
    );
  });
  test('the engine path must be on or off as INGEST_PATH says', () => {
    const from = table('telemetry_from_kafka', '', 'MaterializedView');
    expect(said(tableFindings([raw], 'both')).at(-1)).toContain('failed: off, although INGEST_PATH=both');
    expect(said(tableFindings([raw, from], 'engine')).at(-1)).toContain('ok: on');
    expect(said(tableFindings([raw, from], 'ingestor')).at(-1)).toContain('warning: on, although');
    expect(tableFindings([raw], 'both').at(-1)?.remedy).toContain('`ingestor migrate` as floorwatch_owner');
  });
});

test('the remedy depends on the message of Kafka', () => {
  const noRole = 'the AWS credentials for Amazon MSK cannot be read: Could not load credentials from any providers';
  expect(kafkaRemedy(noRole)).toContain('kafka-cluster:Connect');
  expect(kafkaRemedy('SASL SCRAM SHA256 authentication failed')).toContain('KAFKA_SASL_MECHANISM');
  expect(kafkaRemedy('unable to verify the first certificate')).toContain('KAFKA_TLS');
  expect(kafkaRemedy('connect ECONNREFUSED')).toContain('KAFKA_BROKERS');
});

test('the text shows the remedy below each problem', () => {
  expect(findingsText([ok('kafka', 'fine'), failed('clickhouse', 'down', 'Start it.')])).toBe(
    'ok       kafka       fine\nfailed   clickhouse  down\n                     → Start it.\n1 ok, 0 warning, 1 failed'
  );
});

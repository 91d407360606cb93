import type { ClickHouseClient } from '@clickhouse/client';
import type { Expected } from './expected.ts';

/** Rows in ClickHouse, counted without FINAL. */
export interface Stored {
  rows: number;
  distinct: number;
  /** Rows of one message that another row is of as well: a repeated insert was not deduplicated. */
  repeated: number;
  deadLetters: number;
  distinctDeadLetters: number;
}

/** What of the topic is missing in ClickHouse. */
export interface Missing {
  events: number;
  deadLetters: number;
}

/**
 * A topic that was created again has other messages at the same offsets, so the event and the key count, too. The key alone is not enough:
 * a producer that repeats a message whose confirmation was lost has it in Kafka twice, and so are its dead letters.
 */
export async function readStored(client: ClickHouseClient): Promise<Stored> {
  const [stored] = await rows<Stored>(
    client,
    `SELECT rows, distinct, repeated, deadLetters, distinctDeadLetters
     FROM (SELECT count() AS rows, uniqExact(event_id) AS distinct,
                  rows - uniqExact(topic, partition, offset, event_id) AS repeated FROM telemetry_raw) AS good,
          (SELECT count() AS deadLetters, uniqExact(topic, partition, offset, part, key) AS distinctDeadLetters FROM dead_letters) AS bad`
  );
  if (!stored) throw new Error('ClickHouse returned no counts');
  return stored;
}

export async function readMissing(client: ClickHouseClient, expected: Expected): Promise<Missing> {
  const events = new Set<string>();
  for (const { id } of await rows<{ id: string }>(
    client,
    'SELECT DISTINCT toString(event_id) AS id FROM telemetry_raw'
  ))
    events.add(id);
  const letters = await rows<{ key: string }>(client, 'SELECT DISTINCT key FROM dead_letters');
  return {
    events: countMissing(expected.validIds, events),
    deadLetters: countMissing(expected.malformedKeys, new Set(letters.map(({ key }) => key))),
  };
}

/** Rows that the target of a view lacks. */
export interface ViewGap {
  view: string;
  missing: number;
  /** One of them, as JSON. */
  sample: string;
}

/** Rows that the targets of the views should have, by their own columns; `found` are those that they have. */
const VIEW_ROWS: Readonly<Record<string, string>> = {
  'starts in task_runs': `
    (SELECT DISTINCT robot_id, assumeNotNull(task_id) AS task_id, ts FROM telemetry_raw WHERE event_type = 'TASK_STARTED') AS e
    LEFT ANTI JOIN (SELECT robot_id, task_id, arrayJoin(starts) AS ts FROM task_runs) AS t
      ON e.robot_id = t.robot_id AND e.task_id = t.task_id AND e.ts = t.ts`,
  'ends in task_runs': `
    (SELECT DISTINCT robot_id, assumeNotNull(task_id) AS task_id, ts FROM telemetry_raw WHERE event_type = 'TASK_COMPLETED') AS e
    LEFT ANTI JOIN (SELECT robot_id, task_id, arrayJoin(ends.ts) AS ts FROM task_runs) AS t
      ON e.robot_id = t.robot_id AND e.task_id = t.task_id AND e.ts = t.ts`,
  'latest events in robot_latest': `
    (SELECT robot_id, max(toUnixTimestamp64Milli(least(ts, received_at))) AS at FROM telemetry_raw GROUP BY robot_id) AS e
    LEFT JOIN (SELECT robot_id, toInt64(bitShiftRight(max(version), 22)) AS found FROM robot_latest GROUP BY robot_id) AS l
      ON l.robot_id = e.robot_id WHERE found < at`,
  'events in rollup_events': `
    (SELECT robot_id, ts, event_id, any(topic) AS topic, any(partition) AS partition, groupUniqArray(offset) AS offsets
     FROM telemetry_raw GROUP BY robot_id, ts, event_id) AS e
    LEFT ANTI JOIN (SELECT DISTINCT robot_id, ts, event_id FROM rollup_events) AS r
      ON e.robot_id = r.robot_id AND e.ts = r.ts AND e.event_id = r.event_id`,
  'events in v_robot_minutes': `
    (SELECT robot_id, toStartOfMinute(ts) AS minute, uniqExact(ts, event_id) AS events FROM telemetry_raw
     WHERE ts < toStartOfMinute(now()) - INTERVAL 1 MINUTE GROUP BY robot_id, minute) AS e
    LEFT JOIN (SELECT robot_id, minute, events AS found FROM v_robot_minutes) AS m ON m.robot_id = e.robot_id AND m.minute = e.minute
    WHERE found != events`,
};

/**
 * What the targets of the views lack, computed from the stored events: starts and ends of tasks, robots whose latest event is older,
 * events that the roll-ups read, and minutes of robots with another number of events.
 */
export async function readViewGaps(client: ClickHouseClient): Promise<ViewGap[]> {
  const gaps: ViewGap[] = [];
  for (const [view, missingRows] of Object.entries(VIEW_ROWS)) {
    const found = await rows<Record<string, unknown>>(client, `SELECT * FROM ${missingRows}`);
    if (found.length > 0) gaps.push({ view, missing: found.length, sample: JSON.stringify(found[0]) });
  }
  return gaps;
}

function countMissing(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number {
  let missing = 0;
  for (const each of wanted) if (!found.has(each)) missing++;
  return missing;
}

async function rows<Row>(client: ClickHouseClient, query: string): Promise<Row[]> {
  const result = await client.query({
    query,
    format: 'JSONEachRow',
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return result.json<Row>();
}

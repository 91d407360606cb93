import type { ClickHouseClient } from '@clickhouse/client';
import type { RobotEvent } from '@floorwatch/contract';
import { eventIdFor } from '@floorwatch/contract/event-id';
import type { Outcome } from '../src/decode/outcome.ts';
import { parseStrictJson } from '../src/decode/strict-json.ts';
import { rows } from './clickhouse.ts';

/** The result for one event, in a form that both paths can be converted to. */
export type Verdict = { reason: string; raw: string; part: number } | { reason: ''; [column: string]: unknown };

/** Sorts the results: events by id, then dead letters by part. */
export function inOrder(verdicts: readonly Verdict[]): Verdict[] {
  const key = (verdict: Verdict): string =>
    'event_id' in verdict ? `event ${String(verdict['event_id'])}` : `letter ${String(verdict.part).padStart(9, '0')}`;
  return verdicts.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Shortens long bytes to their length and both ends, so that a failed test does not print megabytes. */
function brief(raw: Buffer): string {
  const text = raw.toString('latin1');
  return text.length > 600 ? `${text.length}:${text.slice(0, 200)}…${text.slice(-200)}` : text;
}

export function toVerdict(
  outcome: Outcome<RobotEvent>,
  at: { topic: string; partition: number; offset: number; part: number }
): Verdict {
  if (!outcome.ok) return { reason: outcome.reason, raw: brief(outcome.raw), part: at.part };
  const event = outcome.value;
  return {
    reason: '',
    event_id: event.eventId ?? eventIdFor(at.topic, at.partition, at.offset, at.part),
    robot_id: event.robotId,
    ts: event.tsMs,
    event_type: event.eventType,
    task_id: event.taskId,
    x: float32(event.xMetres),
    y: float32(event.yMetres),
    theta: float32(event.headingRadians),
    map_id: event.mapId,
    site_id: event.siteId,
    speed: float32(event.speedMetresPerSecond),
    battery: float32(event.batteryPercent),
    state: event.state,
    error_code: event.errorCode,
    firmware: event.firmware,
    meta: metaOf(event.meta),
  };
}

/** The object that is stored as this text, with all digits of its integers. */
function metaOf(text: string): unknown {
  return text === '' ? '' : (parseStrictJson(`{"meta":${text}}`) as { meta: unknown }).meta;
}

/** The value in a Float32 column; −0 becomes 0. */
function float32(value: number | null): number | null {
  return value === null ? null : Math.fround(value) + 0;
}

interface StoredEvent {
  offset: string;
  ts: string;
  meta: string;
  x: number | null;
  y: number | null;
  theta: number | null;
  speed: number | null;
  battery: number | null;
  [column: string]: unknown;
}

/** By offset, the results of the Kafka engine for each message. */
export async function storedByEngine(client: ClickHouseClient): Promise<Map<number, Verdict[]>> {
  const byOffset = new Map<number, Verdict[]>();
  const add = (offset: number, verdict: Verdict): void => {
    byOffset.set(offset, inOrder([...(byOffset.get(offset) ?? []), verdict]));
  };
  const events = await rows<StoredEvent>(
    client,
    `SELECT offset, event_id, robot_id, toUnixTimestamp64Milli(r.ts) AS ts, event_type, task_id, x, y, theta, map_id, site_id,
       speed, battery, state, error_code, firmware, meta
     FROM warehouse.telemetry_raw AS r WHERE source = 'engine'`
  );
  for (const { offset, ts, meta, x, y, theta, speed, battery, ...columns } of events) {
    const numbers = { x, y, theta, speed, battery };
    const floats = Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, float32(value)]));
    const verdict = {
      reason: '' as const,
      ...columns,
      ...floats,
      ts: Number(ts),
      meta: metaOf(meta),
    };
    add(Number(offset), verdict);
  }
  const letters = await rows<{ offset: string; part: number; reason: string; raw: string }>(
    client,
    `SELECT offset, part, reason, base64Encode(d.raw) AS raw FROM warehouse.dead_letters AS d WHERE source = 'engine'`
  );
  for (const { offset, part, reason, raw } of letters) {
    add(Number(offset), { reason, raw: brief(Buffer.from(raw, 'base64')), part });
  }
  return byOffset;
}

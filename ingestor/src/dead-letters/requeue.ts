import { createHash, randomUUID } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import type { Result, RobotEvent } from '@floorwatch/contract';
import { BinaryInsert } from '../clickhouse/binary-insert.ts';
import { isPlainMergeTree, storedEvents } from '../clickhouse/stored-rows.ts';
import { eventKey, filtered } from '../pipeline/stored-before.ts';
import { SOURCE_REPAIR } from '../rows/origin.ts';
import { RowBinaryWriter } from '../rows/row-binary-writer.ts';
import { TELEMETRY_COLUMNS, writeTelemetryRow } from '../rows/telemetry-row.ts';
import { formatDeadLetterId, type DeadLetterId } from './dead-letter-key.ts';
import { validatePayload } from './validate-payload.ts';
import { prepareFormats, repairDecoder, type FormatOf, type RepairRequest } from './repair-format.ts';
import { RepairLog } from './repair-log.ts';

export type RepairOutcome =
  /** `isOwnPayload` is false if the payload of an earlier attempt was stored instead. */
  | { result: 'stored'; key: DeadLetterId; events: number; isOwnPayload: boolean }
  | { result: 'already_stored'; key: DeadLetterId; at: string }
  | { result: 'still_invalid'; key: DeadLetterId; reason: string; detail: string };

const CLAIMS_AT_ONCE = 8;
const NOTHING = Buffer.alloc(0);

export interface RequeueOptions {
  /** The format of each topic, as the ingestor reads it. */
  formatOf: FormatOf;
  /** ClickHouse cancels an insert after this time. */
  timeoutMs: number;
}

/**
 * Stores the events of dead letters, each exactly once.
 * Invariant: claim, then events, then mark. After a crash between two of these steps, the same bytes give the same events
 * (an event's identity comes from its bytes and the dead letter's place), so repeating the steps changes nothing.
 */
export async function requeue(
  client: ClickHouseClient,
  requests: readonly RepairRequest[],
  { formatOf, timeoutMs }: RequeueOptions
): Promise<RepairOutcome[]> {
  const log = new RepairLog(client, timeoutMs);
  const validate = ({ key, payload }: RepairRequest, atMs: number): Result<RobotEvent[]> =>
    validatePayload(payload, repairDecoder(formatOf(key.topic)), atMs);
  const keys = requests.map(({ key }) => key);
  const before = await log.claims(keys);
  const outcomes = new Map<string, RepairOutcome>();

  await prepareFormats(requests, formatOf);
  const nowMs = Date.now();
  const toClaim: RepairRequest[] = [];
  for (const request of requests) {
    const { key } = request;
    const name = formatDeadLetterId(key);
    const claim = before.get(name);
    if (claim?.storedAt) outcomes.set(name, { result: 'already_stored', key, at: claim.storedAt });
    if (claim) continue;
    const validation = validate(request, nowMs);
    if (validation.ok) toClaim.push(request);
    else outcomes.set(name, { result: 'still_invalid', key, reason: validation.reason, detail: validation.detail });
  }
  for (let i = 0; i < toClaim.length; i += CLAIMS_AT_ONCE) {
    const group = toClaim.slice(i, i + CLAIMS_AT_ONCE);
    await Promise.all(group.map(({ key, payload }) => log.claim(key, payload, nowMs)));
  }

  const open = requests.filter(({ key }) => !outcomes.has(formatDeadLetterId(key)));
  const claims = await log.claims(open.map(({ key }) => key));
  await prepareFormats(
    open.map(({ key }) => ({ key, payload: claims.get(formatDeadLetterId(key))?.payload ?? NOTHING })),
    formatOf
  );
  const repairs: { key: DeadLetterId; events: RobotEvent[] }[] = [];
  for (const { key, payload } of open) {
    const name = formatDeadLetterId(key);
    const claim = claims.get(name);
    if (!claim) throw new Error(`the claim of dead letter ${name} was not stored`);
    const validation = validate({ key, payload: claim.payload }, claim.validatedAtMs);
    if (!validation.ok) {
      outcomes.set(name, { result: 'still_invalid', key, reason: validation.reason, detail: validation.detail });
      continue;
    }
    repairs.push({ key, events: validation.value });
    const isOwnPayload = claim.payload.equals(payload);
    outcomes.set(name, { result: 'stored', key, events: validation.value.length, isOwnPayload });
  }
  if (repairs.length > 0) {
    const token = tokenOf(repairs.map(({ key }) => key));
    await insertEvents(client, repairs, `repair:${token}`, timeoutMs);
    await log.markStored(
      repairs.map(({ key }) => key),
      token
    );
  }
  return [...outcomes.values()];
}

async function insertEvents(
  client: ClickHouseClient,
  repairs: readonly { key: DeadLetterId; events: RobotEvent[] }[],
  token: string,
  timeoutMs: number
): Promise<void> {
  const rows = new RowBinaryWriter();
  const receivedAtMs = Date.now();
  for (const { key, events } of repairs) {
    for (const event of events) writeTelemetryRow(rows, event, { ...key, receivedAtMs }, SOURCE_REPAIR);
  }
  const insert = new BinaryInsert(client, { name: 'telemetry_raw', columns: TELEMETRY_COLUMNS }, timeoutMs);
  const { signal } = new AbortController();
  await insert.run(rows.bytes(), token, signal);
  if (!(await isPlainMergeTree(client, 'telemetry_raw', signal))) return;
  // A server that was killed during an earlier attempt may know its token and not have its rows: see `BatchSink`.
  const stored = new Set<string>();
  for (const { topic, partition, offset } of repairs.map(({ key }) => key)) {
    const place = { of: { topic, partition }, first: offset, last: offset };
    for (const key of (await storedEvents(client, place, signal)).keys()) stored.add(key);
  }
  const missing = filtered(rows, 0, rows.rows, (row) => !stored.has(eventKey(row)));
  if (missing.rows > 0) await insert.run(missing.bytes(), `${token}:again-${randomUUID()}`, signal);
}

function tokenOf(keys: readonly DeadLetterId[]): string {
  return createHash('sha256').update(keys.map(formatDeadLetterId).join('\n')).digest('hex').slice(0, 32);
}

import { rmSync } from 'node:fs';
import { keepFolder, temporaryFolder } from '@floorwatch/servers/guard';
import { stopAllChildren } from '@floorwatch/servers/child';
import { startPoisonEnvironment, topicOf, until, type PoisonEnvironment } from './environment.ts';
import { goodEvent } from './good-events.ts';
import { batchInputs } from './inputs/batches.ts';
import type { Input } from './inputs/input.ts';
import { messageInputs } from './inputs/messages.ts';

/** One hostile input and what became of it. The output of `poison`; the names do not change. */
export interface PoisonRow {
  input: string;
  /** The good events before and after it, in the same partition, are stored. */
  stream_continued: boolean;
  /** Null if it is legitimately accepted. */
  dead_letter_reason: string | null;
  process_restarts: number;
  /** Of the ingestor, from the good event before to the good event after it. */
  rss_mb_peak: number;
  ok: boolean;
}

export interface PoisonSummary {
  inputs: number;
  failed: number;
  rss_mb_peak: number;
  ok: boolean;
}

export interface PoisonOptions {
  /** Only the dozen inputs of the short form. */
  isShort?: boolean;
  /** Only inputs whose name contains this text. */
  only?: string;
  signal: AbortSignal;
  /** Called with each row when it is complete. */
  onRow: (row: PoisonRow) => void;
  say: (line: string) => void;
  /** Keeps the folder with the log files of every process. */
  keep?: boolean;
}

const MAX_RSS_MB = 400;
const ARRIVAL_TIMEOUT_MS = 60_000;

/**
 * Sends hostile inputs through a real broker to a real ingestor and a real ClickHouse, one after the other, each between two good
 * events of the same partition. Stops all servers at the end.
 * @throws ComponentUnavailableError
 */
export async function runPoison(options: PoisonOptions): Promise<PoisonSummary> {
  const { isShort = false, only = '', signal, onRow, say } = options;
  const dir = temporaryFolder('floorwatch-poison');
  try {
    say('Starting Kafka, ClickHouse and an ingestor ...');
    const environment = await startPoisonEnvironment(dir);
    const inputs = [...messageInputs(), ...batchInputs()].filter(
      (input) => (!isShort || input.isShort === true) && input.name.includes(only)
    );
    const rows: PoisonRow[] = [];
    for (const input of inputs) {
      if (signal.aborted) break;
      const row = await tryInput(environment, input);
      onRow(row);
      rows.push(row);
    }
    await environment.stop();
    const failed = rows.filter(({ ok }) => !ok).length;
    const rssPeak = Math.max(0, ...rows.map((row) => row.rss_mb_peak));
    return { inputs: rows.length, failed, rss_mb_peak: rssPeak, ok: failed === 0 && rows.length === inputs.length };
  } finally {
    await stopAllChildren();
    if (options.keep) {
      keepFolder(dir);
      say(`logs: ${dir}`);
    } else rmSync(dir, { recursive: true, force: true });
  }
}

async function tryInput(environment: PoisonEnvironment, input: Input): Promise<PoisonRow> {
  const { format, messages, codec } = input;
  const [before, after] = [goodEvent(format), goodEvent(format)];
  environment.rssPeak();
  await environment.send(format, [before]);
  const first = await environment.endOf(format);
  if (input.alter) environment.proxy.alter(topicOf(format), first, input.alter);
  if (input.isAborted) await environment.abort(format, messages);
  else await environment.send(format, messages, codec);
  const end = await environment.endOf(format);
  await environment.send(format, [after]);

  let restarts = 0;
  const isStored = await until(async () => {
    restarts += await environment.restarts();
    const [row] = await environment.query<{ stored: number }>(
      `SELECT toUInt32(count()) AS stored FROM telemetry_raw WHERE robot_id IN ('${before.robotId}', '${after.robotId}')`
    );
    return row?.stored === 2;
  }, ARRIVAL_TIMEOUT_MS);
  const reason = await deadLetterReason(environment, topicOf(format), first, end, input.reason !== null);
  const rssPeak = environment.rssPeak();
  return {
    ...{ input: input.name, stream_continued: isStored, dead_letter_reason: reason },
    ...{ process_restarts: restarts, rss_mb_peak: rssPeak },
    ok: isStored && restarts === 0 && reason === input.reason && rssPeak > 0 && rssPeak <= MAX_RSS_MB,
  };
}

/** Dead letters are stored after the rows of their batch, so this waits for one if it is expected. */
async function deadLetterReason(
  environment: PoisonEnvironment,
  topic: string,
  first: number,
  end: number,
  isExpected: boolean
): Promise<string | null> {
  let reasons: string[] = [];
  await until(async () => {
    const where = `topic = '${topic}' AND offset BETWEEN ${first} AND ${end - 1}`;
    const found = await environment.query<{ reason: string }>(
      `SELECT DISTINCT reason FROM dead_letters WHERE ${where} ORDER BY reason`
    );
    reasons = found.map(({ reason }) => reason);
    return reasons.length > 0 || !isExpected;
  }, 10_000);
  return reasons.length === 0 ? null : reasons.join(', ');
}

import { statSync } from 'node:fs';
import { createClickHouse } from '../clickhouse/client.ts';
import type { Config } from '../config/config.ts';
import { RobotReference } from '../enrichment/robot-reference.ts';
import { CommandError } from '../errors/errors.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { BatchSink } from '../pipeline/batch-sink.ts';
import { topicFormats } from '../service/topic-formats.ts';
import { countsOf, type ReplayCounts } from './counts.ts';
import { showProgress } from './progress.ts';
import { replayFile, type FileTarget, type Lines } from './replay-file.ts';
import type { TopicReplayOptions } from './replay-topic.ts';
import { storedByAnyone } from './stored-identities.ts';

type FileReplayOptions = Pick<TopicReplayOptions, 'isDryRun' | 'overwrite' | 'signal' | 'say' | 'log'> & {
  files: readonly string[];
  /** Line numbers, for one file only. */
  from: string | undefined;
  to: string | undefined;
  /** The lines are in its format; JSON of the contract when absent. */
  topic: string | undefined;
};

export interface FileReplayReport extends ReplayCounts {
  files: readonly string[];
  complete: boolean;
  go_on?: string;
}

const REJECTED_SHOWN = 20;

/**
 * Inserts the events of files into the live tables. The id of an event without one is derived from the content of its file and
 * its line, so replaying a file twice gives the same events.
 * @throws CommandError naming the flag or the file
 */
export async function replayFiles(config: Config, options: FileReplayOptions): Promise<FileReplayReport> {
  const { files, isDryRun, signal, say, log } = options;
  const lines = linesOf(options);
  const sizes = files.map(sizeOf);
  const metrics = createMetrics();
  const client = createClickHouse(config.clickhouse);
  const stopping = new AbortController();
  let hideProgress = (): void => undefined;
  try {
    if (!isDryRun) await client.query({ query: 'SELECT event_id FROM telemetry_raw LIMIT 0' });
    const { enrichEveryMs: everyMs } = config;
    const robots = everyMs === undefined || isDryRun ? null : new RobotReference({ client, everyMs, metrics, log });
    await robots?.start(stopping.signal);
    const stored = options.overwrite ? {} : { stored: storedByAnyone(client, config.clickhouse.requestTimeoutMs) };
    const format = topicFormats(config.formats, robots?.enrich.bind(robots))(options.topic ?? '');
    if (format.preparation)
      throw new CommandError(
        'replay',
        `--topic: the messages of ${options.topic ?? ''} are binary, so they cannot be lines of a file`
      );
    const target: FileTarget = {
      ...{ metrics, format, signal, limits: config.batch, bytesRead: 0 },
      sink: isDryRun
        ? null
        : new BatchSink(client, { timeoutMs: config.clickhouse.requestTimeoutMs, metrics, log, ...stored }),
      onRejected: shownRejections(say, isDryRun),
    };
    const startMs = performance.now();
    let bytesBefore = 0;
    hideProgress = showProgress(async () => ({
      ...{ unit: 'kB', total: kilobytes(sum(sizes)), done: kilobytes(bytesBefore + target.bytesRead) },
      rows: (await countsOf(metrics)).added,
      elapsedSeconds: (performance.now() - startMs) / 1000,
    }));
    for (const [i, file] of files.entries()) {
      const nextLine = await replayFile(target, file, lines);
      if (nextLine !== null) {
        const goOn = commands(nextLine, files.slice(i), options);
        return { files, ...(await countsOf(metrics)), complete: false, go_on: goOn };
      }
      bytesBefore += sizes[i] ?? 0;
      target.bytesRead = 0;
    }
    return { files, ...(await countsOf(metrics)), complete: !isDryRun };
  } finally {
    hideProgress();
    stopping.abort();
    await client.close();
  }
}

function linesOf({ files, from, to }: FileReplayOptions): Lines {
  if ((from !== undefined || to !== undefined) && files.length > 1)
    throw new CommandError('replay', '--from and --to are line numbers of one --file, and there are several');
  const lines = { from: lineNumber('--from', from) ?? 1, to: lineNumber('--to', to) ?? Infinity };
  if (lines.from >= lines.to)
    throw new CommandError('replay', '--from must lie before --to, which is the first line not read');
  return lines;
}

function lineNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new CommandError('replay', `${flag} must be a line number with --file, not "${text}"`);
  return Number(text);
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw new CommandError(
      'replay',
      `--file: ${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`
    );
  }
}

function shownRejections(say: (line: string) => void, isDryRun: boolean): FileTarget['onRejected'] {
  // A dry run stores no dead letters.
  const more = isDryRun ? '' : '; `ingestor dead-letters list` shows all of them';
  let shown = 0;
  return (where, reason, detail) => {
    shown++;
    if (shown <= REJECTED_SHOWN) say(`${where}: ${reason}: ${detail}`);
    if (shown === REJECTED_SHOWN + 1) say(`… more events are invalid${more}`);
  };
}

/** The command for the rest: the rest of the first file, then the other files. */
function commands(
  line: number,
  [first = '', ...others]: string[],
  { to, topic, overwrite }: FileReplayOptions
): string {
  const flags = [topic === undefined ? '' : ` --topic ${topic}`, overwrite ? ' --overwrite' : ''].join('');
  const end = to === undefined ? '' : ` --to ${to}`;
  const rest = `ingestor replay --file ${quoted(first)} --from ${line}${end}${flags}`;
  return others.length === 0 ? rest : `${rest} && ingestor replay --file ${others.map(quoted).join(' ')}${flags}`;
}

/** Quotes a word for a shell. */
function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1000);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

import { LoadingState, type DataQueryError, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { SceneQueryRunner } from '@grafana/scenes';
import { plainly } from '../grafana/dataSourceWords';
import { withReadTime } from '../grafana/rowsReadAt';

type RunnerState = SceneQueryRunner['state'];

/** Already in plain words: the state of a runner passes on the errors of the one before. */
const PLAIN = new WeakSet<DataQueryError>();

/**
 * Asks ClickHouse, and keeps the rows of the last answer while the same question fails: they are still the best knowledge. Errors
 * are in plain words. A request that did not arrive is an error too, which Grafana reports as an answer without a frame.
 */
export class KeepingRunner extends SceneQueryRunner {
  override setState(update: Partial<RunnerState>): void {
    super.setState(update.data ? { ...update, data: withLastRows(this, update.data) } : update);
  }
}

/** The last answer of each runner. Fields of the class would make it another type of component than Grafana's. */
const ANSWERED = new WeakMap<KeepingRunner, { question: string; series: PanelData['series']; readAtMs: number }>();

function withLastRows(runner: KeepingRunner, data: PanelData): PanelData {
  if (data.state === LoadingState.Error) return withKept(runner, data);
  const readAtMs = data.state === LoadingState.Done ? data.request?.endTime : undefined;
  if (readAtMs === undefined) return dated(runner, data);
  if (data.series.length === 0 && isOfTables(data)) {
    return withKept(runner, { ...data, state: LoadingState.Error, errors: [{ message: noAnswer() }] });
  }
  ANSWERED.set(runner, { question: questionOf(data), series: data.series, readAtMs });
  return withReadTime(data, readAtMs);
}

/** Rows beside a question that is not answered are those of the last answer. */
function dated(runner: KeepingRunner, data: PanelData): PanelData {
  const last = ANSWERED.get(runner);
  return last && data.series.length > 0 ? withReadTime(data, last.readAtMs) : data;
}

function withKept(runner: KeepingRunner, data: PanelData): PanelData {
  const last = ANSWERED.get(runner);
  const kept = data.series.length === 0 && last?.question === questionOf(data) ? last.series : data.series;
  const errors = (data.errors ?? (data.error ? [data.error] : [])).map(inPlainWords);
  return dated(runner, { ...data, errors, series: kept });
}

const noAnswer = () => t('read.unanswered', 'Grafana did not answer, or the query was cancelled.');

function inPlainWords(error: DataQueryError): DataQueryError {
  if (PLAIN.has(error)) return error;
  const plain = { ...error, message: plainly(error.message ?? '') };
  PLAIN.add(plain);
  return plain;
}

/** A table without rows has a frame without rows; a time series without rows may have none. */
function isOfTables({ request }: PanelData): boolean {
  const targets = request?.targets ?? [];
  return targets.length > 0 && targets.every((target) => (target as { queryType?: string }).queryType === 'table');
}

/** The same while only time passes: queries hold the time range's end in seconds or milliseconds. */
function questionOf({ request, timeRange }: PanelData): string {
  const { from, to } = timeRange.raw;
  const sqls = (request?.targets ?? []).map((target) =>
    ((target as { rawSql?: string }).rawSql ?? '').replace(TEXT_OR_TIME, (found) =>
      found.startsWith("'") ? found : '#'
    )
  );
  return JSON.stringify([...sqls, from.valueOf(), to.valueOf()]);
}

/** A text in quotes, or a number of 10 digits or more outside of one. */
const TEXT_OR_TIME = /'(?:[^'\\]|\\.)*'|\d{10,}/gs;

import { useMemo, useState } from 'react';
import { LoadingState, type DataFrame, type DataQueryError, type PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { readTimeOf } from '../../grafana/rowsReadAt';
import { UNESCAPED } from '../../grafana/showText';
import { emptyFleet } from './fleet';
import type { FieldMapping } from './fields';
import { endedAtMs } from './moment';
import { readFleet, type ReadFleet } from './readFleet';

/** The panel's options on its robots. */
export interface FleetOptions {
  silentAfterSeconds: number;
  headingInDegrees: boolean;
  fields: FieldMapping;
}

interface Answer {
  series: DataFrame[];
  readAtMs: number;
  /** When the dashboard's range of time ended; NaN while it reaches up to now. */
  rangeEndMs: number;
}

/** Nothing was read, so nothing grows older. */
const NOTHING_YET: ReadFleet = { fleet: emptyFleet(Infinity), frame: null, problem: '' };

/**
 * The fleet of the panel's data. While a query runs or fails, the robots of the last answer stay on screen: they are
 * still the best knowledge, and their ages go on counting.
 */
export function useFleet(data: PanelData, options: FleetOptions): ReadFleet {
  const { series, state, request, timeRange } = data;
  const { fields, silentAfterSeconds, headingInDegrees } = options;
  const [answer, setAnswer] = useState<Answer | null>(null);
  // A failure is shown until there is an answer: while the query runs again, its outcome is unknown.
  const [failure, setFailure] = useState<DataQueryError | null>(null);
  const isUnanswered = answer !== null && state === LoadingState.Done && series.length === 0;
  const failed = data.errors?.[0] ?? data.error ?? (isUnanswered ? NO_ANSWER : undefined);
  const isAnswer = !failed && (state === LoadingState.Done || series.length > 0);
  if (isAnswer && series !== answer?.series) {
    const readAtMs = readTimeOf(data) ?? request?.endTime ?? timeRange.to.valueOf();
    setAnswer({ series, readAtMs, rangeEndMs: endedAtMs(timeRange, readAtMs) });
  }
  if (failed && failed !== failure) setFailure(failed);
  else if (isAnswer && state !== LoadingState.Loading && failure) setFailure(null);
  const read = useMemo(() => {
    if (!answer) return NOTHING_YET;
    const { series: frames, readAtMs: nowMs, rangeEndMs } = answer;
    return readFleet(frames, { mapping: fields, silentAfterSeconds, headingInDegrees, nowMs, rangeEndMs });
  }, [answer, fields, silentAfterSeconds, headingInDegrees]);
  return failure ? { ...read, problem: describeFailure(failure, answer !== null) } : read;
}

/**
 * Grafana reports no error for a request that did not arrive: it is done, without a frame. A query without rows has a frame
 * without rows.
 */
const NO_ANSWER: DataQueryError = {};

/** The data source's own words, which are long, stand behind Grafana's sign in the panel's corner. */
function describeFailure(failure: DataQueryError, isAnswered: boolean): string {
  if (failure === NO_ANSWER) {
    return t(
      'map.query.no_answer',
      'The query brought no answer, the map shows its last one: Grafana cannot be reached, or the query returns no table.'
    );
  }
  const said = { query: failure.refId ?? 'A', ...UNESCAPED };
  return isAnswered
    ? t(
        'map.query.failed_again',
        'Query {{query}} failed, the map shows its last answer: the sign beside the title says why.',
        said
      )
    : t(
        'map.query.failed',
        'Query {{query}} failed, there is no answer to show yet: the sign beside the title says why.',
        said
      );
}

import { useMemo, useState } from 'react';
import { LoadingState, type DataFrame, type PanelData } from '@grafana/data';
import type { FloorMapOptions } from '../options';
import { emptyFleet } from './fleet';
import { readFleet, type ReadFleet } from './readFleet';

const NOTHING_YET: ReadFleet = { fleet: emptyFleet(0), frame: null, problem: '' };

/**
 * The fleet of the panel's data. While a query runs or fails, the robots of the last answer stay on screen: they are
 * still the best knowledge, and their ages go on counting.
 */
export function useFleet({ series, state, request, timeRange }: PanelData, options: FloorMapOptions): ReadFleet {
  const { fields, silentAfterSeconds, headingInDegrees } = options;
  const [answer, setAnswer] = useState<{ series: DataFrame[]; readAtMs: number } | null>(null);
  const isAnswer = state === LoadingState.Done || series.length > 0;
  if (isAnswer && series !== answer?.series) {
    setAnswer({ series, readAtMs: request?.endTime ?? timeRange.to.valueOf() });
  }
  return useMemo(() => {
    if (!answer) return NOTHING_YET;
    const { readAtMs: nowMs } = answer;
    return readFleet(answer.series, { mapping: fields, silentAfterSeconds, headingInDegrees, nowMs });
  }, [answer, fields, silentAfterSeconds, headingInDegrees]);
}

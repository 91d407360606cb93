import { useEffect, useRef, useState } from 'react';
import type { DataQueryRequest, TimeRange } from '@grafana/data';
import { askDatabase, readsClickHouse } from '../plan/askDatabase';
import { replaySql, replayStepSeconds } from './replayQuery';
import { readTrack, type ReplayTrack } from './replayTrack';

interface LoadedTrack {
  track: ReplayTrack | null;
  fromMs: number;
  toMs: number;
  /** One sentence on why there is nothing to replay; '' while loading and when there is. */
  problem: string;
}

/**
 * Reads the fleet's past once when the replay is opened. The range stays the one of that moment: a live dashboard's range
 * moves on, and the slider must not slide under the hand.
 * @param robots how many there are now, from which the resolution follows
 */
export function useReplayTrack(
  isOpen: boolean,
  timeRange: TimeRange,
  robots: number,
  request: DataQueryRequest | undefined
): LoadedTrack | null {
  const [loaded, setLoaded] = useState<LoadedTrack | null>(null);
  const latest = useRef({ timeRange, robots, request });
  useEffect(() => {
    latest.current = { timeRange, robots, request };
  });

  useEffect(() => {
    if (!isOpen) return;
    let isCurrent = true;
    const now = latest.current;
    const [fromMs, toMs] = [now.timeRange.from.valueOf(), now.timeRange.to.valueOf()];
    const finish = (track: ReplayTrack | null, problem: string) => {
      if (isCurrent) setLoaded({ track, fromMs, toMs, problem });
    };
    const load = async () => {
      if (!readsClickHouse(now.request)) throw new Error("Replay needs the panel's query to read ClickHouse.");
      const stepSeconds = replayStepSeconds(now.robots, (toMs - fromMs) / 1_000);
      const track = readTrack(await askDatabase(now.request, replaySql(fromMs, toMs, stepSeconds)), stepSeconds);
      finish(track, track.robotIds.length === 0 ? 'No robot reported in this range of time.' : '');
    };
    load().catch((error: unknown) => finish(null, error instanceof Error ? error.message : String(error)));
    return () => {
      isCurrent = false;
      setLoaded(null);
    };
  }, [isOpen]);
  return loaded;
}

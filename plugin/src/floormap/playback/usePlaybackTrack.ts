import { useEffect, useRef, useState } from 'react';
import { rangeUtil, type DataQueryRequest, type TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { readNumber } from '../fleet/cell';
import type { Fleet } from '../fleet/fleet';
import { askDatabase, readsClickHouse } from '../plan/askDatabase';
import { withAbsentRobots } from './absentRobots';
import { MAX_PLAYBACK_ROWS, playbackRobotsSql, playbackSql, playbackStepSeconds } from './playbackQuery';
import { firstSeenMs, readTrack, type PlaybackTrack } from './playbackTrack';

interface LoadedTrack {
  track: PlaybackTrack | null;
  fromMs: number;
  toMs: number;
  /** One sentence on why there is nothing to playback; '' while loading and when there is. */
  problem: string;
}

/**
 * Reads the fleet's past when the playback is opened, and again when the user chooses another range of time. Otherwise the range
 * stays the one of that moment: a live dashboard's range moves on, and the slider must not slide under the hand.
 * A link may hold a moment that its relative range has left behind since: then the range around that moment is read, as long as
 * the chosen one, until the user chooses another.
 * @param fleet the live one: from its size follows the resolution, and who was there without saying so
 * @param linkedMs the moment that the address holds, in milliseconds; 0 without one
 */
export function usePlaybackTrack(
  isOpen: boolean,
  timeRange: TimeRange,
  fleet: Fleet,
  request: DataQueryRequest | undefined,
  linkedMs = 0
): LoadedTrack | null {
  const [loaded, setLoaded] = useState<LoadedTrack | null>(null);
  const latest = useRef({ timeRange, fleet, request, linkedMs });
  const openedRange = useRef<string | null>(null);
  useEffect(() => {
    latest.current = { timeRange, fleet, request, linkedMs };
  });
  const chosenRange = `${timeRange.raw.from.valueOf()} ${timeRange.raw.to.valueOf()}`;

  useEffect(() => {
    if (!isOpen) {
      openedRange.current = null;
      return;
    }
    openedRange.current ??= chosenRange;
    const leaving = new AbortController();
    const now = latest.current;
    const wantedMs = openedRange.current === chosenRange ? now.linkedMs : 0;
    const range = upToNow(now.timeRange, now.request?.timezone);
    const [fromMs, toMs] = rangeWith(wantedMs, range.from.valueOf(), range.to.valueOf());
    loadTrack(now.request, now.fleet, fromMs, toMs, leaving.signal).then(
      (answer) => !leaving.signal.aborted && setLoaded({ ...answer, fromMs, toMs }),
      (error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        if (!leaving.signal.aborted) setLoaded({ track: null, fromMs, toMs, problem });
      }
    );
    return () => leaving.abort();
  }, [isOpen, chosenRange]);

  // The last range is shown until another one is read, but not when the playback is opened again.
  useEffect(() => (isOpen ? () => setLoaded(null) : undefined), [isOpen]);
  return loaded;
}

/** A relative range as it is now: the last refresh is up to a minute ago, and live reports have moved the robots since. */
function upToNow(timeRange: TimeRange, timeZone: string | undefined): TimeRange {
  return rangeUtil.isRelativeTimeRange(timeRange.raw)
    ? rangeUtil.convertRawToRange(timeRange.raw, timeZone)
    : timeRange;
}

function rangeWith(momentMs: number, fromMs: number, toMs: number): [number, number] {
  if (momentMs <= 0 || (momentMs >= fromMs && momentMs <= toMs)) return [fromMs, toMs];
  const half = Math.round((toMs - fromMs) / 2);
  return [momentMs - half, momentMs + half];
}

/** @throws Error in one sentence */
async function loadTrack(
  request: DataQueryRequest | undefined,
  fleet: Fleet,
  fromMs: number,
  toMs: number,
  signal: AbortSignal
): Promise<Pick<LoadedTrack, 'track' | 'problem'>> {
  if (!readsClickHouse(request)) {
    throw new Error(t('map.playback.no_clickhouse', "Playback needs the panel's query to read ClickHouse."));
  }
  const stepFor = (robots: number) => playbackStepSeconds(robots, (toMs - fromMs) / 1_000);
  const ask = (seconds: number) => askDatabase(request, playbackSql(fromMs, toMs, seconds), signal);
  let stepSeconds = stepFor(fleet.count);
  let frame = await ask(stepSeconds);
  // The panel's query may return fewer robots than there were: the cap would cut off those with the last names.
  if (frame.length >= MAX_PLAYBACK_ROWS) {
    const counted = await askDatabase(request, playbackRobotsSql(fromMs, toMs), signal);
    stepSeconds = stepFor(readNumber(counted.fields[0], 0));
    frame = await ask(stepSeconds);
  }
  const track = readTrack(frame, stepSeconds);
  const problem =
    firstSeenMs(track, fromMs) === Infinity ? t('map.playback.empty', 'No robot reported in this time range.') : '';
  return { track: withAbsentRobots(track, fleet, fromMs), problem };
}

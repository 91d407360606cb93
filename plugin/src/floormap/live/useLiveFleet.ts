import { useEffect, useMemo, useRef, useState } from 'react';
import type { DataFrame, DataQueryRequest, PanelData } from '@grafana/data';
import { findFields } from '../fleet/fields';
import type { Fleet } from '../fleet/fleet';
import { reachesNow } from '../fleet/moment';
import { readFleet, type ReadFleet } from '../fleet/readFleet';
import type { FleetOptions } from '../fleet/useFleet';
import { askDatabase, clickHouseOf, NoFloorwatch, readsClickHouse } from '../plan/askDatabase';
import { sharePoll, type Question } from '../polling/sharedPoll';
import { changesSql, fewRobots, pauseMs } from './liveQuestion';
import { useIsRefreshing } from './useIsRefreshing';
import { withNewer, type ShownFields } from './withNewer';

interface Changes {
  frame: DataFrame;
  readAtMs: number;
}

interface Merged {
  /** The answer of the map's query that `fleet` is based on. */
  base: Fleet;
  /** Data source and query of `base`: reports of another warehouse are never merged into it. */
  source: string;
  fleet: Fleet;
}

const NO_FIELDS: ShownFields = {};

/**
 * The fleet of the map's query, and between two of its answers the reports that arrived since, asked for about once per second. It asks
 * only while the query tells of now, is asked again and again, and says how new each report is (`reported_at`). When the poll fails or
 * there is no such view, the map shows the answers of its query, as it does without it.
 * Invariant: a report never takes the place of a newer one, whichever answer brings it.
 */
export function useLiveFleet(
  { fleet: base, frame }: ReadFleet,
  { request, timeRange }: PanelData,
  { isWanted, ...options }: FleetOptions & { isWanted: boolean }
): Fleet {
  const { fields: mapping, silentAfterSeconds } = options;
  const shown: ShownFields = useMemo(() => (frame ? findFields(frame, mapping) : NO_FIELDS), [frame, mapping]);
  const isOfNow = Number.isNaN(base.asOfMs) && reachesNow(timeRange);
  const canFollow = isWanted && isOfNow && shown.reportedAt !== undefined && readsClickHouse(request);
  const source = canFollow ? sourceOf(request, frame) : '';
  const [merged, setMerged] = useState<Merged>({ base, source, fleet: base });
  let { fleet } = merged;
  if (merged.base !== base || merged.source !== source) {
    fleet = source !== '' && source === merged.source ? withNewer(base, merged.fleet, shown) : base;
    setMerged({ base, source, fleet });
  }

  const isRefreshing = useIsRefreshing(base);
  const few = fewRobots(base.robotIds);
  const key = source !== '' && isRefreshing && base.count > 0 ? `live ${JSON.stringify([source, few])}` : '';
  const latest = useRef({ request, few, shown });
  useEffect(() => {
    latest.current = { request, few, shown };
  });
  useEffect(() => {
    if (key === '') return;
    const onAnswer = (changes: Changes | null) => {
      if (!changes) return;
      const read = { mapping: {}, silentAfterSeconds, headingInDegrees: false, nowMs: changes.readAtMs };
      const { fleet: changed } = readFleet([changes.frame], read);
      setMerged((last) => {
        const next = withNewer(last.fleet, changed, latest.current.shown);
        return next === last.fleet ? last : { ...last, fleet: { ...next, isBetweenAnswers: true } };
      });
    };
    // The next answer of the map's own query says what is wrong.
    return sharePoll(pollOf(key, latest), { onAnswer, onFailure: () => undefined });
  }, [key, silentAfterSeconds]);
  return fleet;
}

/** The data source and the text of the query that brought the robots. */
function sourceOf(request: DataQueryRequest, frame: DataFrame | null): string {
  const target = request.targets.find(({ refId }) => refId === frame?.refId) ?? request.targets[0];
  return JSON.stringify([clickHouseOf(request)?.uid, (target as { rawSql?: unknown } | undefined)?.rawSql]);
}

interface Asked {
  current: { request: DataQueryRequest | undefined; few: readonly string[] | null };
}

function pollOf(key: string, latest: Asked): Question<Changes | null> {
  let isAbsent = false;
  return {
    key,
    ask: async (signal) => {
      const { request, few } = latest.current;
      if (!request) return null;
      try {
        const frame = await askDatabase(request, changesSql(few, Date.now()), signal);
        return { frame, readAtMs: Date.now() };
      } catch (error) {
        isAbsent ||= error instanceof NoFloorwatch;
        throw error;
      }
    },
    againInMs: (_, { tookMs, failures }) => (isAbsent ? null : pauseMs(tookMs, failures)),
  };
}

import { useEffect, useRef, useState } from 'react';
import type { DataQueryRequest } from '@grafana/data';
import type { MapShape } from '@floorwatch/ingestor/plans/map-shape';
import { loadShapes } from './loadShapes';

/** A zone imported or changed appears within this time without a reload of the dashboard. */
const RECHECK_MS = 60_000;
const NONE: readonly MapShape[] = [];

interface ShapesState {
  shapes: readonly MapShape[];
  /** One sentence on why there are none; '' when there are some, or none are wanted. */
  problem: string;
}

/** The zones, lanes and stations of the shown floor. An answer equal to the last one changes nothing. */
export function useShapes(isWanted: boolean, mapId: string | null, request: DataQueryRequest | undefined): ShapesState {
  const [state, setState] = useState<ShapesState & { mapId: string | null }>({
    shapes: NONE,
    problem: '',
    mapId: null,
  });
  const latestRequest = useRef(request);
  useEffect(() => {
    latestRequest.current = request;
  });
  const dataSourceUid = request?.targets[0]?.datasource?.uid;

  useEffect(() => {
    if (!isWanted || mapId === null || dataSourceUid === undefined) return;
    let isCurrent = true;
    const refresh = async () => {
      const next = await loadShapes(latestRequest.current, mapId).then(
        (shapes) => ({ shapes, problem: '', mapId }),
        (error: unknown) => ({ shapes: NONE, problem: error instanceof Error ? error.message : String(error), mapId })
      );
      if (isCurrent) setState((last) => (JSON.stringify(last) === JSON.stringify(next) ? last : next));
    };
    void refresh();
    const timer = window.setInterval(() => void refresh(), RECHECK_MS);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [isWanted, mapId, dataSourceUid]);

  // Zones of the last floor must not lie over this one while its own are loading.
  const isShown = isWanted && state.mapId === mapId;
  return { shapes: isShown ? state.shapes : NONE, problem: isShown ? state.problem : '' };
}

import type { DataQueryRequest } from '@grafana/data';
import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { clickHouseOf } from './askDatabase';
import { loadShapes } from './loadShapes';
import { useFloorAnswer } from './useFloorAnswer';

const NONE: readonly MapShape[] = [];

interface ShapesState {
  shapes: readonly MapShape[];
  /** One sentence on why there are none; '' when there are some, or none are wanted. */
  problem: string;
}

/** The zones, lanes and stations of the shown floor. An answer equal to the last one changes nothing. */
export function useShapes(isWanted: boolean, mapId: string | null, request: DataQueryRequest | undefined): ShapesState {
  const dataSourceUid = clickHouseOf(request)?.uid;
  const isAsked = isWanted && mapId !== null && dataSourceUid !== undefined;
  const question = isAsked ? `shapes ${dataSourceUid} ${mapId}` : '';
  const state = useFloorAnswer(question, (signal) => loadShapes(request, mapId ?? '', signal), {
    isRechecked: true,
    isSame: (last, next) => JSON.stringify(last) === JSON.stringify(next),
  });
  // Zones of the last floor must not lie over this one while its own are loading.
  const isShown = isAsked && state.question === question;
  return { shapes: (isShown && state.answer) || NONE, problem: isShown ? state.problem : '' };
}

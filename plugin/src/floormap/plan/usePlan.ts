import { useMemo } from 'react';
import type { DataQueryRequest } from '@grafana/data';
import type { Palette } from '../paint/palette';
import type { DrawablePlan } from '../paint/scene';
import { clickHouseOf } from './askDatabase';
import { loadPlanFromDatabase, NOT_IMPORTED } from './loadDatabase';
import { loadPlanFromUrl } from './loadUrl';
import type { PlanOptions } from './planOptions';
import type { RawPlan } from './rawPlan';
import { tintPlan } from './tint';
import { useFloorAnswer } from './useFloorAnswer';

interface PlanState {
  plan: DrawablePlan | null;
  /** One sentence on why there is no plan; '' when there is one, or none is wanted. */
  problem: string;
  /** The table of plans was asked, and has none of the shown floor. */
  isNotImported: boolean;
}

/** The plan of the shown floor. While another one loads, the last one stays, so that nothing blinks. */
export function usePlan(
  options: PlanOptions,
  mapId: string | null,
  request: DataQueryRequest | undefined,
  palette: Palette
): PlanState {
  const { planSource, planUrl, planPlacement } = options;
  const dataSourceUid = clickHouseOf(request)?.uid;
  const isFromUrl = planSource === 'url' && planUrl !== '';
  const isFromDatabase = planSource === 'database' && dataSourceUid !== undefined && mapId !== null;
  const question = isFromUrl
    ? `plan ${planUrl} ${JSON.stringify(planPlacement)}`
    : isFromDatabase
      ? `plan ${dataSourceUid} ${mapId}`
      : '';
  const load = (signal: AbortSignal) =>
    isFromUrl ? loadPlanFromUrl(planUrl, planPlacement) : loadPlanFromDatabase(request, mapId ?? '', signal);
  const state = useFloorAnswer<RawPlan | typeof NOT_IMPORTED>(question, load, { isRechecked: isFromDatabase });
  const isNotImported = state.answer === NOT_IMPORTED;
  const raw = state.answer === NOT_IMPORTED ? null : state.answer;

  const plan = useMemo(() => (raw ? tintPlan(raw, palette) : null), [raw, palette]);
  return { plan, problem: state.problem, isNotImported: isNotImported && state.question === question };
}

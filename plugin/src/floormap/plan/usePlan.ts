import { useEffect, useMemo, useRef, useState } from 'react';
import type { DataQueryRequest } from '@grafana/data';
import type { FloorMapOptions } from '../options';
import type { Palette } from '../paint/palette';
import type { DrawablePlan } from '../paint/planLayer';
import { loadPlanFromDatabase } from './loadDatabase';
import { loadPlanFromUrl } from './loadUrl';
import type { RawPlan } from './rawPlan';
import { tintPlan } from './tint';

/** A plan imported anew appears within this time without a reload of the dashboard. */
const RECHECK_MS = 60_000;

interface PlanState {
  plan: DrawablePlan | null;
  /** One sentence on why there is no plan; '' when there is one, or none is wanted. */
  problem: string;
}

/** The plan of the shown floor. While another one loads, the last one stays, so that nothing blinks. */
export function usePlan(
  options: FloorMapOptions,
  mapId: string | null,
  request: DataQueryRequest | undefined,
  palette: Palette
): PlanState {
  const [raw, setRaw] = useState<RawPlan | null>(null);
  const [problem, setProblem] = useState('');
  const latestRequest = useRef(request);
  useEffect(() => {
    latestRequest.current = request;
  });
  const hasRequest = request !== undefined;
  const dataSourceUid = request?.targets[0]?.datasource?.uid;
  const { planSource, planUrl, planPlacement } = options;

  useEffect(() => {
    let isCurrent = true;
    const load = async (): Promise<RawPlan | null> => {
      if (planSource === 'url' && planUrl !== '') {
        return loadPlanFromUrl(planUrl, planPlacement);
      }
      if (planSource === 'database' && hasRequest && mapId !== null) {
        return loadPlanFromDatabase(latestRequest.current, mapId);
      }
      return null;
    };
    const refresh = () =>
      load().then(
        (loaded) => {
          if (!isCurrent) return;
          setRaw(loaded);
          setProblem('');
        },
        (error: unknown) => {
          if (!isCurrent) return;
          setRaw(null);
          setProblem(error instanceof Error ? error.message : String(error));
        }
      );
    void refresh();
    const timer = planSource === 'database' ? window.setInterval(() => void refresh(), RECHECK_MS) : 0;
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [planSource, planUrl, planPlacement, mapId, hasRequest, dataSourceUid]);

  const plan = useMemo(() => (raw ? tintPlan(raw, palette) : null), [raw, palette]);
  return { plan, problem };
}

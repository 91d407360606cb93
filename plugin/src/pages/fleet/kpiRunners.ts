import type { SceneQueryRunner } from '@grafana/scenes';
import { fleetAt } from '../../queries/fleetAt';
import { kpiCounts, kpiTasks, kpiTrend } from '../../queries/kpis';
import { runForRange } from '../../queries/rangeRunner';
import { rowsAtMoment } from './momentRunner';

/** The fleet of now, or of the end of a past time range. It is asked for at each refresh of the page. */
export function countsRunner(): SceneQueryRunner {
  return rowsAtMoment(kpiCounts(), (atMs) => kpiCounts(fleetAt(atMs)));
}

/** The past of the key figures: states (A) and tasks (B). */
export function pastRunner(): SceneQueryRunner {
  return runForRange((range) => ({ A: kpiTrend(range), B: kpiTasks(range) }));
}

import type { SceneQueryRunner } from '@grafana/scenes';
import { fleetAt, hadEvents } from '../../queries/fleetAt';
import { kpiCounts, kpiTasks, kpiTrend } from '../../queries/kpis';
import { runForRange } from '../../queries/rangeRunner';
import { selectedRobots } from '../../queries/selection';
import { rowsAtMoment } from './momentRunner';

/** The fleet of now, or of the end of a past time range. It is asked for at each refresh of the page. */
export function countsRunner(): SceneQueryRunner {
  return rowsAtMoment(({ atMs, robots }) =>
    Number.isNaN(atMs)
      ? kpiCounts({ robots })
      : kpiCounts({ fleet: fleetAt(atMs), atMs, hadEvents: hadEvents(atMs, robots), robots })
  );
}

/** The past of the key figures: states (A) and tasks (B). */
export function pastRunner(): SceneQueryRunner {
  return runForRange((range, parameters) => {
    const robots = selectedRobots(parameters);
    return { A: kpiTrend(range, robots), B: kpiTasks(range, robots) };
  });
}

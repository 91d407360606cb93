import type { SceneQueryRunner } from '@grafana/scenes';
import { hadEvents } from '../../queries/fleetAt';
import { kpiCounts, kpiTasks, kpiTrend } from '../../queries/kpis';
import { andNarrowed, andOfFleet, readNarrowing } from '../../queries/narrowing';
import { runForRange } from '../../queries/rangeRunner';
import { momentOf, rowsAtMoment } from './momentRunner';

/** The fleet of now, or of the end of a past time range. It is asked for at each refresh of the page. */
export function countsRunner(): SceneQueryRunner {
  return rowsAtMoment(({ atMs, narrowing }) =>
    Number.isNaN(atMs)
      ? kpiCounts({ narrowing })
      : kpiCounts({ atMs, hadEvents: hadEvents(atMs, andOfFleet(narrowing)), narrowing })
  );
}

/** The past of the key figures: states (A) and tasks (B). */
export function pastRunner(): SceneQueryRunner {
  return runForRange((range, parameters, timeRange) => {
    const ofRobots = andNarrowed(momentOf(timeRange), readNarrowing(parameters));
    return { A: kpiTrend(range, ofRobots), B: kpiTasks(range, ofRobots) };
  });
}

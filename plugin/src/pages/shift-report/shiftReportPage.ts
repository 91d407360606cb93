import { t } from '@grafana/i18n';
import {
  EmbeddedScene,
  SceneAppPage,
  SceneControlsSpacer,
  SceneFlexItem,
  SceneFlexLayout,
  sceneGraph,
  SceneRefreshPicker,
  SceneTimeRange,
  type SceneQueryRunner,
} from '@grafana/scenes';
import { SHIFT_REPORT_URL } from '../../grafana/identifiers';
import { ianaZone } from '../../queries/addressRunner';
import { runForRange } from '../../queries/rangeRunner';
import { shiftFailures, shiftFigures, shiftRobots, shiftTasks, shiftZones } from '../../queries/shiftReport';
import { readShift, SETTLED_AFTER_MS, shiftDays, shiftZone } from '../../queries/shifts';
import { ReportSheet } from './ReportSheet';
import { ShiftPicker } from './ShiftPicker';

/** What a shift leaves to the next one, on a sheet of paper. */
export function shiftReportPage(): SceneAppPage {
  return new SceneAppPage({
    title: t('pages.shift.title', 'Shift report'),
    subTitle: t(
      'pages.shift.what',
      'What the fleet did in a shift, compared with the four before, and what went wrong.'
    ),
    url: SHIFT_REPORT_URL,
    routePath: 'shift-report',
    getScene: () =>
      new EmbeddedScene({
        // Not asked for: the report is of its shift. It has the time zone.
        $timeRange: new SceneTimeRange({ from: 'now-8h', to: 'now' }),
        controls: [
          new ShiftPicker({}),
          new SceneControlsSpacer(),
          // The report is read once, and again until its shift is computed, or where it could not be read.
          new SceneRefreshPicker({ refresh: '1m', intervals: ['1m', '5m'] }),
        ],
        body: new SceneFlexLayout({
          direction: 'column',
          $data: reportRunner(),
          children: [new SceneFlexItem({ ySizing: 'content', body: new ReportSheet({}) })],
        }),
      }),
  });
}

/** Figures (A) and task times (B) of this shift and the four before; robots (C), zones (D) and failures (E) of this one. */
function reportRunner(): SceneQueryRunner {
  const runner = runForRange((_, parameters) => {
    const timeZone = shiftZone(ianaZone(sceneGraph.getTimeRange(runner).getTimeZone()));
    const choice = readShift(parameters, timeZone);
    const shifts = [0, 1, 2, 3, 4].map((back) => shiftDays(choice, -back, timeZone));
    return {
      A: shiftFigures(shifts),
      B: shiftTasks(shifts),
      C: shiftRobots(choice),
      D: shiftZones(choice),
      E: shiftFailures(choice),
    };
  }, stampOf);
  return runner;

  function stampOf(parameters: URLSearchParams): string {
    const { toMs } = readShift(parameters, shiftZone(ianaZone(sceneGraph.getTimeRange(runner).getTimeZone())));
    const nowMs = Date.now();
    return nowMs >= toMs + SETTLED_AFTER_MS ? 'settled' : String(Math.floor(nowMs / SETTLED_AFTER_MS));
  }
}

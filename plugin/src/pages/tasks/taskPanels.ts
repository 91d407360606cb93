import { ThresholdsMode } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelBuilders, SceneDataTransformer, type SceneDataProvider, type VizPanel } from '@grafana/scenes';
import {
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  GraphDrawStyle,
  TableCellDisplayMode,
} from '@grafana/schema';
import { PLAYBACK_LINK, ROBOT_PAGE_LINK } from '../../grafana/address';
import { runByAddress } from '../../queries/addressRunner';
import { readFilters } from '../../queries/pageFilters';
import { showPart } from '../../queries/parts';
import { showTexts } from '../../queries/queryRunner';
import { shownTexts } from '../../queries/shownTexts';
import { slowestTasks, type TaskPart } from '../../queries/tasks';
import { linkWords, outcomeMappings, titleColumns } from '../columnTitles';
import { distribution } from './distribution';

const IN_SECONDS = ['Mean', 'p50', 'p95', 'Longest', 'Duration'];
const TIMES = [
  ['mean_seconds', 'Mean'],
  ['p50_seconds', 'p50'],
  ['p95_seconds', 'p95'],
] as const;
const noTask = () => t('tasks.none', 'No task ended in this time range');
/** Failures stand out as soon as there is one. */
const FROM_ONE = {
  mode: ThresholdsMode.Absolute,
  steps: [
    { value: -Infinity, color: 'text' },
    { value: 1, color: 'red' },
  ],
};

/** The rows of a part of the page's one query, which the layout around the panel holds. */
function part(name: TaskPart, columns: ReadonlyArray<readonly [column: string, shown: string]>): SceneDataProvider {
  return new SceneDataTransformer({ transformations: [showPart(name, columns), shownTexts] });
}

export function totalsPanel(): VizPanel {
  return PanelBuilders.stat()
    .setTitle(t('tasks.totals.title', 'Tasks that ended in this time range'))
    .setDescription(
      t(
        'tasks.totals.what',
        'Tasks count at their end, completed and failed. Times are from start to end. Half of the tasks take at most the p50, 95 of 100 at most the p95.'
      )
    )
    .setData(
      part('all', [
        ['tasks', 'Tasks'],
        ['completed', 'Completed'],
        ['failed', 'Failed'],
        ...TIMES,
        ['max_seconds', 'Longest'],
      ])
    )
    .setOption('colorMode', BigValueColorMode.Value)
    .setOption('graphMode', BigValueGraphMode.None)
    .setOption('textMode', BigValueTextMode.ValueAndName)
    .setOption('wideLayout', false)
    .setOption('reduceOptions', { calcs: ['lastNotNull'], fields: '/.*/', values: false })
    .setColor({ mode: 'fixed', fixedColor: 'text' })
    .setNoValue('–')
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Tasks', 'Completed', 'Failed', 'Mean', 'Longest']);
      for (const name of IN_SECONDS) overrides.matchFieldsWithName(name).overrideUnit('s').overrideDecimals(1);
      overrides.matchFieldsWithName('Failed').overrideColor({ mode: 'thresholds' }).overrideThresholds(FROM_ONE);
    })
    .build();
}

export function timesPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('tasks.times.title', 'Completion times'))
    .setDescription(
      t(
        'tasks.times.what',
        'By the end of the task. A p95 that rises while the p50 stays: some places or robots are slow.'
      )
    )
    .setData(part('time', [['time', 'Time'], ...TIMES]))
    .setNoValue(noTask())
    .setUnit('s')
    .setMin(0)
    .setOverrides((overrides) => titleColumns(overrides, ['Mean']))
    .build();
}

export function outcomesPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('tasks.outcomes.title', 'Tasks by outcome'))
    .setDescription(t('tasks.outcomes.what', 'Tasks that ended in each interval.'))
    .setData(
      part('time', [
        ['time', 'Time'],
        ['completed', 'Completed'],
        ['failed', 'Failed'],
      ])
    )
    .setNoValue(noTask())
    .setMin(0)
    .setDecimals(0)
    .setCustomFieldConfig('drawStyle', GraphDrawStyle.Bars)
    .setCustomFieldConfig('fillOpacity', 70)
    .setCustomFieldConfig('stacking', { mode: 'normal' as never, group: 'A' })
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Completed', 'Failed']);
      overrides.matchFieldsWithName('Completed').overrideColor({ mode: 'fixed', fixedColor: 'green' });
      overrides.matchFieldsWithName('Failed').overrideColor({ mode: 'fixed', fixedColor: 'red' });
    })
    .build();
}

export function distributionPanel(): VizPanel {
  return PanelBuilders.barchart()
    .setTitle(t('tasks.distribution.title', 'Distribution'))
    .setDescription(
      t(
        'tasks.distribution.what',
        'Tasks by how long they took. The last bar holds the few that took far longer than the others.'
      )
    )
    .setData(new SceneDataTransformer({ transformations: [distribution] }))
    .setOption('xField', 'Duration')
    .setOption('xTickLabelRotation', -45)
    .setOption('legend', { showLegend: false })
    .setColor({ mode: 'fixed', fixedColor: 'blue' })
    .setCustomFieldConfig('fillOpacity', 70)
    .setDecimals(0)
    .setOverrides((overrides) => titleColumns(overrides, ['Tasks']))
    .build();
}

export function hoursPanel(): VizPanel {
  return PanelBuilders.barchart()
    .setTitle(t('tasks.hours.title', 'By hour of the day'))
    .setDescription(
      t(
        'tasks.hours.what',
        'Half and 95 % of the tasks that ended in this hour took at most this long, over all days of the time range.'
      )
    )
    .setData(
      part('hour', [
        ['hour', 'Hour'],
        ['p50_seconds', 'p50'],
        ['p95_seconds', 'p95'],
      ])
    )
    .setNoValue(noTask())
    .setOption('xField', 'Hour')
    .setUnit('s')
    .setCustomFieldConfig('fillOpacity', 70)
    .setOverrides((overrides) => {
      overrides.matchFieldsWithName('Hour').overrideUnit('none').overrideDecimals(0);
    })
    .build();
}

export function robotsPanel(): VizPanel {
  return taskTable(
    t('tasks.robots.title', 'By robot'),
    t('tasks.robots.what', 'The robots with failures first, then the slowest. A click on a robot opens its page.')
  )
    .setData(
      part('robot', [['robot', 'robot_id'], ['robot', 'Robot'], ['tasks', 'Tasks'], ['failed', 'Failed'], ...TIMES])
    )
    .build();
}

export function zonesPanel(): VizPanel {
  return taskTable(
    t('tasks.zones.title', 'By zone'),
    t('tasks.zones.what', 'The zone where the task ended, of overlapping ones the smallest.')
  )
    .setData(
      part('zone', [['zone_name', 'Zone'], ['map_id', 'Floor'], ['tasks', 'Tasks'], ['failed', 'Failed'], ...TIMES])
    )
    .build();
}

export function failuresPanel(): VizPanel {
  return taskTable(
    t('tasks.failures.title', 'Failures by code'),
    t(
      'tasks.failures.what',
      'The error code of the event TASK_FAILED; "–": it had none. Robots: those with such a failure.'
    )
  )
    .setNoValue(t('tasks.failures.none', 'No task failed in this time range'))
    .setData(
      part('code', [
        ['code', 'Code'],
        ['failed', 'Failed'],
        ['failed_robots', 'Robots'],
        ['last_failed', 'Last'],
      ])
    )
    .build();
}

export function slowestPanel(): VizPanel {
  return taskTable(
    t('tasks.slowest.title', 'Slowest tasks'),
    t(
      'tasks.slowest.what',
      'The 100 tasks of the time range that took longest. "play" shows the robot on the map from the start of the task.'
    )
  )
    .setData(showTexts(runByAddress((parameters) => slowestTasks(readFilters(parameters)), { keepsRows: true })))
    .build();
}

const COLUMNS = [
  ...['Robot', 'Task', 'Map', 'Outcome', 'Duration', 'Started', 'Ended', 'Floor', 'Zone', 'Code', 'Tasks', 'Failed'],
  ...['Mean', 'Robots', 'Last'],
];

/** A table with what the tables of this page have in common. */
function taskTable(title: string, description: string) {
  return PanelBuilders.table()
    .setTitle(title)
    .setDescription(description)
    .setNoValue(noTask())
    .setCustomFieldConfig('minWidth', 70)
    .setOverrides((overrides) => {
      for (const name of ['robot_id', 'started_ms', 'from_ms', 'to_ms']) {
        // The id of the table's own option: it has no option `hideFrom`.
        overrides.matchFieldsWithName(name).overrideCustomFieldConfig('hideFrom.viz' as never, true as never);
      }
      titleColumns(overrides, COLUMNS);
      for (const name of ['Floor', 'Zone', 'Code']) overrides.matchFieldsWithName(name).overrideNoValue('–');
      for (const name of IN_SECONDS) overrides.matchFieldsWithName(name).overrideUnit('s').overrideDecimals(1);
      for (const name of ['Started', 'Ended', 'Last']) {
        overrides
          .matchFieldsWithName(name)
          .overrideUnit('dateTimeAsIsoNoDateIfToday')
          .overrideCustomFieldConfig('width', 150);
      }
      overrides
        .matchFieldsWithName('Robot')
        .overrideCustomFieldConfig('minWidth', 110)
        .overrideLinks([{ title: t('tasks.open_robot', 'Open the page of ${__value.text}'), url: ROBOT_PAGE_LINK }]);
      overrides
        .matchFieldsWithName('Map')
        .overrideCustomFieldConfig('width', 60)
        .overrideMappings(linkWords())
        .overrideLinks([{ title: t('tasks.play', 'Play this task on the map'), url: PLAYBACK_LINK }]);
      overrides.matchFieldsWithName('Floor').overrideCustomFieldConfig('minWidth', 90);
      overrides
        .matchFieldsWithName('Zone')
        .overrideCustomFieldConfig('minWidth', 85)
        .overrideCustomFieldConfig('wrapText', true);
      overrides
        .matchFieldsWithName('Task')
        .overrideCustomFieldConfig('minWidth', 150)
        // Ids of tasks differ in their last letters.
        .overrideCustomFieldConfig('wrapText', true);
      overrides
        .matchFieldsWithName('Failed')
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'thresholds' })
        .overrideThresholds(FROM_ONE);
      overrides
        .matchFieldsWithName('Outcome')
        .overrideCustomFieldConfig('width', 110)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.Pill })
        .overrideMappings(outcomeMappings());
    });
}

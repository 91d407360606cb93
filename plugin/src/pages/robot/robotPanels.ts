import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { TableCellDisplayMode } from '@grafana/schema';
import { MappingType } from '@grafana/data';
import { t } from '@grafana/i18n';
import { runByAddress, runManyByAddress } from '../../queries/addressRunner';
import {
  idOfAddress,
  NO_EVENT,
  REPORTS,
  robotErrorSpans,
  robotHistory,
  robotReportSpans,
  robotStates,
  robotTasks,
  robotTaskSpans,
} from '../../queries/oneRobot';
import { showTexts } from '../../queries/queryRunner';
import { outcomeMappings, titleColumns } from '../columnTitles';
import { statusMapping, statusMappings } from '../statusMappings';

const ofRobot = (sqlOf: (robotId: string) => string) => (parameters: URLSearchParams) => sqlOf(idOfAddress(parameters));
const DATE_AND_TIME = 'time:YYYY-MM-DD HH:mm:ss';

/** One axis for what the robot did: states, tasks, errors, and when it reported nothing. */
export function timelinePanel(): VizPanel {
  const rows = [robotStates, robotTaskSpans, robotErrorSpans, robotReportSpans];
  return (
    PanelBuilders.statetimeline()
      .setTitle(t('robot.timeline.title', 'States, tasks, errors and gaps'))
      .setDescription(
        t(
          'robot.timeline.what',
          'What the robot reported, and silent from 60 s after its last event. Of several states in one pixel, the worst. Marks are alerts and notes.'
        )
      )
      .setData(showTexts(runManyByAddress((parameters) => rows.map((sqlOf) => sqlOf(idOfAddress(parameters))))))
      .setOption('legend', { showLegend: false })
      .setOption('mergeValues', true)
      .setOption('rowHeight', 0.85)
      // Few rows need no pages.
      .setOption('perPage', 0)
      .setColor({ mode: 'fixed', fixedColor: 'blue' })
      .setMappings([
        ...statusMappings(),
        {
          type: MappingType.ValueToText,
          options: {
            [NO_EVENT]: { color: '#b4b9c0', text: t('robot.timeline.no_event', 'no event in this time range') },
            [REPORTS.yes]: { color: 'green', text: t('robot.timeline.reports', 'reports') },
            [REPORTS.no]: { color: '#8a8f98', text: t('robot.timeline.gap', 'no report') },
          },
        },
      ])
      .setOverrides((overrides) => {
        for (const [name, title] of [
          ['State', t('robot.row.state', 'State')],
          ['Task', t('robot.row.task', 'Task')],
          ['Error', t('robot.row.error', 'Error')],
          ['Reports', t('robot.row.reports', 'Reports')],
        ] as const) {
          overrides.matchFieldsWithName(name).overrideDisplayName(title);
        }
        overrides.matchFieldsWithName('Error').overrideColor({ mode: 'fixed', fixedColor: 'red' });
      })
      .build()
  );
}

export function historyPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('robot.battery.title', 'Battery and speed'))
    .setDescription(t('robot.battery.what', 'No line is drawn over more than 60 s without an event.'))
    .setData(runByAddress(ofRobot(robotHistory), { shape: 'timeseries' }))
    .setNoValue(t('robot.battery.none', 'No battery level or speed in this time range'))
    .setCustomFieldConfig('spanNulls', false)
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Battery', 'Speed']);
      overrides.matchFieldsWithName('Battery').overrideUnit('percent').overrideMin(0).overrideMax(100);
      overrides
        .matchFieldsWithName('Speed')
        .overrideUnit('velocityms')
        .overrideCustomFieldConfig('axisPlacement', 'right' as never);
    })
    .build();
}

export function tasksPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle(t('robot.tasks.title', 'Tasks'))
    .setDescription(
      t('robot.tasks.what', 'Runs of tasks that touch the time range, the newest first. A running task has no end yet.')
    )
    .setData(showTexts(runByAddress(ofRobot(robotTasks))))
    .setNoValue(t('robot.tasks.none', 'No task in this time range'))
    .setCustomFieldConfig('minWidth', 80)
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Task', 'Outcome', 'Started', 'Ended', 'Duration', 'Floor']);
      for (const name of ['Ended', 'Duration', 'Floor']) overrides.matchFieldsWithName(name).overrideNoValue('–');
      overrides.matchFieldsWithName('Task').overrideCustomFieldConfig('minWidth', 170);
      overrides
        .matchFieldsWithName('Outcome')
        .overrideCustomFieldConfig('width', 110)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.Pill })
        .overrideMappings(outcomeMappings());
      for (const name of ['Started', 'Ended']) {
        overrides.matchFieldsWithName(name).overrideUnit(DATE_AND_TIME).overrideCustomFieldConfig('width', 165);
      }
      overrides.matchFieldsWithName('Duration').overrideUnit('s').overrideCustomFieldConfig('width', 100);
    })
    .build();
}

const EVENT_COLUMNS = [
  ...['Time', 'Event', 'State', 'Task', 'Error', 'Battery', 'Speed', 'Floor', 'Arrived', 'Path', 'Event id'],
  'Payload',
];

export function eventsPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle(t('robot.events.title', 'Events'))
    .setDescription(
      t(
        'robot.events.what',
        'Events of the time range as they are stored, the newest first. Personal fields of the payload are left out.'
      )
    )
    .setNoValue(t('robot.events.none', 'No event in this time range'))
    .setCustomFieldConfig('minWidth', 80)
    .setCustomFieldConfig('inspect', true)
    .setOverrides((overrides) => {
      titleColumns(overrides, EVENT_COLUMNS);
      overrides.matchFieldsWithName('State').overrideMappings([statusMapping({})]);
      for (const name of ['State', 'Task', 'Error', 'Battery', 'Speed', 'Floor', 'x', 'y', 'Payload']) {
        overrides.matchFieldsWithName(name).overrideNoValue('–');
      }
      // The id of the table's own option: it has no option `hideFrom`.
      overrides.matchFieldsWithName('events').overrideCustomFieldConfig('hideFrom.viz' as never, true as never);
      overrides.matchFieldsWithName('Task').overrideCustomFieldConfig('width', 170);
      overrides.matchFieldsWithName('Error').overrideCustomFieldConfig('width', 130);
      for (const name of ['Time', 'Arrived']) {
        overrides
          .matchFieldsWithName(name)
          .overrideUnit(`${DATE_AND_TIME}.SSS`)
          .overrideCustomFieldConfig('width', 190);
      }
      overrides.matchFieldsWithName('Event').overrideCustomFieldConfig('width', 150);
      overrides.matchFieldsWithName('Battery').overrideUnit('percent').overrideDecimals(0);
      overrides.matchFieldsWithName('Speed').overrideUnit('velocityms');
      for (const name of ['x', 'y']) overrides.matchFieldsWithName(name).overrideUnit('lengthm').overrideDecimals(2);
      overrides.matchFieldsWithName('Event id').overrideCustomFieldConfig('width', 290);
      overrides.matchFieldsWithName('Payload').overrideCustomFieldConfig('minWidth', 300);
    })
    .build();
}

import { t } from '@grafana/i18n';
import { PanelBuilders, SceneDataLayerSet, SceneFlexItem, SceneFlexLayout, type VizPanel } from '@grafana/scenes';
import { TableCellDisplayMode, TableCellHeight } from '@grafana/schema';
import { ROBOT_EVENTS, ROBOT_HISTORY, ROBOT_NOW } from '../../queries/robot';
import { runSeries, runTable } from '../../queries/queryRunner';
import { textMappings, titleColumns } from '../columnTitles';
import { statusMapping } from '../statusMappings';
import { STATUS_COLOURS } from './attentionPanel';
import { EventsLayer } from './eventsLayer';

/** Everything on the one robot that the variable names. */
export function robotDetail(): SceneFlexLayout {
  return new SceneFlexLayout({
    direction: 'column',
    children: [
      new SceneFlexItem({ minHeight: 236, height: 236, ySizing: 'content', body: nowPanel() }),
      new SceneFlexItem({
        minHeight: 120,
        $data: new SceneDataLayerSet({ layers: [new EventsLayer({ robot: '$robot' })] }),
        body: historyPanel(),
      }),
      new SceneFlexItem({ minHeight: 120, body: eventsPanel() }),
    ],
  });
}

/** What the query calls the properties of a robot, and what it says of some of them. */
const properties = () => ({
  Status: t('column.status', 'Status'),
  Task: t('column.task', 'Task'),
  'Last event': t('fleet.robot.last_event', 'Last event'),
  Error: t('column.error', 'Error'),
  Battery: t('column.battery', 'Battery'),
  Floor: t('column.floor', 'Floor'),
  Speed: t('fleet.robot.speed', 'Speed'),
  Place: t('robot.sheet.place', 'Place'),
  Firmware: t('column.firmware', 'Firmware'),
  Localised: t('fleet.robot.localised', 'Localised'),
});
const values = () => ({
  '(.*) ago': t('fleet.robot.ago', '$1 ago'),
  'never reported': t('robot.sheet.never', 'never reported'),
  'yes( .*)?': t('fleet.robot.yes', 'yes$1'),
  'no( .*)?': t('fleet.robot.no', 'no$1'),
});

/** A property sheet of two columns, because a task's id and an error's code are words of 20 letters. */
function nowPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle('${robot:text}')
    .setData(runTable(ROBOT_NOW))
    .setNoValue(t('fleet.robot.none', 'No robot with this id is in service: it never reported, or it is retired'))
    .setOption('showHeader', false)
    .setOption('cellHeight', TableCellHeight.Sm)
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      for (const [name, width] of [
        ['Property', 90],
        ['Property 2', 80],
      ] as const) {
        overrides
          .matchFieldsWithName(name)
          .overrideCustomFieldConfig('width', width)
          .overrideMappings(textMappings(properties()))
          .overrideColor({ mode: 'fixed', fixedColor: 'text' });
      }
      overrides
        .matchFieldsWithName('Value')
        .overrideCustomFieldConfig('width', 100)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'fixed', fixedColor: 'text' })
        .overrideMappings([statusMapping(STATUS_COLOURS), ...textMappings(values())]);
      overrides
        .matchFieldsWithName('Value 2')
        .overrideMappings(textMappings(values()))
        .overrideCustomFieldConfig('minWidth', 150)
        .overrideCustomFieldConfig('wrapText', true);
    })
    .build();
}

function historyPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('robot.battery.title', 'Battery and speed'))
    .setData(runSeries(ROBOT_HISTORY))
    .setNoValue(t('robot.battery.none', 'No battery level or speed in this time range'))
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

function eventsPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle(t('fleet.robot.events', 'State changes, tasks and errors'))
    .setDescription(
      t('fleet.robot.events_what', 'What the robot reported in the time range, except positions and heartbeats.')
    )
    .setData(runTable(ROBOT_EVENTS))
    .setNoValue(
      t(
        'fleet.robot.events_none',
        'No state change, task or error in this time range. Position reports and heartbeats are not listed here.'
      )
    )
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      titleColumns(overrides, ['Time', 'Event', 'State', 'Error or task']);
      overrides.matchFieldsWithName('Time').overrideUnit('time:HH:mm:ss').overrideCustomFieldConfig('width', 75);
      overrides.matchFieldsWithName('Event').overrideCustomFieldConfig('width', 135);
      overrides
        .matchFieldsWithName('State')
        .overrideCustomFieldConfig('width', 80)
        .overrideMappings([statusMapping({})]);
      overrides.matchFieldsWithName('Error or task').overrideCustomFieldConfig('minWidth', 150);
    })
    .build();
}

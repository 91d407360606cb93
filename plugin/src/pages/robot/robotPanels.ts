import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { TableCellDisplayMode } from '@grafana/schema';
import { MappingType } from '@grafana/data';
import { runByAddress } from '../../queries/addressRunner';
import { idOfAddress, NO_EVENT, robotEvents, robotHistory, robotStates, robotTasks } from '../../queries/oneRobot';
import { showTexts } from '../../queries/queryRunner';
import { STATUS_MAPPINGS } from '../statusMappings';

const ofRobot = (sqlOf: (robotId: string) => string) => (parameters: URLSearchParams) => sqlOf(idOfAddress(parameters));
const DATE_AND_TIME = 'time:YYYY-MM-DD HH:mm:ss';

export function statesPanel(): VizPanel {
  return (
    PanelBuilders.statetimeline()
      .setTitle('States')
      .setDescription(
        'What the robot reported, and silent from 60 s after its last event. Of several states in one pixel, the worst.'
      )
      .setData(showTexts(runByAddress(ofRobot(robotStates), { shape: 'timeseries' })))
      .setOption('mergeValues', true)
      .setOption('rowHeight', 0.9)
      // One row needs no pages.
      .setOption('perPage', 0)
      .setMappings([
        ...STATUS_MAPPINGS,
        { type: MappingType.ValueToText, options: { [NO_EVENT]: { color: '#b4b9c0' } } },
      ])
      .build()
  );
}

export function historyPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle('Battery and speed')
    .setDescription('No line is drawn over more than 60 s without an event.')
    .setData(runByAddress(ofRobot(robotHistory), { shape: 'timeseries' }))
    .setNoValue('No battery level or speed in this time range')
    .setCustomFieldConfig('spanNulls', false)
    .setOverrides((overrides) => {
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
    .setTitle('Tasks')
    .setDescription('Runs of tasks that touch the time range, the newest first. A running task has no end yet.')
    .setData(showTexts(runByAddress(ofRobot(robotTasks))))
    .setNoValue('No task in this time range')
    .setCustomFieldConfig('minWidth', 80)
    .setOverrides((overrides) => {
      for (const name of ['Ended', 'Duration', 'Floor']) overrides.matchFieldsWithName(name).overrideNoValue('–');
      overrides.matchFieldsWithName('Task').overrideCustomFieldConfig('minWidth', 170);
      overrides
        .matchFieldsWithName('Outcome')
        .overrideCustomFieldConfig('width', 110)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.Pill })
        .overrideMappings([
          {
            type: MappingType.ValueToText,
            options: {
              completed: { color: 'green', index: 0 },
              failed: { color: 'red', index: 1 },
              running: { color: 'blue', index: 2 },
            },
          },
        ]);
      for (const name of ['Started', 'Ended']) {
        overrides.matchFieldsWithName(name).overrideUnit(DATE_AND_TIME).overrideCustomFieldConfig('width', 165);
      }
      overrides.matchFieldsWithName('Duration').overrideUnit('s').overrideCustomFieldConfig('width', 100);
    })
    .build();
}

export function eventsPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle('Last events')
    .setDescription(
      'The last 100 events of the time range as they are stored. Personal fields of the payload are left out.'
    )
    .setData(showTexts(runByAddress(ofRobot(robotEvents))))
    .setNoValue('No event in this time range')
    .setCustomFieldConfig('minWidth', 80)
    .setCustomFieldConfig('inspect', true)
    .setOverrides((overrides) => {
      for (const name of ['State', 'Task', 'Error', 'Battery', 'Speed', 'Floor', 'x', 'y', 'Payload']) {
        overrides.matchFieldsWithName(name).overrideNoValue('–');
      }
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

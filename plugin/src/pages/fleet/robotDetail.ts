import { MappingType } from '@grafana/data';
import { PanelBuilders, SceneDataLayerSet, SceneFlexItem, SceneFlexLayout, type VizPanel } from '@grafana/scenes';
import { TableCellDisplayMode, TableCellHeight } from '@grafana/schema';
import { ROBOT_EVENTS, ROBOT_HISTORY, ROBOT_NOW } from '../../queries/robot';
import { runSeries, runTable } from '../../queries/queryRunner';
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

/** A property sheet of two columns, because a task's id and an error's code are words of 20 letters. */
function nowPanel(): VizPanel {
  return PanelBuilders.table()
    .setTitle('${robot:text}')
    .setData(runTable(ROBOT_NOW))
    .setNoValue('No robot with this id is in service: it never reported, or it is retired')
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
          .overrideColor({ mode: 'fixed', fixedColor: 'text' });
      }
      overrides
        .matchFieldsWithName('Value')
        .overrideCustomFieldConfig('width', 100)
        .overrideCustomFieldConfig('cellOptions', { type: TableCellDisplayMode.ColorText })
        .overrideColor({ mode: 'fixed', fixedColor: 'text' })
        .overrideMappings([
          {
            type: MappingType.ValueToText,
            options: Object.fromEntries(
              Object.entries(STATUS_COLOURS).map(([status, color], index) => [status, { color, index }])
            ),
          },
        ]);
      overrides
        .matchFieldsWithName('Value 2')
        .overrideCustomFieldConfig('minWidth', 150)
        .overrideCustomFieldConfig('wrapText', true);
    })
    .build();
}

function historyPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle('Battery and speed')
    .setData(runSeries(ROBOT_HISTORY))
    .setNoValue('No battery level or speed in this time range')
    .setOverrides((overrides) => {
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
    .setTitle('State changes, tasks and errors')
    .setDescription('What the robot reported in the time range, except positions and heartbeats.')
    .setData(runTable(ROBOT_EVENTS))
    .setNoValue(
      'No state change, task or error in this time range. Position reports and heartbeats are not listed here.'
    )
    .setCustomFieldConfig('minWidth', 60)
    .setOverrides((overrides) => {
      overrides.matchFieldsWithName('Time').overrideUnit('time:HH:mm:ss').overrideCustomFieldConfig('width', 75);
      overrides.matchFieldsWithName('Event').overrideCustomFieldConfig('width', 135);
      overrides.matchFieldsWithName('State').overrideCustomFieldConfig('width', 80);
      overrides.matchFieldsWithName('Error or task').overrideCustomFieldConfig('minWidth', 150);
    })
    .build();
}

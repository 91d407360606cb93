import { PanelBuilders, SceneFlexItem, SceneFlexLayout } from '@grafana/scenes';
import { BigValueColorMode, BigValueGraphMode, BigValueTextMode } from '@grafana/schema';
import { ROBOT_EVENTS, ROBOT_HISTORY, ROBOT_NOW } from '../../queries/robot';
import { runSeries, runTable } from '../queryRunner';

/** Everything on the one robot that the variable names. */
export function robotDetail(): SceneFlexLayout {
  const now = PanelBuilders.stat()
    .setTitle('$robot')
    .setData(runTable(ROBOT_NOW))
    .setOption('colorMode', BigValueColorMode.None)
    .setOption('graphMode', BigValueGraphMode.None)
    .setOption('textMode', BigValueTextMode.ValueAndName)
    .setOption('reduceOptions', { calcs: ['lastNotNull'], fields: '/.*/', values: false })
    .setOption('text', { titleSize: 12, valueSize: 16 })
    .setNoValue('–')
    .setOverrides((overrides) => {
      overrides.matchFieldsWithName('Last event').overrideUnit('s').overrideDecimals(0);
      overrides.matchFieldsWithName('Battery').overrideUnit('percent').overrideDecimals(0);
      overrides.matchFieldsWithName('Speed').overrideUnit('velocityms').overrideDecimals(2);
    })
    .build();
  const history = PanelBuilders.timeseries()
    .setTitle('Battery and speed')
    .setData(runSeries(ROBOT_HISTORY))
    .setOverrides((overrides) => {
      overrides.matchFieldsWithName('Battery').overrideUnit('percent').overrideMin(0).overrideMax(100);
      overrides
        .matchFieldsWithName('Speed')
        .overrideUnit('velocityms')
        .overrideCustomFieldConfig('axisPlacement', 'right' as never);
    })
    .build();
  const events = PanelBuilders.table().setTitle('Events').setData(runTable(ROBOT_EVENTS)).setNoValue('–').build();
  return new SceneFlexLayout({
    direction: 'column',
    children: [
      new SceneFlexItem({ minHeight: 120, body: now }),
      new SceneFlexItem({ minHeight: 130, body: history }),
      new SceneFlexItem({ minHeight: 120, body: events }),
    ],
  });
}

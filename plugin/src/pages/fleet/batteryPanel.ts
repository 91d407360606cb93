import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { batteryDistribution } from '../../queries/fleet';
import { fleetAt } from '../../queries/fleetAt';
import { runAtMoment } from './momentRunner';

export function batteryPanel(): VizPanel {
  return PanelBuilders.barchart()
    .setTitle('Battery')
    .setDescription('Robots by state of charge.')
    .setData(runAtMoment(batteryDistribution(), (atMs) => batteryDistribution(fleetAt(atMs))))
    .setOption('xField', 'Battery')
    .setOption('xTickLabelRotation', -45)
    .setOption('legend', { showLegend: false })
    .setColor({ mode: 'fixed', fixedColor: 'blue' })
    .setCustomFieldConfig('fillOpacity', 70)
    .setDecimals(0)
    .build();
}

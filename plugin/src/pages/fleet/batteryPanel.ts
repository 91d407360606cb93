import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { BATTERY_DISTRIBUTION } from '../../queries/fleet';
import { runTable } from '../../queries/queryRunner';

export function batteryPanel(): VizPanel {
  return PanelBuilders.barchart()
    .setTitle('Battery')
    .setDescription('Robots by state of charge.')
    .setData(runTable(BATTERY_DISTRIBUTION))
    .setOption('xField', 'Battery')
    .setOption('xTickLabelRotation', -45)
    .setOption('legend', { showLegend: false })
    .setColor({ mode: 'fixed', fixedColor: 'blue' })
    .setCustomFieldConfig('fillOpacity', 70)
    .setDecimals(0)
    .build();
}

import { t } from '@grafana/i18n';
import { PanelBuilders, type VizPanel } from '@grafana/scenes';
import { batteryDistribution } from '../../queries/fleet';
import { titleColumns } from '../columnTitles';
import { fleetOf, runAtMoment } from './momentRunner';

export function batteryPanel(): VizPanel {
  return PanelBuilders.barchart()
    .setTitle(t('fleet.battery.title', 'Battery'))
    .setDescription(t('fleet.battery.what', 'Robots by state of charge.'))
    .setData(runAtMoment((shown) => batteryDistribution(fleetOf(shown))))
    .setOption('xField', 'Battery')
    .setOption('xTickLabelRotation', -45)
    .setOption('legend', { showLegend: false })
    .setColor({ mode: 'fixed', fixedColor: 'blue' })
    .setCustomFieldConfig('fillOpacity', 70)
    .setDecimals(0)
    .setOverrides((overrides) => titleColumns(overrides, ['Robots']))
    .build();
}

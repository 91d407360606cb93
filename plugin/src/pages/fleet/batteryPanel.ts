import type { DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  DataProviderProxy,
  PanelBuilders,
  SceneDataTransformer,
  type CustomTransformOperator,
  type SceneQueryRunner,
  type VizPanel,
} from '@grafana/scenes';
import { map } from 'rxjs';
import { cellOf, numberField, textField } from '../../queries/parts';
import { titleColumns } from '../columnTitles';

/** @param counts what the tiles ask: the batteries are in its row, so that the fleet is read once for both */
export function batteryPanel(counts: SceneQueryRunner): VizPanel {
  const $data = new DataProviderProxy({ source: counts.getRef() });
  // While its panel is not shown, it does not listen: it comes back with the answer of today, not with that of before.
  $data.addActivationHandler(() => $data.setState({ data: counts.state.data }));
  return PanelBuilders.barchart()
    .setTitle(t('fleet.battery.title', 'Battery'))
    .setDescription(t('fleet.battery.what', 'Robots by state of charge.'))
    .setData(new SceneDataTransformer({ $data, transformations: [tenths] }))
    .setOption('xField', 'Battery')
    .setOption('xTickLabelRotation', -45)
    .setOption('legend', { showLegend: false })
    .setColor({ mode: 'fixed', fixedColor: 'blue' })
    .setCustomFieldConfig('fillOpacity', 70)
    .setDecimals(0)
    .setOverrides((overrides) => titleColumns(overrides, ['Robots']))
    .build();
}

const tenths: CustomTransformOperator = () => (source) => source.pipe(map((frames) => frames.map(tenthsOf)));

/** Robots by tenth of charge, the empty tenths too. No row where the counts were not answered. */
export function tenthsOf(frame: DataFrame): DataFrame {
  const answer = cellOf(frame, 'battery_tenths');
  if (typeof answer !== 'string') return { ...frame, fields: [], length: 0 };
  const robots = JSON.parse(answer) as Array<number | string>;
  const from = Array.from({ length: 10 }, (_, tenth) => 10 * tenth);
  return {
    ...frame,
    length: from.length,
    fields: [
      textField(
        'Battery',
        from.map((percent) => `${percent}–${percent + 10} %`)
      ),
      numberField(
        'Robots',
        from.map((_, tenth) => Number(robots[tenth] ?? 0))
      ),
    ],
  };
}

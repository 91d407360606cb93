import type { DataFrame } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelBuilders, SceneDataTransformer, type CustomTransformOperator, type VizPanel } from '@grafana/scenes';
import { StackingMode, VisibilityMode } from '@grafana/schema';
import { map } from 'rxjs';
import { statusWord } from '../../floormap/fleet/status';
import { REPORTED_STATES } from '../../queries/kpis';
import { numberField } from '../../queries/parts';
import { colourOfStatus } from '../statusMappings';

/** From the calm states at the bottom to those that need somebody at the top. */
const ORDER = [
  'working',
  'idle',
  'charging',
  'manual',
  'maintenance',
  'unknown',
  'offline',
  'silent',
  'blocked',
  'error',
];

/** In which states the fleet spent its time, in percent of all robots. It reads the rows of the tiles' past. */
export function statesPanel(): VizPanel {
  return PanelBuilders.timeseries()
    .setTitle(t('fleet.shares.title', 'State shares'))
    .setDescription(
      t(
        'fleet.shares.what',
        'How the robots that reported in the time range spent it; all states are 100 %. Newest minute (or hour) that is computed.'
      )
    )
    .setData(new SceneDataTransformer({ transformations: [shares] }))
    .setNoValue(t('fleet.shares.none', 'No minute of this time range is computed yet'))
    .setUnit('percent')
    .setMin(0)
    .setMax(100)
    .setDecimals(0)
    .setCustomFieldConfig('fillOpacity', 80)
    .setCustomFieldConfig('lineWidth', 0)
    .setCustomFieldConfig('showPoints', VisibilityMode.Never)
    .setCustomFieldConfig('stacking', { mode: StackingMode.Normal, group: 'A' })
    .setOverrides((overrides) => {
      for (const state of ORDER) {
        overrides
          .matchFieldsWithName(state)
          .overrideDisplayName(statusWord(state))
          .overrideColor({ mode: 'fixed', fixedColor: colourOfStatus(state) });
      }
    })
    .build();
}

const shares: CustomTransformOperator = () => (source) =>
  source.pipe(map((frames) => frames.filter(({ refId }) => refId === 'A').map(sharesOf)));

/** A column per state that occurs, in percent; the rows of the range, not those of the week before. */
export function sharesOf(frame: DataFrame): DataFrame {
  const column = (name: string) => frame.fields.find((field) => field.name === name)?.values ?? [];
  const weeks = column('weeks_ago');
  const rows = weeks.flatMap((weeksAgo: unknown, row: number) => (Number(weeksAgo) === 0 ? [row] : []));
  const all = rows.map((row) =>
    [...REPORTED_STATES, 'silent'].reduce((sum, state) => sum + Number(column(state)[row] ?? 0), 0)
  );
  const time = frame.fields.find(({ name }) => name === 'time');
  if (!time || rows.length === 0) return { ...frame, fields: [], length: 0 };
  const fields = ORDER.map((state) =>
    numberField(
      state,
      rows.map((row, k) => (all[k] ? (100 * Number(column(state)[row] ?? 0)) / all[k] : null))
    )
  ).filter(({ values }) => values.some((value) => (value ?? 0) > 0));
  return {
    ...frame,
    length: rows.length,
    fields: [{ ...time, state: undefined, values: rows.map((row) => time.values[row] as unknown) }, ...fields],
  };
}

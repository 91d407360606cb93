import React from 'react';
import { dateTime, type TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Combobox, Stack, TimeRangeInput } from '@grafana/ui';
import { changeAddress, useAddress } from '../../grafana/address';
import { CELL_MEASURE_IDS } from '../../queries/floorCells';
import { measureTexts } from '../../queries/measureTexts';
import { readFloorChoice } from '../../queries/floorChoice';

const measures = () => [
  ...CELL_MEASURE_IDS.map((value) => {
    const { name, meaning } = measureTexts(value);
    return { value, label: name, description: meaning };
  }),
  {
    value: 'silence',
    label: t('floor.measure.silence', 'Silence'),
    description: t('floor.measure.silence_short', 'Where robots stopped reporting for more than 60 s.'),
  },
];
const comparisons = () => [
  { value: '', label: t('floor.compare.none', 'Compare with nothing') },
  { value: '1d', label: t('floor.compare.day', 'A day before') },
  { value: '7d', label: t('floor.compare.week', 'A week before') },
  { value: '28d', label: t('floor.compare.month', 'Four weeks before') },
  { value: 'own', label: t('floor.compare.own', 'Another time range') },
];

/** What the map shows and what it is compared with. Both are in the address. */
export class FloorChoices extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Choices;
}

function Choices({ model }: SceneComponentProps<FloorChoices>) {
  const parameters = [useAddress('measure'), useAddress('compare'), useAddress('compareFrom'), useAddress('compareTo')];
  const { measure, compare, ownFromMs, ownToMs } = readFloorChoice(new URLSearchParams(parameters.join('&')));
  const timeRange = sceneGraph.getTimeRange(model);
  const { value: page } = timeRange.useState();
  const own = ownToMs > ownFromMs ? rangeOf(ownFromMs, ownToMs) : page;
  return (
    <Stack direction="row" wrap="wrap" gap={1}>
      {/* Grafana's combobox takes its name from another element only. */}
      <span id="floor-measure" hidden>
        {t('floor.measure.label', 'Measure')}
      </span>
      <Combobox
        aria-labelledby="floor-measure"
        options={measures()}
        value={measure}
        width={22}
        onChange={({ value }) => changeAddress({ measure: value }, 'new step')}
      />
      <span id="floor-compare" hidden>
        {t('floor.compare.label', 'Compare with')}
      </span>
      <Combobox
        aria-labelledby="floor-compare"
        options={comparisons()}
        value={compare}
        width={26}
        onChange={({ value }) =>
          changeAddress(
            value === 'own'
              ? { compare: value, compareFrom: String(own.from.valueOf()), compareTo: String(own.to.valueOf()) }
              : { compare: value || null, compareFrom: null, compareTo: null },
            'new step'
          )
        }
      />
      {compare === 'own' && (
        <TimeRangeInput
          value={own}
          timeZone={timeRange.getTimeZone()}
          onChange={({ from, to }) =>
            changeAddress({ compareFrom: String(from.valueOf()), compareTo: String(to.valueOf()) }, 'new step')
          }
        />
      )}
    </Stack>
  );
}

function rangeOf(fromMs: number, toMs: number): TimeRange {
  const [from, to] = [dateTime(fromMs), dateTime(toMs)];
  return { from, to, raw: { from, to } };
}

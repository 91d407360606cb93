import React, { useId } from 'react';
import { t } from '@grafana/i18n';
import { Field, Input, Select, Slider, Switch, UnitPicker } from '@grafana/ui';
import { UNESCAPED } from '../../grafana/showText';
import { CELL_MEASURE_IDS } from '../../queries/floorCells';
import { measureTexts } from '../../queries/measureTexts';
import { NEW_LAYER, READY_LAYERS, type HeatLayer } from '../heatmap/heatLayer';
import { listSchemes } from '../heatmap/heatScale';
import { ScaleEnds } from './ScaleEnds';

interface LayerFieldsProps {
  layer: HeatLayer;
  /** Refs of the panel's queries. */
  refIds: readonly string[];
  takenNames: readonly string[];
  onChange: (layer: HeatLayer) => void;
}

/** Everything that can be set of one layer. */
export function LayerFields({ layer, refIds, takenNames, onChange }: LayerFieldsProps) {
  const set = (change: Partial<HeatLayer>) => onChange({ ...layer, ...change });
  const { source } = layer;
  const isQuery = source.kind === 'query';
  const id = useId();
  const isNameless = layer.name.trim() === '';
  return (
    <>
      <Field
        label={t('map.layer.name', 'Name')}
        htmlFor={`${id}name`}
        invalid={isNameless || takenNames.includes(layer.name)}
        error={
          isNameless
            ? t('map.layer.nameless', 'A layer needs a name.')
            : t('map.layer.taken', 'Another layer has this name.')
        }
      >
        <Input id={`${id}name`} value={layer.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      </Field>
      <Field
        label={t('map.layer.source', 'Source')}
        htmlFor={`${id}source`}
        description={t(
          'map.layer.source_what',
          "A query that returns x, y, value (or cell_x, cell_y, value), or the warehouse's own."
        )}
      >
        <Select
          inputId={`${id}source`}
          options={sources(refIds, source.kind === 'query' ? source.refId : null)}
          value={source.kind === 'query' ? `query ${source.refId}` : `ready ${source.measure}`}
          onChange={({ value }) => set(sourceOf(value ?? '', layer))}
        />
      </Field>
      <Field
        label={t('map.layer.compare', 'Compare with')}
        htmlFor={`${id}compared`}
        description={
          isQuery
            ? t('map.layer.compare_query', 'The map shows this query minus that one.')
            : t('map.layer.compare_span', 'The same range so much earlier: 12h, 1d, 1w. Empty: none.')
        }
      >
        {isQuery ? (
          <Select
            inputId={`${id}compared`}
            options={[
              { value: '', label: t('map.layer.nothing', 'Nothing') },
              ...refIds
                .filter((refId) => refId !== source.refId)
                .map((refId) => ({ value: refId, label: queryOf(refId) })),
            ]}
            value={layer.compareWith}
            onChange={({ value }) => set({ compareWith: value ?? '' })}
          />
        ) : (
          <Input
            // Half a span would ask the warehouse at each key. Another source begins without one.
            key={source.measure}
            id={`${id}compared`}
            defaultValue={layer.compareWith}
            placeholder={t('map.layer.nothing_typed', 'nothing')}
            onBlur={(event) => set({ compareWith: event.currentTarget.value.trim() })}
          />
        )}
      </Field>
      <Field label={t('map.layer.colours', 'Colours')} htmlFor={`${id}colours`}>
        <Select
          inputId={`${id}colours`}
          options={listSchemes()}
          value={layer.scheme}
          onChange={({ value }) => set({ scheme: value ?? '' })}
        />
      </Field>
      <Field label={t('map.layer.opacity', 'Opacity (%)')} htmlFor={`${id}opacity`}>
        <Slider
          inputId={`${id}opacity`}
          min={10}
          max={100}
          value={layer.opacity * 100}
          onChange={(percent) => set({ opacity: percent / 100 })}
        />
      </Field>
      <Field label={t('map.layer.unit', 'Unit')} htmlFor={`${id}unit`}>
        <UnitPicker id={`${id}unit`} value={layer.unit} onChange={(unit) => set({ unit: unit ?? '' })} />
      </Field>
      <ScaleEnds layer={layer} onChange={set} />
      <Field label={t('map.layer.shown', 'Shown at first')} htmlFor={`${id}shown`}>
        <Switch
          id={`${id}shown`}
          value={layer.isShown}
          onChange={(event) => set({ isShown: event.currentTarget.checked })}
        />
      </Field>
    </>
  );
}

function sources(refIds: readonly string[], own: string | null) {
  const known = own === null || refIds.includes(own) ? refIds : [...refIds, own];
  return [
    ...known.map((refId) => ({ value: `query ${refId}`, label: queryOf(refId), description: '' })),
    ...CELL_MEASURE_IDS.map((measure) => ({
      value: `ready ${measure}`,
      label: measureTexts(measure).name,
      description: measureTexts(measure).meaning,
    })),
  ];
}

function queryOf(refId: string): string {
  return t('map.layers.query', 'Query {{query}}', { query: refId, ...UNESCAPED });
}

/** The source that an option means. A ready-made one brings its unit and scale, and takes them away with it. */
export function sourceOf(option: string, { source: last }: HeatLayer): Partial<HeatLayer> {
  // Ids of queries may hold blanks.
  const kind = option.slice(0, option.indexOf(' '));
  const rest = option.slice(kind.length + 1);
  const ready = READY_LAYERS.find(({ source }) => source.kind === 'ready' && source.measure === rest);
  const { unit, min, max } = (kind === 'ready' && ready) || NEW_LAYER;
  if (kind === 'ready') return ready ? { source: ready.source, compareWith: '', unit, min, max } : {};
  const source = { kind: 'query', refId: rest } as const;
  return last.kind === 'query' ? { source, compareWith: '' } : { source, compareWith: '', unit, min, max };
}

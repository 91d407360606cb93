import React from 'react';
import { Field, Input, Select, Slider, Switch, UnitPicker } from '@grafana/ui';
import { CELL_MEASURES, type CellMeasure } from '../../queries/floorCells';
import { MEASURE_MEANING, READY_LAYERS, type HeatLayer } from './heatLayer';
import { listSchemes } from './heatScale';

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
  const isTaken = takenNames.includes(layer.name);
  return (
    <>
      <Field label="Name" invalid={isTaken} error="Another layer has this name.">
        <Input value={layer.name} onChange={(event) => set({ name: event.currentTarget.value })} />
      </Field>
      <Field
        label="Source"
        description="A query that returns x, y, value (or cell_x, cell_y, value), or the warehouse's own."
      >
        <Select
          options={sources(refIds, source.kind === 'query' ? source.refId : null)}
          value={source.kind === 'query' ? `query ${source.refId}` : `ready ${source.measure}`}
          onChange={({ value }) => set({ ...sourceOf(value ?? ''), compareWith: '' })}
        />
      </Field>
      <Field
        label="Compare with"
        description={
          isQuery
            ? 'The map shows this query minus that one.'
            : 'The same range so much earlier: 12h, 1d, 1w. Empty: none.'
        }
      >
        {isQuery ? (
          <Select
            options={[
              { value: '', label: 'Nothing' },
              ...refIds
                .filter((refId) => refId !== source.refId)
                .map((refId) => ({ value: refId, label: `Query ${refId}` })),
            ]}
            value={layer.compareWith}
            onChange={({ value }) => set({ compareWith: value ?? '' })}
          />
        ) : (
          <Input
            value={layer.compareWith}
            placeholder="nothing"
            onChange={(event) => set({ compareWith: event.currentTarget.value.trim() })}
          />
        )}
      </Field>
      <Field label="Colours">
        <Select options={listSchemes()} value={layer.scheme} onChange={({ value }) => set({ scheme: value ?? '' })} />
      </Field>
      <Field label="Opacity (%)">
        <Slider
          inputId={`opacity-${layer.name}`}
          min={10}
          max={100}
          value={layer.opacity * 100}
          onChange={(percent) => set({ opacity: percent / 100 })}
        />
      </Field>
      <Field label="Unit">
        <UnitPicker value={layer.unit} onChange={(unit) => set({ unit: unit ?? '' })} />
      </Field>
      {(['min', 'max'] as const).map((end) => (
        <Field key={end} label={end === 'min' ? 'Least' : 'Most'}>
          <Input
            type="number"
            placeholder="automatic"
            defaultValue={layer[end] ?? ''}
            onBlur={(event) => {
              const text = event.currentTarget.value.trim();
              set({ [end]: text === '' ? null : Number(text) });
            }}
          />
        </Field>
      ))}
      <Field label="Shown at first">
        <Switch value={layer.isShown} onChange={(event) => set({ isShown: event.currentTarget.checked })} />
      </Field>
    </>
  );
}

function sources(refIds: readonly string[], own: string | null) {
  const known = own === null || refIds.includes(own) ? refIds : [...refIds, own];
  const measures = Object.keys(CELL_MEASURES) as CellMeasure[];
  return [
    ...known.map((refId) => ({ value: `query ${refId}`, label: `Query ${refId}`, description: '' })),
    ...measures.map((measure) => ({
      value: `ready ${measure}`,
      label: READY_LAYERS.find(({ source }) => source.kind === 'ready' && source.measure === measure)?.name ?? measure,
      description: MEASURE_MEANING[measure],
    })),
  ];
}

/** The source that an option means; a ready-made one brings its unit and scale. */
function sourceOf(option: string): Partial<HeatLayer> {
  const [kind, rest = ''] = option.split(' ');
  if (kind === 'query') return { source: { kind: 'query', refId: rest } };
  const ready = READY_LAYERS.find(({ source }) => source.kind === 'ready' && source.measure === rest);
  return ready ? { source: ready.source, unit: ready.unit, min: ready.min, max: ready.max } : {};
}

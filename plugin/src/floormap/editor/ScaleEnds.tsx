import React, { useId, useState } from 'react';
import { t } from '@grafana/i18n';
import { Field, Input } from '@grafana/ui';
import type { HeatLayer } from '../heatmap/heatLayer';

interface ScaleEndsProps {
  layer: HeatLayer;
  onChange: (ends: Partial<Pick<HeatLayer, 'min' | 'max'>>) => void;
}

/** The numbers at the ends of a layer's scale; an empty one follows the cells. */
export function ScaleEnds({ layer, onChange }: ScaleEndsProps) {
  const { min, max } = layer;
  const id = useId();
  const isReversed = min !== null && max !== null && min >= max;
  return (
    <>
      <Field label={t('map.layer.least', 'Least')} htmlFor={`${id}least`}>
        <EndInput id={`${id}least`} end={min} onChange={(end) => onChange({ min: end })} />
      </Field>
      <Field
        label={t('map.layer.most', 'Most')}
        htmlFor={`${id}most`}
        invalid={isReversed}
        error={t('map.layer.reversed', 'The scale needs a Most above its Least.')}
      >
        <EndInput id={`${id}most`} end={max} onChange={(end) => onChange({ max: end })} />
      </Field>
    </>
  );
}

interface EndInputProps {
  id: string;
  /** From Grafana's Field. */
  invalid?: boolean;
  end: number | null;
  onChange: (end: number | null) => void;
}

/** What is typed counts when it is left: half a number would repaint the map with another scale at each key. */
function EndInput({ end, onChange, ...field }: EndInputProps) {
  const [typed, setTyped] = useState({ text: textOf(end), end });
  // Another source brings a scale of its own.
  if (typed.end !== end) setTyped({ text: textOf(end), end });
  return (
    <Input
      {...field}
      type="number"
      placeholder={t('map.layer.automatic', 'automatic')}
      value={typed.text}
      onChange={({ currentTarget }) => setTyped({ text: currentTarget.value, end })}
      onBlur={() => {
        const next = typed.text.trim() === '' ? null : Number(typed.text);
        if (next !== end) onChange(next);
      }}
    />
  );
}

function textOf(end: number | null): string {
  return end === null ? '' : String(end);
}

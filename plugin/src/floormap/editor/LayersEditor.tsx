import React, { useState } from 'react';
import type { StandardEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Collapse, IconButton, Stack } from '@grafana/ui';
import { UNESCAPED } from '../../grafana/showText';
import { nameOfLayer, NEW_LAYER, type HeatLayer } from '../heatmap/heatLayer';
import { LayerFields } from './LayerFields';

type Props = StandardEditorProps<HeatLayer[]>;

/** The list of layers in the panel's options. */
export function LayersEditor({ value, onChange, context }: Props) {
  const [open, setOpen] = useState(-1);
  const layers = value ?? [];
  const refIds = [...new Set(context.data.flatMap(({ refId }) => refId ?? []))];
  const change = (index: number, layer: HeatLayer) => onChange(layers.map((other, k) => (k === index ? layer : other)));
  const add = () => {
    onChange([...layers, { ...NEW_LAYER, name: freeName(layers) }]);
    setOpen(layers.length);
  };
  return (
    <Stack direction="column" gap={0.5}>
      {layers.map((layer, index) => (
        <Collapse
          // Names change while they are typed.
          key={index}
          collapsible
          isOpen={open === index}
          onToggle={() => setOpen(open === index ? -1 : index)}
          label={
            <Stack alignItems="center" justifyContent="space-between" flex={1}>
              <span>{nameOfLayer(layer)}</span>
              <IconButton
                name="trash-alt"
                tooltip={t('map.layer.remove', 'Remove {{name}}', { name: nameOfLayer(layer), ...UNESCAPED })}
                onClick={(event) => {
                  event.stopPropagation();
                  onChange(layers.filter((_, k) => k !== index));
                  setOpen(-1);
                }}
              />
            </Stack>
          }
        >
          <LayerFields
            layer={layer}
            refIds={refIds}
            takenNames={layers.filter((_, k) => k !== index).map(({ name }) => name)}
            onChange={(next) => change(index, next)}
          />
        </Collapse>
      ))}
      <Button variant="secondary" size="sm" icon="plus" onClick={add}>
        {t('map.layer.add', 'Add layer')}
      </Button>
    </Stack>
  );
}

function freeName(layers: readonly HeatLayer[]): string {
  const taken = new Set(layers.map(({ name }) => name));
  const nameOf = (number: number) => t('map.layer.numbered', 'Layer {{number}}', { number });
  for (let k = layers.length + 1; ; k++) if (!taken.has(nameOf(k))) return nameOf(k);
}

import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Dropdown, Menu, ToolbarButton, useStyles2 } from '@grafana/ui';
import { CELL_MEASURES } from '../../queries/floorCells';
import { UNESCAPED } from '../../grafana/showText';
import { measureTexts } from '../../queries/measureTexts';
import { nameOfLayer, type HeatLayer } from './heatLayer';
import type { Layers } from './useLayers';

/** Chooses the layer over the plan. A click shows one alone, with Ctrl or Cmd it is added or taken away. */
export function LayerMenu({ layers }: { layers: Layers }) {
  const styles = useStyles2(getStyles);
  if (layers.available.length === 0) return null;
  const shown = new Set(layers.shown.map(({ layer }) => layer.name));
  const items = (
    <Menu>
      {layers.available.map((layer) => (
        <Menu.Item
          key={layer.name}
          role="menuitemcheckbox"
          ariaChecked={shown.has(layer.name)}
          ariaLabel={nameOfLayer(layer)}
          icon={shown.has(layer.name) ? 'check-square' : 'square-shape'}
          label={nameOfLayer(layer)}
          description={meaningOf(layer)}
          onClick={(event) => layers.toggle(layer.name, event?.ctrlKey === true || event?.metaKey === true)}
        />
      ))}
    </Menu>
  );
  return (
    <div className={styles.box}>
      <Dropdown placement="bottom-end" overlay={items}>
        <ToolbarButton
          icon="layer-group"
          variant={shown.size > 0 ? 'active' : 'canvas'}
          aria-label={t('map.layers.title', 'Layers')}
        />
      </Dropdown>
    </div>
  );
}

function meaningOf({ source }: HeatLayer): string {
  if (source.kind === 'query') return t('map.layers.query', 'Query {{query}}', { query: source.refId, ...UNESCAPED });
  // A dashboard may be older or newer than this plugin.
  return source.measure in CELL_MEASURES ? measureTexts(source.measure).meaning : '';
}

const getStyles = (theme: GrafanaTheme2) => ({
  // Robots must not shine through.
  box: css({ pointerEvents: 'auto', button: { background: theme.colors.background.primary } }),
});

import React, { useState } from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { IconButton, Select, useStyles2 } from '@grafana/ui';
import { UNESCAPED } from '../../grafana/showText';
import { nameOfLayer } from './heatLayer';
import { formatCell, type Layers, type ShownLayer } from './useLayers';

const spans = () => [
  { value: '', label: t('map.layers.compare', 'Compare with …') },
  { value: '1h', label: t('map.layers.hour', 'an hour before') },
  { value: '1d', label: t('map.layers.day', 'a day before') },
  { value: '7d', label: t('map.layers.week', 'a week before') },
];

interface LegendProps {
  layers: Layers;
  /** In a small panel an open legend would hide a good part of the plan. */
  isFoldedAtFirst: boolean;
  timeRange: TimeRange;
  timeZone: string;
}

/** What the colours of each shown layer mean, at the lower right of the map. Folded, they leave the plan in sight. */
export function LayerLegends({ layers, isFoldedAtFirst, timeRange, timeZone }: LegendProps) {
  const styles = useStyles2(getStyles);
  const [isFolded, setFolded] = useState(isFoldedAtFirst);
  if (layers.shown.length === 0) return null;
  return (
    <div className={styles.list} data-testid="floormap-layers">
      {layers.shown.map((shown) => {
        const { layer } = shown;
        const name = nameOfLayer(layer);
        const said = { name, ...UNESCAPED };
        return (
          <section key={layer.name} className={styles.layer} aria-label={t('map.layers.layer', 'Layer {{name}}', said)}>
            <div className={styles.title}>
              <strong className={styles.name}>{name}</strong>
              <IconButton
                name={isFolded ? 'angle-up' : 'angle-down'}
                size="sm"
                aria-label={t('map.layers.legend', 'Legend of {{name}}', said)}
                aria-expanded={!isFolded}
                onClick={() => setFolded(!isFolded)}
              />
              <IconButton
                name="times"
                size="sm"
                aria-label={t('map.layers.hide', 'Hide {{name}}', said)}
                onClick={() => layers.toggle(layer.name, true)}
              />
            </div>
            <Scale shown={shown} />
            <AsOf shown={shown} timeZone={timeZone} />
            {!isFolded && <Comparison shown={shown} timeRange={timeRange} timeZone={timeZone} />}
            {!isFolded && layer.source.kind === 'ready' && (
              <Select
                width="auto"
                isSearchable={false}
                menuPlacement="top"
                aria-label={t('map.layers.compare_one', 'Compare {{name}} with', said)}
                options={spansWith(layer.compareWith)}
                value={layer.compareWith}
                onChange={({ value }) => layers.compare(layer.name, value ?? '')}
              />
            )}
          </section>
        );
      })}
    </div>
  );
}

/** The colours with the numbers at their ends, or why there are none. */
function Scale({ shown }: { shown: ShownLayer }) {
  const styles = useStyles2(getStyles);
  const { layer, cells, scale, isLoading, problem } = shown;
  if (problem !== '' && cells.values.length === 0)
    return <div className={styles.muted}>{t('map.layers.failed', 'No cells: see the message above.')}</div>;
  if (isLoading) return <div className={styles.muted}>{t('map.layers.loading', 'Loading …')}</div>;
  if (cells.values.length === 0) {
    return <div className={styles.muted}>{t('map.layers.none', 'No cells here in this time range.')}</div>;
  }
  // As opaque as on the map, so that they are the same colours.
  const steps = scale.colours.map(
    ([red, green, blue, alpha]) => `rgba(${red},${green},${blue},${(alpha / 255) * layer.opacity})`
  );
  return (
    <>
      <div className={styles.bar} style={{ background: `linear-gradient(to right, ${steps.join()})` }} />
      <div className={styles.ends}>
        <span>{`${scale.isUnder ? '≤ ' : ''}${formatCell(layer, scale.min)}`}</span>
        {layer.compareWith !== '' && <span>{0}</span>}
        <span>{`${scale.isOver ? '≥ ' : ''}${formatCell(layer, scale.max)}`}</span>
      </div>
      {cells.leftOut > 0 && (
        <div className={styles.muted}>
          {t('map.layers.left_out', '{{count}} rows without a number left out', {
            count: cells.leftOut,
            defaultValue_one: '1 row without a number left out',
          })}
        </div>
      )}
    </>
  );
}

/** The age of cells that could not be refreshed. */
function AsOf({ shown: { cells, problem, range }, timeZone }: { shown: ShownLayer; timeZone: string }) {
  const styles = useStyles2(getStyles);
  if (problem === '' || cells.values.length === 0) return null;
  const time = (ms: number) => dateTimeFormat(ms, { timeZone, format: 'MMM D HH:mm' });
  return (
    <div className={styles.warning}>
      {t('map.layers.as_of', 'as of {{to}}, from {{from}} on', {
        to: time(range.toMs),
        from: time(range.fromMs),
        ...UNESCAPED,
      })}
    </div>
  );
}

/** Which is A and which is B. */
function Comparison({
  shown,
  timeRange,
  timeZone,
}: { shown: ShownLayer } & Pick<LegendProps, 'timeRange' | 'timeZone'>) {
  const styles = useStyles2(getStyles);
  const { source, compareWith } = shown.layer;
  if (compareWith === '') return null;
  const time = (ms: number) => dateTimeFormat(ms, { timeZone, format: 'MMM D HH:mm' });
  const range = t('map.range', '{{from}} to {{to}}', {
    from: time(timeRange.from.valueOf()),
    to: time(timeRange.to.valueOf()),
    ...UNESCAPED,
  });
  const [a, b] = source.kind === 'query' ? [queryOf(source.refId), queryOf(compareWith)] : [range, earlier()];
  return (
    <div className={styles.muted}>
      <div>{`A: ${a}`}</div>
      <div>{`B: ${b}`}</div>
      <div>{t('map.layers.colours', 'orange: more in A, blue: more in B')}</div>
    </div>
  );

  function earlier(): string {
    return spansWith(compareWith).find(({ value }) => value === compareWith)?.label ?? '';
  }
}

function spansWith(span: string): ReturnType<typeof spans> {
  const known = spans();
  if (known.some(({ value }) => value === span)) return known;
  return [...known, { value: span, label: t('map.layers.span', '{{span}} before', { span, ...UNESCAPED }) }];
}

function queryOf(refId: string): string {
  return t('map.layers.query_short', 'query {{query}}', { query: refId, ...UNESCAPED });
}

const getStyles = (theme: GrafanaTheme2) => ({
  // Above the scale bar, which is painted in the corner.
  list: css({
    position: 'absolute',
    right: theme.spacing(1),
    bottom: theme.spacing(5),
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(0.5),
    maxHeight: '75%',
    overflowY: 'auto',
  }),
  layer: css({
    width: 200,
    padding: theme.spacing(0.5, 1, 1),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  title: css({ display: 'flex', alignItems: 'center' }),
  name: css({ flex: 1 }),
  bar: css({ height: 10, border: `1px solid ${theme.colors.border.weak}`, marginTop: theme.spacing(0.25) }),
  ends: css({ display: 'flex', justifyContent: 'space-between', fontVariantNumeric: 'tabular-nums' }),
  warning: css({ color: theme.colors.warning.text, marginBottom: theme.spacing(0.5) }),
  muted: css({ color: theme.colors.text.secondary, marginBottom: theme.spacing(0.5) }),
});

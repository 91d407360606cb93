import React, { useEffect, useState } from 'react';
import { css, cx } from '@emotion/css';
import {
  dateTimeFormat,
  formattedValueToString,
  getValueFormat,
  type DataFrame,
  type GrafanaTheme2,
  type PanelData,
} from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  sceneGraph,
  SceneObjectBase,
  type SceneComponentProps,
  type SceneDataProvider,
  type SceneObjectState,
} from '@grafana/scenes';
import { Tooltip, useStyles2, useTheme2 } from '@grafana/ui';
import { readTimeOf } from '../../grafana/rowsReadAt';
import { UNESCAPED } from '../../grafana/showText';
import { addressWithAll, PLAYBACK, useWholeAddress } from '../../grafana/address';
import { PIPELINE_URL, ROBOTS_URL, TASKS_URL } from '../../grafana/identifiers';
import { kpiTiles, type KpiRow, type KpiTile } from '../../queries/kpiTiles';
import { CannotRead } from '../CannotRead';
import { useUnread } from '../lastError';
import { evenColumns } from './evenColumns';
import { kpiTexts } from './kpiTexts';
import { momentOf } from './momentRunner';
import { SPARKLINE, sparklinePath } from './sparkline';

interface KpiTilesState extends SceneObjectState {
  /** Of the present, or of the end of a past time range. */
  counts: SceneDataProvider;
}

/** Figures on the whole fleet, each with its past, which the scene around it reads; each leads to what is behind it. */
export class KpiTiles extends SceneObjectBase<KpiTilesState> {
  static readonly Component = Tiles;

  constructor(state: KpiTilesState) {
    super(state);
    this.addActivationHandler(() => state.counts.activate());
  }
}

function Tiles({ model }: SceneComponentProps<KpiTiles>) {
  const styles = useStyles2(getStyles);
  const { counts } = model.useState();
  const fleet = counts.useState().data;
  const trend = sceneGraph.getData(model).useState().data;
  const fleetUnread = useUnread(fleet);
  const trendUnread = useUnread(trend);
  const timeRange = sceneGraph.getTimeRange(model);
  const { from, to } = timeRange.useState().value;
  const readAtMs = readTimeOf(fleet);
  const [count] = rowsOf(fleet, 'A');
  const isUnknown = Number(count?.['is_known'] ?? 1) === 0;
  const tiles = kpiTiles(
    {
      counts: count,
      trend: rowsOf(trend, 'A'),
      tasks: rowsOf(trend, 'B'),
    },
    { fromMs: from.valueOf(), toMs: to.valueOf() }
  );
  const [widthPx, measure] = useWidth();
  const columns = `repeat(${evenColumns(tiles.length, widthPx, window.innerWidth)}, 1fr)`;
  return (
    <section className={styles.all} aria-label={t('kpi.all', 'Key figures')} data-testid="kpi-tiles">
      <CannotRead what={t('kpi.fleet', 'The fleet')} unread={fleetUnread} />
      <CannotRead what={t('kpi.past', 'The past of the figures')} unread={fleetUnread ? null : trendUnread} />
      {isUnknown && Number(count?.['robots']) > 0 && (
        <p role="status" className={styles.unknown} data-testid="kpi-unknown">
          {t(
            'kpi.deleted',
            'The events of this moment are deleted: the numbers of robots are not available. Hours and minutes remain in the curves.'
          )}
        </p>
      )}
      <div className={styles.tiles} ref={measure} style={widthPx > 0 ? { gridTemplateColumns: columns } : undefined}>
        {tiles.map((tile) => (
          <Tile key={tile.id} tile={tile} expected={String((isUnknown ? null : count?.['expected']) ?? '–')} />
        ))}
      </div>
      {/* Counts of another moment than the map's may differ from it without being wrong. */}
      {readAtMs !== undefined && Number.isNaN(momentOf(timeRange.state.value)) && (
        <p className={styles.asOf} data-testid="kpi-as-of">
          {t('kpi.as_of', 'Figures as of {{time}}. The live map can be some seconds newer.', {
            time: dateTimeFormat(readAtMs, { timeZone: timeRange.getTimeZone(), format: 'HH:mm:ss' }),
            ...UNESCAPED,
          })}
        </p>
      )}
    </section>
  );
}

/** Width in CSS pixels of the element that takes the returned ref; 0 while there is none. */
function useWidth(): [number, (element: HTMLElement | null) => void] {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [widthPx, setWidthPx] = useState(0);
  useEffect(() => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) => setWidthPx(entry?.contentRect.width ?? 0));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return [widthPx, setElement];
}

function Tile({ tile, expected }: { tile: KpiTile; expected: string }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const address = useWholeAddress();
  const isCalm = tile.isTrouble && !tile.value;
  const colour = theme.visualization.getColorByName(isCalm || tile.colour === 'text' ? 'gray' : tile.colour);
  const value = format(tile, tile.value);
  const { name, meaning } = kpiTexts(tile.id, expected);
  const before =
    tile.weekBefore === null ? '' : t('kpi.before', '{{value}} a week ago', { value: format(tile, tile.weekBefore) });
  const all = [...tile.points, ...tile.pointsBefore];
  return (
    <Tooltip content={before === '' ? meaning : `${meaning} ${t('kpi.dashed', 'Dashed: the same time a week ago.')}`}>
      <a
        className={cx(styles.tile)}
        href={addressOfTile(tile, address)}
        style={{ borderLeftColor: isCalm || tile.colour === 'text' ? theme.colors.border.medium : colour }}
        data-testid={`kpi-${tile.id}`}
      >
        <span className={styles.name}>{name}</span>
        <span className={styles.value}>{value}</span>
        <span className={styles.before}>{before}</span>
        {all.some((point) => point !== null) && (
          <svg
            className={styles.line}
            viewBox={`0 0 ${SPARKLINE.width} ${SPARKLINE.height}`}
            preserveAspectRatio="none"
            aria-hidden
          >
            <path
              d={sparklinePath(tile.pointsBefore, all)}
              stroke={theme.colors.text.secondary}
              strokeDasharray="3 3"
              opacity={0.7}
            />
            <path d={sparklinePath(tile.points, all)} stroke={colour} />
          </svg>
        )}
      </a>
    </Tooltip>
  );
}

function format({ unit, decimals }: KpiTile, value: number | null): string {
  return value === null ? '–' : formattedValueToString(getValueFormat(unit)(value, decimals));
}

/** The page behind a figure, with the time range, the filters and the selection: its list is of the robots that the figure counts. */
export function addressOfTile({ leadsTo }: Pick<KpiTile, 'leadsTo'>, address: URLSearchParams): string {
  // Each page has its own pace, and the tile does not show the playback.
  const rest = { [PLAYBACK]: null, refresh: null };
  if (leadsTo === 'tasks') return addressWithAll(TASKS_URL, address, rest);
  if (leadsTo === 'pipeline') return addressWithAll(PIPELINE_URL, address, rest);
  return addressWithAll(ROBOTS_URL, address, { ...rest, status: leadsTo.robots, page: null });
}

function rowsOf(data: PanelData | undefined, refId: string): KpiRow[] {
  const frame: DataFrame | undefined = data?.series.find((one) => one.refId === refId);
  if (!frame) return [];
  return Array.from({ length: frame.length }, (_, row) =>
    Object.fromEntries(frame.fields.map(({ name, values }) => [name, values[row] as unknown]))
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  all: css({ width: '100%', display: 'flex', flexDirection: 'column', gap: theme.spacing(1) }),
  asOf: css({
    margin: 0,
    color: theme.colors.text.secondary,
    fontSize: 'max(11px, 0.6vw)',
    fontVariantNumeric: 'tabular-nums',
  }),
  unknown: css({ margin: 0, color: theme.colors.text.secondary }),
  tiles: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(max(118px, 6vw), 1fr))',
    gap: theme.spacing(1),
  }),
  tile: css({
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    minHeight: 'max(84px, 6vh)',
    padding: theme.spacing(0.75, 1, 3.25),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderLeft: `4px solid ${theme.colors.border.medium}`,
    borderRadius: theme.shape.radius.default,
    color: theme.colors.text.primary,
    fontVariantNumeric: 'tabular-nums',
    '&:hover': { background: theme.colors.action.hover },
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
  name: css({ color: theme.colors.text.secondary, fontSize: 'max(12px, 0.65vw)' }),
  value: css({ fontSize: 'max(22px, 1.3vw)', lineHeight: 1.15, fontWeight: theme.typography.fontWeightMedium }),
  before: css({
    minHeight: 16,
    color: theme.colors.text.secondary,
    fontSize: 'max(11px, 0.6vw)',
    whiteSpace: 'nowrap',
  }),
  line: css({
    position: 'absolute',
    left: theme.spacing(1),
    right: theme.spacing(1),
    bottom: theme.spacing(0.5),
    width: `calc(100% - ${theme.spacing(2)})`,
    height: 22,
    path: { fill: 'none', strokeWidth: 1.5, vectorEffect: 'non-scaling-stroke' },
  }),
});

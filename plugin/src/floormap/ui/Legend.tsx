import React from 'react';
import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { statusIndex, statusLabel, STATUSES, type Status } from '../fleet/status';
import type { Palette } from '../paint/palette';
import { LEGEND_HEADING_RADIANS, MarkerIcon, PinIcon } from './MarkerIcon';

interface LegendProps {
  /** Robots on this floor, by index into STATUSES. */
  counts: Uint32Array;
  /** Of the whole fleet. */
  fleetCounts: Uint32Array;
  hidden: ReadonlySet<Status>;
  palette: Palette;
  /** Of any robot. */
  hasHeadings: boolean;
  /** Markers and counts only: the names are in the tooltips. */
  isNarrow: boolean;
  onChange: (hidden: ReadonlySet<Status>) => void;
  /** Annotations with a place; a click hides or shows them. */
  annotations: { count: number; areHidden: boolean; onHide: (areHidden: boolean) => void };
}

/** Statuses with their markers, how many robots have them on this floor, and elsewhere (+3); then annotations. A click shows one status alone, with Ctrl or Cmd it hides or shows one. */
export function Legend({
  counts,
  fleetCounts,
  hidden,
  palette,
  hasHeadings,
  isNarrow,
  onChange,
  annotations,
}: LegendProps) {
  const styles = useStyles2(getStyles);
  const present = STATUSES.filter((status, index) => (fleetCounts[index] ?? 0) > 0 || hidden.has(status)).reverse();
  const hereOf = (status: Status) => counts[statusIndex(status)] ?? 0;
  const elsewhereOf = (status: Status) => (fleetCounts[statusIndex(status)] ?? 0) - hereOf(status);
  const sayCounts = (status: Status) => {
    const said = { status: statusLabel(status), here: hereOf(status), elsewhere: elsewhereOf(status) };
    return said.elsewhere > 0
      ? t('map.legend.with_elsewhere', '{{status}} {{here}}, {{elsewhere}} on other floors or not placed', said)
      : t('map.legend.here', '{{status}} {{here}}', said);
  };
  return (
    <ul className={styles.list} aria-label={t('map.legend.title', 'Legend')} data-testid="floormap-legend">
      {present.map((status) => (
        <li key={status}>
          <button
            type="button"
            className={cx(styles.item, isNarrow && styles.narrow, hidden.has(status) && styles.hidden)}
            aria-pressed={!hidden.has(status)}
            title={t('map.legend.hint', '{{counts}}. Click: only these robots. Ctrl+click: hide or show them.', {
              counts: sayCounts(status),
            })}
            aria-label={sayCounts(status)}
            onClick={(event) => onChange(nextHidden(present, hidden, status, event.ctrlKey || event.metaKey))}
          >
            <MarkerIcon status={status} palette={palette} headingRadians={hasHeadings ? LEGEND_HEADING_RADIANS : NaN} />
            {!isNarrow && <span>{statusLabel(status)}</span>}
            <span className={styles.count}>{hereOf(status)}</span>
            {elsewhereOf(status) > 0 && <span className={styles.elsewhere}>{`+${elsewhereOf(status)}`}</span>}
          </button>
        </li>
      ))}
      {annotations.count > 0 && (
        <li>
          <button
            type="button"
            className={cx(styles.item, isNarrow && styles.narrow, annotations.areHidden && styles.hidden)}
            aria-pressed={!annotations.areHidden}
            title={t(
              'map.legend.annotations_hint',
              'Annotations of the dashboard at their place. Click: hide or show them. A: go from one to the next.'
            )}
            aria-label={t('map.legend.annotation_count', 'Annotations {{annotations}}', {
              annotations: annotations.count,
            })}
            onClick={() => annotations.onHide(!annotations.areHidden)}
          >
            <PinIcon palette={palette} />
            {!isNarrow && <span>{t('map.legend.annotations', 'Annotations')}</span>}
            <span className={styles.count}>{annotations.count}</span>
          </button>
        </li>
      )}
    </ul>
  );
}

/** What is hidden after a click, in the manner of Grafana's own legends. */
export function nextHidden(
  present: readonly Status[],
  hidden: ReadonlySet<Status>,
  clicked: Status,
  toggles: boolean
): ReadonlySet<Status> {
  if (toggles) {
    const next = new Set(hidden);
    if (!next.delete(clicked)) next.add(clicked);
    return next;
  }
  const others = present.filter((status) => status !== clicked);
  const isAlone = !hidden.has(clicked) && others.every((status) => hidden.has(status));
  return new Set(isAlone ? [] : others);
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.25, 0.5),
    margin: 0,
    padding: theme.spacing(0.5, 0.5, 0, 0.5),
    listStyle: 'none',
  }),
  item: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    padding: theme.spacing(0.25, 0.75),
    border: 0,
    borderRadius: theme.shape.radius.default,
    background: 'transparent',
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    whiteSpace: 'nowrap',
    '&:hover': { background: theme.colors.action.hover },
  }),
  narrow: css({ gap: 0, padding: theme.spacing(0, 0.25) }),
  hidden: css({ opacity: 0.4 }),
  elsewhere: css({ fontVariantNumeric: 'tabular-nums', color: theme.colors.text.disabled }),
  count: css({ fontVariantNumeric: 'tabular-nums', color: theme.colors.text.secondary }),
});

import React, { useRef, useState, type KeyboardEvent } from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { ageNow, formatAge } from '../fleet/age';
import type { Fleet } from '../fleet/fleet';
import { countReason, countRobots } from '../fleet/describe';
import { showText, UNESCAPED } from '../../grafana/showText';
import { commonReasons, type Placement } from '../fleet/placement';
import { useNow } from './useNow';

/** Ids listed for one reason; a longer list belongs in a table panel. */
const MAX_LISTED = 50;
/** Reasons listed, the commonest first; more of them come from a column that tells no floors. */
const MAX_REASONS = 20;

interface CountsProps {
  fleet: Fleet;
  placement: Placement;
  /** Robots that have a place but are filtered out by the legend. */
  filteredOut: number;
  /** Robots that have a place beside the plan, or without one far from all others. */
  offPlan: number;
  hasPlan: boolean;
  onShowOffPlan: () => void;
  /** An answer older than this says so: its robots may be anywhere. */
  staleAfterSeconds: number;
  /** Of the map. A narrow one needs shorter words. */
  widthPx: number;
  timeZone: TimeZone;
  onFocus: (robot: number) => void;
}

/** Narrower, the words would take a second row, over robots. */
const TIGHT_PX = 320;
/** Narrower, there is room for the numbers only. */
const TINY_PX = 260;

/** Here + other floors + not placed = fleet, always on screen; the robots that are not drawn are listed with the reason. */
export function Counts(props: CountsProps) {
  const {
    fleet,
    placement,
    filteredOut,
    offPlan,
    hasPlan,
    onShowOffPlan,
    staleAfterSeconds,
    widthPx,
    timeZone,
    onFocus,
  } = props;
  const styles = useStyles2(getStyles);
  const [isOpen, setOpen] = useState(false);
  const answerAgeSeconds = ageNow(0, fleet.readAtMs, useNow());
  const { placed, elsewhere } = placement;
  const notPlaced = fleet.count - placed - elsewhere;
  const hidden = notPlaced + elsewhere;
  const words = wordsFor(widthPx);
  const opener = useRef<HTMLButtonElement>(null);
  const closeByKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    // The focus may stand on a robot of the list that goes.
    opener.current?.focus();
  };
  return (
    <div className={styles.box} onKeyDown={closeByKey}>
      {isOpen && hidden > 0 && (
        <div className={styles.list} data-testid="floormap-not-placed">
          {commonReasons(placement, MAX_REASONS).map(([reason, robots]) => (
            <div key={reason}>
              <strong>{countReason(robots.length, reason)}</strong>
              <div className={styles.ids}>
                {robots.slice(0, MAX_LISTED).map((robot) => (
                  <button key={robot} type="button" className={styles.link} onClick={() => onFocus(robot)}>
                    {showText(fleet.robotIds[robot] ?? '')}
                  </button>
                ))}
                {robots.length > MAX_LISTED && (
                  <span>{t('moment.more', 'and {{robots}} more', { robots: robots.length - MAX_LISTED })}</span>
                )}
              </div>
            </div>
          ))}
          {placement.reasons.size > MAX_REASONS && (
            <span>
              {t('map.counts.more_reasons', 'and {{reasons}} more reasons', {
                reasons: placement.reasons.size - MAX_REASONS,
              })}
            </span>
          )}
        </div>
      )}
      <div
        className={styles.line}
        title={sumOf(placed, elsewhere, notPlaced, fleet.count)}
        data-testid="floormap-counts"
      >
        <span>{elsewhere > 0 ? words.here(placed) : words.placed(placed)}</span>
        {elsewhere > 0 && (
          <>
            <span aria-hidden> + </span>
            <button
              ref={notPlaced > 0 ? undefined : opener}
              type="button"
              className={styles.floors}
              aria-expanded={isOpen}
              aria-label={onFloors(elsewhere)}
              onClick={() => setOpen(!isOpen)}
            >
              {words.elsewhere(elsewhere)}
            </button>
          </>
        )}
        <span aria-hidden> + </span>
        {notPlaced > 0 ? (
          <button
            ref={opener}
            type="button"
            className={styles.opener}
            aria-expanded={isOpen}
            aria-label={notPlacedOf(notPlaced)}
            onClick={() => setOpen(!isOpen)}
          >
            {words.notPlaced(notPlaced)}
          </button>
        ) : (
          <span>{words.notPlaced(0)}</span>
        )}
        <span>{` = ${words.robots(fleet.count)}`}</span>
        {!Number.isNaN(fleet.asOfMs) && (
          <span className={styles.warning}>
            {` · ${t('map.counts.as_of', 'as of {{time}}', { time: dateTimeFormat(fleet.asOfMs, { timeZone }), ...UNESCAPED })}`}
          </span>
        )}
        {answerAgeSeconds > staleAfterSeconds && (
          <span className={styles.warning}>
            {` · ${t('map.counts.as_of_age', 'as of {{age}} ago', { age: formatAge(answerAgeSeconds) })}`}
          </span>
        )}
        {offPlan > 0 && (
          <span className={styles.whole}>
            {' · '}
            <button
              type="button"
              className={styles.opener}
              title={
                hasPlan ? t('map.counts.show_off', 'Show them with the plan') : t('robots.show_all', 'Show all robots')
              }
              onClick={onShowOffPlan}
            >
              {hasPlan
                ? t('map.counts.beside', '{{robots}} beside the plan', { robots: offPlan })
                : t('map.counts.far', '{{robots}} far from the others', { robots: offPlan })}
            </button>
          </span>
        )}
        {filteredOut > 0 && (
          <span className={styles.muted}>
            {` · ${t('map.counts.hidden', '{{robots}} hidden by the legend', { robots: filteredOut })}`}
          </span>
        )}
        {fleet.olderRows > 0 && (
          <span className={styles.muted}>
            {` · ${t('map.counts.older', '{{count}} older rows ignored', { count: fleet.olderRows, defaultValue_one: '1 older row ignored' })}`}
          </span>
        )}
        {fleet.namelessRows > 0 && (
          <span className={styles.warning}>
            {` · ${t('map.counts.nameless', '{{count}} rows without a robot ignored', { count: fleet.namelessRows, defaultValue_one: '1 row without a robot ignored' })}`}
          </span>
        )}
      </div>
    </div>
  );
}

/** What stands beside each number; on a narrow map fewer words. */
function wordsFor(widthPx: number) {
  if (widthPx < TINY_PX) return { placed: String, here: String, elsewhere: String, notPlaced: String, robots: String };
  const isTight = widthPx < TIGHT_PX;
  return {
    placed: (robots: number) => t('map.counts.placed', '{{robots}} placed', { robots }),
    here: (robots: number) => t('map.counts.here', '{{robots}} here', { robots }),
    elsewhere: isTight ? (robots: number) => t('map.counts.elsewhere', '{{robots}} elsewhere', { robots }) : onFloors,
    notPlaced: notPlacedOf,
    robots: isTight ? String : countRobots,
  };
}

function notPlacedOf(robots: number): string {
  return t('map.counts.not_placed', '{{robots}} not placed', { robots });
}

function onFloors(robots: number): string {
  return t('map.counts.other_floors', '{{count}} on other floors', {
    count: robots,
    defaultValue_one: '1 on another floor',
  });
}

function sumOf(placed: number, elsewhere: number, notPlaced: number, all: number): string {
  const said = { placed, elsewhere: onFloors(elsewhere), notPlaced, robots: countRobots(all) };
  return elsewhere > 0
    ? t('map.counts.sum_floors', '{{placed}} placed here + {{elsewhere}} + {{notPlaced}} not placed = {{robots}}', said)
    : t('map.counts.sum', '{{placed}} placed + {{notPlaced}} not placed = {{robots}}', said);
}

const getStyles = (theme: GrafanaTheme2) => {
  const button = {
    border: 0,
    padding: 0,
    background: 'transparent',
    fontSize: 'inherit',
    textDecoration: 'underline dotted',
  };
  const card = {
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    fontSize: theme.typography.bodySmall.fontSize,
  };
  return {
    box: css({ position: 'absolute', left: theme.spacing(1), bottom: theme.spacing(1), maxWidth: '70%' }),
    line: css({
      ...card,
      display: 'inline-block',
      padding: theme.spacing(0.25, 1),
      fontVariantNumeric: 'tabular-nums',
    }),
    list: css({
      ...card,
      maxHeight: 220,
      overflowY: 'auto',
      padding: theme.spacing(1),
      marginBottom: theme.spacing(0.5),
      boxShadow: theme.shadows.z2,
    }),
    ids: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(0, 1) }),
    link: css({ ...button, color: theme.colors.text.link, textAlign: 'left', overflowWrap: 'anywhere' }),
    whole: css({ whiteSpace: 'pre' }),
    floors: css({ ...button, color: theme.colors.text.primary }),
    opener: css({ ...button, color: theme.colors.warning.text }),
    warning: css({ color: theme.colors.warning.text }),
    muted: css({ color: theme.colors.text.secondary }),
  };
};

import React, { useRef, useState, type KeyboardEvent } from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import { ageNow, formatAge } from '../fleet/age';
import type { Fleet } from '../fleet/fleet';
import { showText } from '../../grafana/showText';
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
  const words = wordsFor(widthPx, fleet.count, elsewhere);
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
              <strong>{`${robots.length} ${reason}`}</strong>
              <div className={styles.ids}>
                {robots.slice(0, MAX_LISTED).map((robot) => (
                  <button key={robot} type="button" className={styles.link} onClick={() => onFocus(robot)}>
                    {showText(fleet.robotIds[robot] ?? '')}
                  </button>
                ))}
                {robots.length > MAX_LISTED && <span>{`and ${robots.length - MAX_LISTED} more`}</span>}
              </div>
            </div>
          ))}
          {placement.reasons.size > MAX_REASONS && (
            <span>{`and ${placement.reasons.size - MAX_REASONS} more reasons`}</span>
          )}
        </div>
      )}
      <div
        className={styles.line}
        title={`${placed} placed${elsewhere > 0 ? ` here + ${elsewhere}${onFloors(elsewhere)}` : ''} + ${notPlaced} not placed = ${fleet.count} ${robotsOf(fleet.count)}`}
        data-testid="floormap-counts"
      >
        <span>{`${placed}${elsewhere > 0 ? words.here : words.placed}`}</span>
        {elsewhere > 0 && (
          <>
            <span aria-hidden> + </span>
            <button
              ref={notPlaced > 0 ? undefined : opener}
              type="button"
              className={styles.floors}
              aria-expanded={isOpen}
              aria-label={`${elsewhere}${onFloors(elsewhere)}`}
              onClick={() => setOpen(!isOpen)}
            >
              {`${elsewhere}${words.elsewhere}`}
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
            aria-label={`${notPlaced} not placed`}
            onClick={() => setOpen(!isOpen)}
          >
            {`${notPlaced}${words.notPlaced}`}
          </button>
        ) : (
          <span>{`0${words.notPlaced}`}</span>
        )}
        <span>{` = ${fleet.count}${words.robots}`}</span>
        {!Number.isNaN(fleet.asOfMs) && (
          <span className={styles.warning}>{` · as of ${dateTimeFormat(fleet.asOfMs, { timeZone })}`}</span>
        )}
        {answerAgeSeconds > staleAfterSeconds && (
          <span className={styles.warning}>{` · as of ${formatAge(answerAgeSeconds)} ago`}</span>
        )}
        {offPlan > 0 && (
          <span className={styles.whole}>
            {' · '}
            <button
              type="button"
              className={styles.opener}
              title={hasPlan ? 'Show them with the plan' : 'Show all robots'}
              onClick={onShowOffPlan}
            >
              {`${offPlan} ${hasPlan ? 'beside the plan' : 'far from the others'}`}
            </button>
          </span>
        )}
        {filteredOut > 0 && <span className={styles.muted}>{` · ${filteredOut} hidden by the legend`}</span>}
        {fleet.olderRows > 0 && (
          <span className={styles.muted}>{` · ${countRows(fleet.olderRows, 'older ')} ignored`}</span>
        )}
        {fleet.namelessRows > 0 && (
          <span className={styles.warning}>{` · ${countRows(fleet.namelessRows)} without a robot ignored`}</span>
        )}
      </div>
    </div>
  );
}

function wordsFor(widthPx: number, robots: number, robotsElsewhere: number) {
  const isTight = widthPx < TIGHT_PX;
  const [placed, notPlaced] = widthPx < TINY_PX ? ['', ''] : [' placed', ' not placed'];
  const [here, elsewhere] =
    widthPx < TINY_PX ? ['', ''] : [' here', isTight ? ' elsewhere' : onFloors(robotsElsewhere)];
  return { placed, here, elsewhere, notPlaced, robots: widthPx < TIGHT_PX ? '' : ` ${robotsOf(robots)}` };
}

function onFloors(robots: number): string {
  return robots === 1 ? ' on another floor' : ' on other floors';
}

function robotsOf(count: number): string {
  return count === 1 ? 'robot' : 'robots';
}

function countRows(rows: number, kind = ''): string {
  return `${rows} ${kind}${rows === 1 ? 'row' : 'rows'}`;
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

import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import { showText, UNESCAPED } from '../../grafana/showText';
import type { FloorRotation } from './useFloorRotation';

/** Share of the map's height that the name of the floor has, and its least size in px: it is read from across the room. */
const SHARE = 0.045;
const LEAST_PX = 18;

interface FloorSignProps {
  rotation: FloorRotation;
  mapId: string;
  everySeconds: number;
  /** Of the map. */
  heightPx: number;
}

/** Names the floor of a map that rotates, and says why it stays where it is. */
export function FloorSign({ rotation, mapId, everySeconds, heightPx }: FloorSignProps) {
  const styles = useStyles2(getStyles);
  const { nth, floors, isPaused, next } = rotation;
  const said = { nth, floors, seconds: everySeconds, ...UNESCAPED };
  return (
    <div
      className={styles.sign}
      style={{ fontSize: Math.max(LEAST_PX, Math.round(heightPx * SHARE)) }}
      data-testid="floormap-floor-sign"
    >
      <span className={styles.name}>{showText(mapId)}</span>
      {next !== null && (
        <span className={styles.rest}>
          {isPaused
            ? t('map.rotation.paused', '{{nth}} of {{floors}}, paused while the map is in use', said)
            : t('map.rotation.place', '{{nth}} of {{floors}}, the next in {{seconds}} s', said)}
        </span>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sign: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    width: 'fit-content',
    gap: '0 0.5em',
    padding: theme.spacing(0.25, 1),
    marginBottom: theme.spacing(0.5),
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.primary,
    lineHeight: 1.2,
  }),
  name: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
  rest: css({ color: theme.colors.text.secondary, fontSize: '0.55em' }),
});

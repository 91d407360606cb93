import React from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { Button, Icon, useStyles2 } from '@grafana/ui';

interface PlaybackSignProps {
  /** Milliseconds since the epoch. */
  timeMs: number;
  timeZone: TimeZone;
  onLive: () => void;
}

/** Over the map while it shows the past: nobody must take it for now. */
export function PlaybackSign({ timeMs, timeZone, onLive }: PlaybackSignProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.sign} data-testid="floormap-past">
      <Icon name="history" />
      <span>
        Playback: <strong>{dateTimeFormat(timeMs, { timeZone })}</strong>, not now
      </span>
      <Button size="sm" variant="primary" onClick={onLive}>
        Back to live
      </Button>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  sign: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    width: 'fit-content',
    gap: theme.spacing(0.75),
    marginBottom: theme.spacing(0.5),
    padding: theme.spacing(0.5, 1),
    borderRadius: theme.shape.radius.default,
    background: theme.colors.warning.main,
    color: theme.colors.warning.contrastText,
    fontVariantNumeric: 'tabular-nums',
    pointerEvents: 'auto',
  }),
});

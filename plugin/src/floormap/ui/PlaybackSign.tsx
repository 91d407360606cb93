import React from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { t, Trans } from '@grafana/i18n';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import { UNESCAPED } from '../../grafana/showText';

interface PlaybackSignProps {
  /** Milliseconds since the epoch. */
  timeMs: number;
  /** The moment before the user chose another time range, where that range does not hold it. */
  leftMs: number | null;
  timeZone: TimeZone;
  onLive: () => void;
}

/** Over the map while it shows the past: nobody must take it for now. */
export function PlaybackSign({ timeMs, leftMs, timeZone, onLive }: PlaybackSignProps) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.sign} data-testid="floormap-past">
      <Icon name="history" />
      <span>
        <Trans
          i18nKey="map.playback.sign"
          defaults="Playback: <strong>{{time}}</strong>, not now"
          values={{ time: dateTimeFormat(timeMs, { timeZone }) }}
          components={{ strong: <strong /> }}
        />
        {leftMs !== null && (
          <small data-testid="floormap-left">
            {t('map.playback.left', '{{time}} is not in the chosen time range: the playback has moved into it.', {
              time: dateTimeFormat(leftMs, { timeZone }),
              ...UNESCAPED,
            })}
          </small>
        )}
      </span>
      <Button size="sm" variant="primary" onClick={onLive}>
        {t('map.playback.live', 'Back to live')}
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
    small: { display: 'block' },
  }),
});

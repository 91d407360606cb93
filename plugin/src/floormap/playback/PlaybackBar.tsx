import React from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { IconButton, RadioButtonGroup, Select, Spinner, useStyles2 } from '@grafana/ui';
import { PLAYBACK_SPEEDS, type Playback } from './usePlayback';

/** Share of the range that one press of a step button moves, when a step of the data would not be seen. */
const STEP_SHARE = 1 / 100;

const SPEEDS = PLAYBACK_SPEEDS.map((speed) => ({ value: speed, label: `${speed}×` }));

interface PlaybackBarProps {
  playback: Playback;
  timeZone: TimeZone;
  /** Puts the speeds into a list. */
  isNarrow: boolean;
}

/** The playback's controls under the map: play, step, speed, and a slider over the dashboard's range of time. */
export function PlaybackBar({ playback, timeZone, isNarrow }: PlaybackBarProps) {
  const styles = useStyles2(getStyles);
  const { fromMs, toMs, timeMs, stepSeconds, isPlaying } = playback;
  if (playback.isLoading) {
    return (
      <div className={styles.bar}>
        <Spinner inline /> {t('map.playback.loading', 'Reading the past…')}
      </div>
    );
  }
  const step = (direction: 1 | -1) => {
    playback.play(false);
    playback.seek(timeMs + direction * Math.max(stepSeconds * 1_000, (toMs - fromMs) * STEP_SHARE));
  };
  const time = dateTimeFormat(timeMs, { timeZone });
  return (
    <div className={styles.bar} data-testid="floormap-replay">
      <IconButton name="step-backward" tooltip={t('map.playback.back', 'Step back')} onClick={() => step(-1)} />
      <IconButton
        name={isPlaying ? 'pause' : 'play'}
        size="lg"
        tooltip={isPlaying ? t('map.playback.pause', 'Pause') : t('map.playback.play', 'Play')}
        onClick={() => playback.play(!isPlaying)}
      />
      <IconButton
        name="step-backward"
        className={styles.mirrored}
        tooltip={t('map.playback.forward', 'Step forward')}
        onClick={() => step(1)}
      />
      <input
        type="range"
        className={styles.slider}
        aria-label={t('map.playback.time', 'Time')}
        aria-valuetext={time}
        data-testid="floormap-replay-slider"
        min={fromMs}
        max={toMs}
        step={1_000}
        value={timeMs}
        onChange={(event) => playback.seek(Number(event.currentTarget.value))}
      />
      <output className={styles.time}>{time}</output>
      {isNarrow ? (
        <Select
          width={9}
          aria-label={t('map.playback.speed', 'Speed')}
          options={SPEEDS}
          value={playback.speed}
          onChange={({ value }) => value !== undefined && playback.setSpeed(value)}
        />
      ) : (
        <RadioButtonGroup size="sm" options={SPEEDS} value={playback.speed} onChange={playback.setSpeed} />
      )}
      <span
        className={styles.note}
        title={t('map.playback.step_hint', 'Seconds between two recorded places of a robot')}
      >
        {playback.problem || t('map.playback.step', 'every {{seconds}} s', { seconds: stepSeconds })}
      </span>
      <IconButton
        name="times"
        tooltip={t('map.playback.close', 'Close the playback')}
        onClick={() => playback.open(false)}
      />
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 1),
    padding: theme.spacing(0.5, 1),
    fontSize: theme.typography.bodySmall.fontSize,
  }),
  // Grafana has no icon of a step forward.
  mirrored: css({ transform: 'scaleX(-1)' }),
  slider: css({ flex: 1, minWidth: 80, accentColor: theme.colors.primary.main }),
  time: css({ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
  note: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
});

import React from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Button, Icon, useStyles2 } from '@grafana/ui';
import { changeAddress, PLAYBACK, useAddress } from '../../grafana/address';
import { UNESCAPED } from '../../grafana/showText';
import { selectedRobots } from '../../queries/selection';
import { momentOf } from './momentRunner';

/** Over the page while it, or the map on it, does not show now: which moment, what else shows now, and the way back. */
export class MomentNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Notice;
}

function Notice({ model }: SceneComponentProps<MomentNotice>) {
  return (
    <>
      <SelectionNotice />
      <ShownMoment model={model} />
    </>
  );
}

/** Which figures a lasso on the map, or the picker, has narrowed down. */
function SelectionNotice() {
  const styles = useStyles2(getStyles);
  const robots = selectedRobots(new URLSearchParams(useAddress('var-robot')));
  if (robots === null) return null;
  return (
    <div className={styles.notice} role="status" data-testid="selection-notice">
      <Icon name="filter" size="lg" />
      <span>
        <strong>{t('fleet.selection.count', '{{robots}} robots are selected.', { robots: robots.length })}</strong>{' '}
        {t(
          'fleet.selection.what',
          'Tiles, "Needs attention", state shares and batteries show only these. The map and the pipeline show all robots.'
        )}
      </span>
      {/* Without the parameter, the variable would keep its robots: Grafana's variables take no notice of an absent one. */}
      <Button size="sm" onClick={() => changeAddress({ 'var-robot': '$__all' }, 'new step')}>
        {t('robots.show_all', 'Show all robots')}
      </Button>
    </div>
  );
}

function ShownMoment({ model }: SceneComponentProps<MomentNotice>) {
  const styles = useStyles2(getStyles);
  const timeRange = sceneGraph.getTimeRange(model);
  const { value } = timeRange.useState();
  const timeZone = timeRange.getTimeZone();
  const playedMs = Number(new URLSearchParams(useAddress(PLAYBACK)).get(PLAYBACK) ?? NaN);
  const endedMs = momentOf(value);
  if (!Number.isNaN(playedMs)) {
    const rest = Number.isNaN(endedMs)
      ? t('fleet.moment.rest_now', 'Tiles, "Needs attention", batteries and pipeline show now.')
      : t(
          'fleet.moment.rest_then',
          'Tiles, "Needs attention" and batteries show {{time}}, the end of the time range. The pipeline shows now.',
          { time: format(endedMs, timeZone), ...UNESCAPED }
        );
    const played =
      playedMs > 0
        ? t('fleet.moment.playback_at', 'Playback: the map shows {{time}}.', {
            time: format(playedMs, timeZone),
            ...UNESCAPED,
          })
        : t('fleet.moment.playback', 'Playback.');
    return (
      <div className={styles.notice} role="status" data-testid="moment-notice">
        <Icon name="history" size="lg" />
        <span>
          <strong>{played}</strong> {rest}
        </span>
        <Button size="sm" onClick={() => changeAddress({ [PLAYBACK]: null }, 'new step')}>
          {t('fleet.moment.return', 'Return to now')}
        </Button>
      </div>
    );
  }
  if (Number.isNaN(endedMs)) return null;
  return (
    <div className={styles.notice} role="status" data-testid="moment-notice">
      <Icon name="clock-nine" size="lg" />
      <span>
        <strong>
          {t('fleet.moment.past', 'The past: this page shows {{time}}, the end of the time range.', {
            time: format(endedMs, timeZone),
            ...UNESCAPED,
          })}
        </strong>{' '}
        {t('fleet.moment.pipeline', 'Only the pipeline shows now.')}
      </span>
      <Button size="sm" onClick={() => changeAddress({ from: 'now-1h', to: 'now' }, 'new step')}>
        {t('fleet.moment.return', 'Return to now')}
      </Button>
    </div>
  );
}

function format(timeMs: number, timeZone: TimeZone): string {
  return dateTimeFormat(timeMs, { timeZone });
}

const getStyles = (theme: GrafanaTheme2) => ({
  notice: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    width: '100%',
    marginBottom: theme.spacing(1),
    padding: theme.spacing(1, 2),
    border: `1px solid ${theme.colors.warning.border}`,
    borderLeft: `6px solid ${theme.colors.warning.main}`,
    borderRadius: theme.shape.radius.default,
    background: theme.colors.warning.transparent,
    color: theme.colors.text.primary,
    '& > span': { flex: '1 1 200px' },
  }),
});

import React from 'react';
import { dateTimeFormat, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Button, Icon } from '@grafana/ui';
import { changeAddress, PLAYBACK, useAddress } from '../../grafana/address';
import { UNESCAPED } from '../../grafana/showText';
import { selectedRobots } from '../../queries/selection';
import { momentOf } from './momentRunner';
import { Notice } from './Notice';

/** Over the page while it, or the map on it, does not show now: which moment, what else shows now, and the way back. */
export class MomentNotice extends SceneObjectBase<SceneObjectState> {
  static readonly Component = Moment;
}

function Moment({ model }: SceneComponentProps<MomentNotice>) {
  return (
    <>
      <SelectionNotice />
      <ShownMoment model={model} />
    </>
  );
}

/** Which figures a lasso on the map, or the picker, has narrowed down. */
function SelectionNotice() {
  const robots = selectedRobots(new URLSearchParams(useAddress('var-robot')));
  if (robots === null) return null;
  return (
    <Notice testId="selection-notice">
      <Icon name="filter" size="lg" />
      <span>
        <strong>{t('fleet.selection.count', '{{robots}} robots are selected.', { robots: robots.length })}</strong>{' '}
        {t(
          'fleet.selection.what',
          'Tiles, "Needs attention", state shares and batteries show only these. The selection does not narrow the map and the pipeline.'
        )}
      </span>
      {/* Without the parameter, the variable would keep its robots: Grafana's variables take no notice of an absent one. */}
      <Button size="sm" onClick={() => changeAddress({ 'var-robot': '$__all' }, 'new step')}>
        {t('robots.show_all', 'Show all robots')}
      </Button>
    </Notice>
  );
}

function ShownMoment({ model }: SceneComponentProps<MomentNotice>) {
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
      <Notice testId="moment-notice">
        <Icon name="history" size="lg" />
        <span>
          <strong>{played}</strong> {rest}
        </span>
        <Button size="sm" onClick={() => changeAddress({ [PLAYBACK]: null }, 'new step')}>
          {t('fleet.moment.return', 'Return to now')}
        </Button>
      </Notice>
    );
  }
  if (Number.isNaN(endedMs)) return null;
  return (
    <Notice testId="moment-notice">
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
    </Notice>
  );
}

function format(timeMs: number, timeZone: TimeZone): string {
  return dateTimeFormat(timeMs, { timeZone });
}

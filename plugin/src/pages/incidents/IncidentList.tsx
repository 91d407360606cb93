import React from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sceneGraph, SceneObjectBase, type SceneComponentProps, type SceneObjectState } from '@grafana/scenes';
import { Alert, Button, Icon, Text, useStyles2 } from '@grafana/ui';
import { changeAddress, useAddress } from '../../grafana/address';
import { showQuantity, showText, UNESCAPED } from '../../grafana/showText';
import { useSlow } from '../lastError';
import type { Incident } from './incidents';
import type { IncidentStore } from './incidentStore';

interface IncidentListState extends SceneObjectState {
  store: IncidentStore;
}

/** What fires and what fired in the time range. A click opens one at the moment when it began. */
export class IncidentList extends SceneObjectBase<IncidentListState> {
  static readonly Component = List;
}

const MOST_SHOWN = 200;

function List({ model }: SceneComponentProps<IncidentList>) {
  const styles = useStyles2(getStyles);
  const { incidents, problem, isCut } = model.state.store.useState();
  const timeZone = sceneGraph.getTimeRange(model).getTimeZone();
  const opened = new URLSearchParams(useAddress('incident')).get('incident');
  const isSlow = useSlow(incidents === null && problem === '');
  const notice = (problem !== '' || isSlow) && (
    <Alert
      severity={isSlow ? 'warning' : 'error'}
      title={
        isSlow
          ? t('incidents.awaited', 'Grafana has not answered with the history of alerts yet')
          : t('incidents.unreadable', 'Grafana does not answer with the history of alerts')
      }
    >
      {problem} {t('read.again', 'The page asks again at its next refresh.')}
    </Alert>
  );
  if (incidents === null)
    return notice || <Text color="secondary">{t('incidents.loading', 'Reading the history of alerts …')}</Text>;
  const firing = incidents.filter(({ endMs }) => endMs === null).length;
  return (
    <section className={styles.section} aria-labelledby="incidents" data-testid="incidents">
      {notice}
      <h2 id="incidents">
        {t('incidents.count', '{{firing}} firing, {{ended}} ended in this time range', {
          firing,
          ended: incidents.length - firing,
        })}
      </h2>
      {isCut && (
        <p role="status">
          {t('incidents.cut', 'More alerts than are shown changed: choose a shorter time range to see all.')}
        </p>
      )}
      {incidents.length === 0 && (
        <p data-testid="no-incident">{t('incidents.none', 'No alert of Floorwatch fired in this time range.')}</p>
      )}
      <ul>
        {incidents.slice(0, MOST_SHOWN).map((incident) => (
          <li key={incident.key} className={incident.key === opened ? styles.opened : undefined}>
            <span className={incident.endMs === null ? styles.firing : styles.ended}>
              <Icon name={incident.endMs === null ? 'fire' : 'check'} />{' '}
              {incident.endMs === null ? t('incidents.firing', 'firing') : t('incidents.ended', 'ended')}
            </span>
            <span className={styles.what}>
              <strong>{showText(incident.rule)}</strong> {aboutOf(incident)}
            </span>
            <span className={styles.when}>
              {incident.isOlder
                ? t('incidents.older', 'before {{time}}', {
                    time: dateTimeFormat(incident.startMs, { timeZone }),
                    ...UNESCAPED,
                  })
                : dateTimeFormat(incident.startMs, { timeZone })}
              {' · '}
              {durationOf(incident)}
            </span>
            <Button
              size="sm"
              variant="secondary"
              aria-label={t('incidents.open_this', 'Open {{rule}} of {{time}}', {
                rule: showText(incident.rule),
                time: dateTimeFormat(incident.startMs, { timeZone }),
                ...UNESCAPED,
              })}
              onClick={() => {
                changeAddress({ incident: incident.key, at: String(Math.round(incident.startMs)) }, 'new step');
                model.state.store.setState({ isOpening: true });
              }}
            >
              {t('incidents.open', 'Open')}
            </Button>
          </li>
        ))}
      </ul>
      {incidents.length > MOST_SHOWN && (
        <p>
          {t('incidents.rest', '{{count}} more are not listed.', {
            count: incidents.length - MOST_SHOWN,
            defaultValue_one: '1 more is not listed.',
          })}
        </p>
      )}
    </section>
  );
}

function aboutOf({ robotIds: [first, ...others], labels, alerts }: Incident): string {
  if (first !== undefined && others.length === 0) return showText(first);
  if (first !== undefined)
    return t('incidents.robots', '{{count}} robots', { count: others.length + 1, defaultValue_one: '1 robot' });
  const shown = labels.filter((label) => label.length < 80).slice(0, 3);
  if (shown.length > 0) return shown.map(showText).join(', ');
  return alerts === 1
    ? ''
    : t('incidents.alert_count', '{{count}} alerts', { count: alerts, defaultValue_one: '1 alert' });
}

export function durationOf({ startMs, endMs }: Pick<Incident, 'startMs' | 'endMs'>): string {
  const seconds = Math.max(0, ((endMs ?? Date.now()) - startMs) / 1_000);
  return showQuantity(seconds, 's', 1);
}

const getStyles = (theme: GrafanaTheme2) => {
  const state = (color: string) => css({ display: 'inline-flex', alignItems: 'center', gap: 4, minWidth: 80, color });
  return {
    section: css({
      width: '100%',
      padding: theme.spacing(2),
      background: theme.colors.background.primary,
      border: `1px solid ${theme.colors.border.weak}`,
      borderRadius: theme.shape.radius.default,
      h2: { margin: 0, fontSize: theme.typography.h5.fontSize },
      p: { margin: theme.spacing(1, 0, 0), color: theme.colors.text.secondary },
      ul: { listStyle: 'none', margin: theme.spacing(1, 0, 0), maxHeight: 460, overflowY: 'auto' },
      li: {
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: theme.spacing(0.5, 2),
        padding: theme.spacing(0.75, 1),
        borderTop: `1px solid ${theme.colors.border.weak}`,
      },
    }),
    opened: css({ background: theme.colors.action.selected }),
    firing: state(theme.colors.error.text),
    ended: state(theme.colors.text.secondary),
    what: css({ flex: '1 1 220px', overflowWrap: 'anywhere' }),
    when: css({ color: theme.colors.text.secondary, fontVariantNumeric: 'tabular-nums' }),
  };
};

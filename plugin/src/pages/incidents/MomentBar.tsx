import React, { useEffect, useRef } from 'react';
import { css } from '@emotion/css';
import { dateTimeFormat, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  sceneGraph,
  SceneObjectBase,
  type SceneComponentProps,
  type SceneObjectRef,
  type SceneObjectState,
} from '@grafana/scenes';
import { Button, Icon, LinkButton, Stack, useStyles2 } from '@grafana/ui';
import { addressOf, changeAddress, fitsAddress, PLAYBACK } from '../../grafana/address';
import { FLEET_URL, ROBOT_URL } from '../../grafana/identifiers';
import { showText, UNESCAPED } from '../../grafana/showText';
import { durationOf } from './IncidentList';
import type { Incident } from './incidents';
import type { IncidentStore } from './incidentStore';

interface MomentBarState extends SceneObjectState {
  store: SceneObjectRef<IncidentStore>;
  incident: Incident;
  atMs: number;
  /** There is nothing to see after it, in milliseconds. */
  nowMs: number;
}

const MINUTE_MS = 60_000;
const MOST_LINKED = 20;

/** Which moment of the incident the page shows, and the way to others. */
export class MomentBar extends SceneObjectBase<MomentBarState> {
  static readonly Component = Bar;
}

function Bar({ model }: SceneComponentProps<MomentBar>) {
  const styles = useStyles2(getStyles);
  const { store, incident, atMs, nowMs } = model.useState();
  const heading = useHeadingInView(store.resolve());
  const timeZone = sceneGraph.getTimeRange(model).getTimeZone();
  const time = (ms: number) => dateTimeFormat(ms, { timeZone });
  const goTo = (ms: number) => changeAddress({ at: String(Math.round(ms)) }, 'new step');
  const { rule, robotIds, startMs, endMs } = incident;
  const range = { from: String(Math.round(atMs - 15 * MINUTE_MS)), to: String(Math.round(atMs + 15 * MINUTE_MS)) };
  const step = (label: string, ms: number) => (
    <Button size="sm" variant="secondary" disabled={ms > nowMs} onClick={() => goTo(ms)}>
      {label}
    </Button>
  );
  return (
    <section className={styles} aria-label={t('moment.title', 'Moment')} data-testid="moment-bar">
      <Stack direction="row" wrap="wrap" gap={2} alignItems="center" justifyContent="space-between">
        <h2 ref={heading} tabIndex={-1}>
          {showText(rule)}
        </h2>
        <Button
          size="sm"
          variant="secondary"
          icon="times"
          onClick={() => changeAddress({ incident: null, at: null }, 'new step')}
        >
          {t('moment.close', 'Close')}
        </Button>
      </Stack>
      <p>
        <Icon name="history" />{' '}
        <strong>
          {t('moment.shows', 'Map, robots and flow below show {{time}}.', { time: time(atMs), ...UNESCAPED })}
        </strong>{' '}
        {endMs === null
          ? t('moment.firing', 'Fires since {{start}}, for {{duration}}.', {
              start: time(startMs),
              duration: durationOf(incident),
              ...UNESCAPED,
            })
          : t('moment.ended', 'From {{start}} to {{end}}, {{duration}}.', {
              start: time(startMs),
              end: time(endMs),
              duration: durationOf(incident),
              ...UNESCAPED,
            })}
      </p>
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
        {step(t('moment.before', '5 min before'), startMs - 5 * MINUTE_MS)}
        {step(t('moment.start', 'Start'), startMs)}
        {step(t('moment.back', '− 1 min'), atMs - MINUTE_MS)}
        {step(t('moment.forward', '+ 1 min'), atMs + MINUTE_MS)}
        {endMs !== null && step(t('moment.end', 'End'), endMs)}
        {robotIds.length > 0 && fitsAddress('var-robot', robotIds) && (
          <LinkButton
            size="sm"
            variant="secondary"
            icon="map-marker"
            href={addressOf(FLEET_URL, { 'var-robot': robotIds, ...range, [PLAYBACK]: String(Math.round(atMs)) })}
          >
            {t('moment.playback', 'Play back on the map')}
          </LinkButton>
        )}
      </Stack>
      {robotIds.length > 0 && (
        <p>
          {t('moment.robots', 'Affected robots ({{robots}}):', { robots: robotIds.length })}{' '}
          {robotIds.slice(0, MOST_LINKED).map((id, k) => (
            <React.Fragment key={id}>
              {k > 0 && ', '}
              <a href={addressOf(ROBOT_URL, { id, tab: 'history', ...range })}>{showText(id)}</a>
            </React.Fragment>
          ))}
          {robotIds.length > MOST_LINKED &&
            ` ${t('moment.more', 'and {{robots}} more', { robots: robotIds.length - MOST_LINKED })}`}
        </p>
      )}
    </section>
  );
}

/** The list of incidents is below their details: without this, opening one seems to do nothing. */
function useHeadingInView(store: IncidentStore) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { isOpening } = store.useState();
  useEffect(() => {
    if (!isOpening) return;
    heading.current?.scrollIntoView({ block: 'start' });
    heading.current?.focus({ preventScroll: true });
    store.setState({ isOpening: false });
  }, [isOpening, store]);
  return heading;
}

const getStyles = (theme: GrafanaTheme2) =>
  css({
    width: '100%',
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.warning.border}`,
    borderLeft: `6px solid ${theme.colors.warning.main}`,
    borderRadius: theme.shape.radius.default,
    // Grafana's header and the page's controls stay over the top of the page.
    h2: { margin: 0, fontSize: theme.typography.h4.fontSize, scrollMarginTop: 160 },
    p: { margin: theme.spacing(1, 0), overflowWrap: 'anywhere' },
    a: { color: theme.colors.text.link, textDecoration: 'underline' },
  });

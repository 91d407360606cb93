import React, { useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { config } from '@grafana/runtime';
import { Alert, Button, Field, Input, Modal, RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { showText, UNESCAPED } from '../../grafana/showText';
import { wordsOf } from '../../grafana/failureWords';
import { startSilences } from './silenceStore';
import { commentOf, FLOW_ALERT, GROUP_ALERT, matchersOf, ROBOT_ALERTS, type StopScope } from './silences';

const MINUTES = [30, 60, 120, 240, 480, 1440];
const FIRST_MINUTES = 60;
/** Robots that the dialog names; the others are counted. */
const NAMED = 10;

interface PlannedStopDialogProps {
  scope: StopScope;
  onClose: () => void;
  /** The silences exist. */
  onStarted: () => void;
}

/** Asks for how long and why, and says which alerts notify nobody meanwhile, and which still do. */
export function PlannedStopDialog({ scope, onClose, onStarted }: PlannedStopDialogProps) {
  const styles = useStyles2(getStyles);
  const [minutes, setMinutes] = useState(FIRST_MINUTES);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [isForbidden, setIsForbidden] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const start = async () => {
    setIsBusy(true);
    setProblem('');
    setIsForbidden(false);
    try {
      const createdBy = config.bootData.user.login;
      await startSilences({ matchers: matchersOf(scope), minutes, comment: commentOf(reason), createdBy });
      onStarted();
    } catch (error) {
      setProblem(wordsOf(error));
      setIsForbidden((error as { status?: number }).status === 403);
      setIsBusy(false);
    }
  };
  return (
    <Modal isOpen title={t('stop.title', 'Planned stop')} onDismiss={onClose} className={styles.modal}>
      <p className={styles.scope} data-testid="stop-scope">
        {scopeWords(scope)}
      </p>
      <p>{t('stop.silenced', 'These alerts notify nobody until it ends:')}</p>
      <ul className={styles.list}>
        {silencedWords(scope).map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <p className={styles.rest}>{restWords(scope)}</p>
      <Field label={t('stop.how_long', 'For how long')}>
        <RadioButtonGroup
          value={minutes}
          onChange={setMinutes}
          options={MINUTES.map((value) => ({ value, label: durationWords(value) }))}
        />
      </Field>
      <Field label={t('stop.reason', 'Reason')}>
        <Input
          value={reason}
          maxLength={200}
          placeholder={t('stop.reason_what', 'Such as: new tyres')}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Field>
      {problem !== '' && (
        <Alert
          severity="error"
          title={t('stop.failed', 'Grafana did not take it: {{problem}}', { problem, ...UNESCAPED })}
        >
          {isForbidden && t('stop.rights', 'Silences need the role Editor.')}
        </Alert>
      )}
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {t('map.calibration.cancel', 'Cancel')}
        </Button>
        <Button disabled={isBusy} onClick={() => void start()}>
          {t('stop.start', 'Start the planned stop')}
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}

/** A site, or the robots of which the first are named. */
export function scopeWords(scope: StopScope): string {
  if (scope.kind === 'site') return t('stop.site', 'Site {{site}}', { site: showText(scope.site), ...UNESCAPED });
  const names = scope.robots
    .slice(0, NAMED)
    .map(({ robotId }) => showText(robotId))
    .join(', ');
  const said = { names, more: scope.robots.length - NAMED, ...UNESCAPED };
  return said.more > 0 ? t('stop.robots_more', '{{names}} and {{more}} more', said) : names;
}

function silencedWords(scope: StopScope): string[] {
  const names = ROBOT_ALERTS.join(', ');
  const said = { names, group: GROUP_ALERT, flow: FLOW_ALERT, ...UNESCAPED };
  if (scope.kind === 'site') {
    return [
      t('stop.of_site_robots', '{{names}}: of every robot of the site', said),
      t('stop.of_site', '{{group}}, {{flow}}: of this site', said),
    ];
  }
  const ofRobots = t('stop.of_robots', '{{names}}: of these robots', said);
  if (scope.robots.length === 1) return [ofRobots];
  const sites = [...new Set(scope.robots.map(({ site }) => (site === '' ? '–' : showText(site))))].join(', ');
  return [
    ofRobots,
    t(
      'stop.of_groups',
      '{{group}}: of any group within the site ({{sites}}), because this alert does not name its robots',
      {
        ...said,
        sites,
      }
    ),
  ];
}

function restWords(scope: StopScope): string {
  const said = { group: GROUP_ALERT, flow: FLOW_ALERT, ...UNESCAPED };
  if (scope.kind === 'site')
    return t(
      'stop.rest_site',
      'Alerts about the pipeline, other sites and several sites at once still notify. So does a silent fleet, unless this is its only site. The map stays as it is.'
    );
  if (scope.robots.length === 1)
    return t(
      'stop.rest_robot',
      '{{group}} still notifies if this robot stops together with others. The map stays as it is.',
      said
    );
  return t(
    'stop.rest_robots',
    '{{group}} still notifies for a whole site or the fleet, and so does {{flow}}. The map stays as it is.',
    said
  );
}

function durationWords(minutes: number): string {
  if (minutes < 60) return t('stop.minutes', '{{minutes}} min', { minutes });
  return t('stop.hours', '{{hours}} h', { hours: minutes / 60 });
}

const getStyles = (theme: GrafanaTheme2) => ({
  modal: css({ width: 'min(640px, 95vw)' }),
  scope: css({ fontSize: theme.typography.h5.fontSize, overflowWrap: 'anywhere' }),
  list: css({ margin: theme.spacing(0, 0, 1, 3) }),
  rest: css({ color: theme.colors.text.secondary }),
});

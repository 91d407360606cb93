import React, { useState } from 'react';
import { dateTimeFormat, type TimeZone } from '@grafana/data';
import { t } from '@grafana/i18n';
import { config } from '@grafana/runtime';
import { Button, Icon, Stack } from '@grafana/ui';
import { showText, UNESCAPED } from '../../grafana/showText';
import { wordsOf } from '../../grafana/failureWords';
import { PlannedStopDialog, scopeWords } from './PlannedStopDialog';
import { endSilence, useSilences } from './silenceStore';
import { robotsIn, silenceOfRobot, type Silence, type StoppedRobot, type StopScope } from './silences';

/** Grafana lets editors silence alerts. Others see what is silenced. */
export function canSilence(): boolean {
  const { orgRole, isGrafanaAdmin } = config.bootData.user;
  return isGrafanaAdmin || orgRole === 'Editor' || orgRole === 'Admin';
}

/** Whether the alerts of a robot notify nobody, until when, and the buttons that begin and end that. */
export function PlannedStop({ robot, timeZone }: { robot: StoppedRobot; timeZone: TimeZone }) {
  const [{ silences, problem }, again] = useSilences();
  const silence = silences === null ? null : silenceOfRobot(silences, robot);
  if (silence !== null) return <Stopped silence={silence} timeZone={timeZone} onEnded={again} />;
  return (
    <>
      {problem !== '' && (
        <span role="status">
          {t('stop.not_known', 'Whether its alerts are silenced is not known: {{problem}}', { problem, ...UNESCAPED })}
        </span>
      )}
      <PlannedStopButton askScope={() => ({ kind: 'robots', robots: [robot] })} onStarted={() => void again()} />
    </>
  );
}

interface StoppedProps {
  silence: Silence;
  timeZone: TimeZone;
  onEnded: () => Promise<void>;
}

function Stopped({ silence, timeZone, onEnded }: StoppedProps) {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const end = async () => {
    setIsBusy(true);
    try {
      await endSilence(silence);
      await onEnded();
      setProblem('');
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setIsBusy(false);
    }
  };
  const robots = robotsIn(silence);
  const dayOf = (time: string | Date) => dateTimeFormat(time, { timeZone, format: 'YYYY-MM-DD' });
  const isToday = dayOf(silence.endsAt) === dayOf(new Date());
  const time = dateTimeFormat(silence.endsAt, { timeZone, ...(isToday && { format: 'HH:mm' }) });
  return (
    <Stack direction="row" wrap="wrap" gap={1} alignItems="center">
      <span role="status" data-testid="planned-stop" title={saidOf(silence)}>
        <Icon name="bell-slash" /> {t('stop.until', 'Alerts silenced until {{time}}', { time, ...UNESCAPED })}
        {silence.createdBy !== '' && t('stop.by', ' by {{who}}', { who: showText(silence.createdBy), ...UNESCAPED })}
        {robots !== null &&
          robots > 1 &&
          t('stop.with_others', ', with {{others}} other robots', { others: robots - 1 })}
        {robots === null && t('stop.with_more', ', with more than this robot')}
      </span>
      {canSilence() && (
        <Button size="sm" variant="secondary" disabled={isBusy} onClick={() => void end()}>
          {robots === 1 ? t('stop.end', 'End now') : t('stop.end_all', 'End now for all of them')}
        </Button>
      )}
      {problem !== '' && (
        <span role="alert">{t('stop.not_ended', 'Not ended: {{problem}}', { problem, ...UNESCAPED })}</span>
      )}
    </Stack>
  );
}

/** Why, and who began it. */
function saidOf({ comment, createdBy }: Silence): string {
  return [comment, createdBy].map(showText).join(' · ');
}

interface PlannedStopButtonProps {
  /** Called on a click: which robots it is about may have to be asked for. */
  askScope: () => StopScope | Promise<StopScope>;
  /** Shows what has begun. Without it, the button says so. */
  onStarted?: () => void;
}

/** Opens the dialog. Nothing for a viewer, who may not silence alerts. */
export function PlannedStopButton({ askScope, onStarted }: PlannedStopButtonProps) {
  const [scope, setScope] = useState<StopScope | null>(null);
  const [started, setStarted] = useState<StopScope | null>(null);
  const [problem, setProblem] = useState('');
  const open = async () => {
    try {
      setProblem('');
      setStarted(null);
      setScope(await askScope());
    } catch (error) {
      setProblem(wordsOf(error));
    }
  };
  if (!canSilence()) return null;
  return (
    <>
      <Button size="sm" variant="secondary" icon="bell-slash" onClick={() => void open()}>
        {t('stop.open', 'Planned stop …')}
      </Button>
      {problem !== '' && (
        <span role="alert">
          {t('stop.unread', 'The robots cannot be read: {{problem}}', { problem, ...UNESCAPED })}
        </span>
      )}
      {started !== null && (
        <span role="status" data-testid="stop-started">
          {t(
            'stop.started',
            'The planned stop has begun: {{scope}}. The page of each robot says until when, and ends it.',
            {
              scope: scopeWords(started),
              ...UNESCAPED,
            }
          )}
        </span>
      )}
      {scope !== null && (
        <PlannedStopDialog
          scope={scope}
          onClose={() => setScope(null)}
          onStarted={() => {
            setScope(null);
            if (onStarted) onStarted();
            else setStarted(scope);
          }}
        />
      )}
    </>
  );
}

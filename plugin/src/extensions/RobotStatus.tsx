import React, { useEffect, useState } from 'react';
import { css } from '@emotion/css';
import { dateTime, makeTimeRange, type DataFrame, type GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getBackendSrv } from '@grafana/runtime';
import { Stack, Text, TextLink, useStyles2, useTheme2 } from '@grafana/ui';
import { statusWord } from '../floormap/fleet/status';
import { sharePoll } from '../floormap/polling/sharedPoll';
import { addressOf, addressOfRobot } from '../grafana/address';
import { answerOf } from '../grafana/failureWords';
import { ROBOT_URL } from '../grafana/identifiers';
import type { SetupSettings } from '../grafana/dataSources';
import { showQuantity, showText, UNESCAPED } from '../grafana/showText';
import { colourOfStatus } from '../pages/statusMappings';
import { askOnce } from '../queries/askOnce';
import { robotSheet } from '../queries/oneRobot';
import { cellOf } from '../queries/parts';
import pluginJson from '../plugin.json';
import { applySettings } from '../setup/applySettings';

const REFRESH_MS = 10_000;

export interface RobotStatusProps {
  robotId: string;
}

/** What one robot does now, for pages of other plugins. It asks again every 10 s while it is seen. */
export default function RobotStatus({ robotId }: RobotStatusProps) {
  const styles = useStyles2(getStyles);
  const { frame, problem } = useRobot(robotId);
  const name = showText(robotId);
  return (
    <section className={styles.card} aria-label={name} data-testid="robot-status">
      <Stack direction="row" wrap="wrap" gap={1} alignItems="center" justifyContent="space-between">
        <strong className={styles.name}>{name}</strong>
        {frame && <Status status={textOf(frame, 'status')} />}
      </Stack>
      {problem !== '' && (
        <Text color="error">
          {t('extension.status.failed', 'The robot cannot be read. {{problem}}', { problem, ...UNESCAPED })}
        </Text>
      )}
      {problem === '' && !frame && <Text color="secondary">{t('robot.sheet.loading', 'Reading the robot …')}</Text>}
      {problem === '' && frame && frame.length === 0 && (
        <Text color="secondary">
          {t('robot.sheet.unknown_what', 'It has never reported, and nobody has registered it.')}
        </Text>
      )}
      {frame && frame.length > 0 && <Facts frame={frame} name={name} />}
      <Stack direction="row" wrap="wrap" gap={2}>
        <TextLink href={addressOfRobot(robotId)} inline={false}>
          {t('robot.sheet.map', 'Show on the map')}
        </TextLink>
        <TextLink href={addressOf(ROBOT_URL, { id: robotId })} inline={false}>
          {t('extension.status.robot', 'Open the page of this robot')}
        </TextLink>
      </Stack>
    </section>
  );
}

function Status({ status }: { status: string }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  if (status === '') return null;
  return (
    <span className={styles.status}>
      <i style={{ background: theme.visualization.getColorByName(colourOfStatus(status)) }} />
      {statusWord(status)}
    </span>
  );
}

function Facts({ frame, name }: { frame: DataFrame; name: string }) {
  if (textOf(frame, 'service') !== 'in service') {
    return <Text color="secondary">{t('robot.sheet.retired', '{{name}} is retired', { name, ...UNESCAPED })}</Text>;
  }
  // The columns of a robot without a report are 0.
  if (textOf(frame, 'status') === '') {
    return (
      <Text color="secondary">{t('robot.sheet.silent', '{{name}} has never reported', { name, ...UNESCAPED })}</Text>
    );
  }
  const place = [textOf(frame, 'map_id'), textOf(frame, 'zone_name')].filter((part) => part !== '').map(showText);
  const facts: Array<[string, string]> = [
    [t('column.floor', 'Floor'), place.join(' · ') || '–'],
    [t('column.battery', 'Battery'), showQuantity(cellOf(frame, 'battery'), 'percent', 0)],
    [t('column.error', 'Error'), showText(textOf(frame, 'error_code')) || '–'],
    [t('robot.sheet.last_arrival', 'Last arrival'), showQuantity(cellOf(frame, 'age_seconds'), 's', 0)],
  ];
  return (
    <dl>
      {facts.map(([fact, value]) => (
        <div key={fact}>
          <dt>{fact}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function useRobot(robotId: string): { frame: DataFrame | null; problem: string } {
  const [answer, setAnswer] = useState<{ of: string; frame: DataFrame | null; problem: string } | null>(null);
  useEffect(() => {
    const question = {
      key: `robot-status ${robotId}`,
      ask: () => askRobot(robotId),
      againInMs: () => REFRESH_MS,
    };
    return sharePoll(question, {
      onAnswer: (frame) => setAnswer({ of: robotId, frame, problem: '' }),
      onFailure: (error) =>
        setAnswer({ of: robotId, frame: null, problem: error instanceof Error ? error.message : '' }),
    });
  }, [robotId]);
  return answer?.of === robotId ? answer : { frame: null, problem: '' };
}

/** Pages of other plugins do not have our settings. Asked again after a failure. */
let settingsRead: Promise<void> | null = null;

async function askRobot(robotId: string): Promise<DataFrame> {
  settingsRead ??= readSettings();
  try {
    await settingsRead;
  } catch (error) {
    settingsRead = null;
    throw error;
  }
  const now = dateTime();
  return askOnce(robotSheet(robotId), makeTimeRange(dateTime(now).subtract(5, 'm'), now));
}

/** @throws Error with Grafana's words, whose failures are no errors */
async function readSettings(): Promise<void> {
  const url = `/api/plugins/${pluginJson.id}/settings`;
  try {
    const { jsonData } = await getBackendSrv().get<{ jsonData?: SetupSettings }>(url, undefined, undefined, {
      showErrorAlert: false,
    });
    applySettings(jsonData ?? {});
  } catch (error) {
    throw new Error(answerOf(error), { cause: error });
  }
}

function textOf(frame: DataFrame, field: string): string {
  const value = cellOf(frame, field);
  return typeof value === 'string' ? value : '';
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    dl: {
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fill, minmax(min(120px, 100%), 1fr))',
      gap: theme.spacing(1, 2),
      margin: 0,
    },
    dt: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    dd: { margin: 0, overflowWrap: 'anywhere', fontVariantNumeric: 'tabular-nums' },
  }),
  name: css({ overflowWrap: 'anywhere' }),
  status: css({
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    i: { width: 10, height: 10, borderRadius: '50%' },
  }),
});

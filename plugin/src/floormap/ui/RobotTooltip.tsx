import React from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Portal, useStyles2, VizTooltipContainer } from '@grafana/ui';
import { describeRobot, describeStatus } from '../fleet/describe';
import { showText, UNESCAPED } from '../../grafana/showText';
import { statusAt } from '../fleet/status';
import type { Fleet } from '../fleet/fleet';
import type { Palette } from '../paint/palette';
import { MarkerIcon } from './MarkerIcon';
import { useNow } from './useNow';

interface RobotTooltipProps {
  fleet: Fleet;
  robot: number;
  palette: Palette;
  /** Names of the alerts that fire for it. */
  alerts: readonly string[];
  /** Page coordinates of the pointer or of the robot. */
  at: { x: number; y: number };
}

/** Everything known of the robot under the pointer. */
export function RobotTooltip({ fleet, robot, palette, alerts, at }: RobotTooltipProps) {
  const styles = useStyles2(getStyles);
  const nowMs = useNow();
  return (
    <Portal>
      <VizTooltipContainer position={at} offset={{ x: 14, y: 14 }}>
        <div data-testid="floormap-tooltip" className={styles.body}>
          <div className={styles.title}>
            <MarkerIcon
              status={statusAt(fleet.statuses[robot] ?? 0)}
              palette={palette}
              headingRadians={fleet.headingRadians[robot] ?? NaN}
            />
            <strong>{showText(fleet.robotIds[robot] ?? '')}</strong>
            <span className={styles.status}>{describeStatus(fleet, robot)}</span>
          </div>
          {alerts.map((alert) => (
            <div key={alert} className={styles.alert}>
              {t('map.alert', 'Alert: {{alert}}', { alert: showText(alert), ...UNESCAPED })}
            </div>
          ))}
          <dl className={styles.facts}>
            {describeRobot(fleet, robot, nowMs).map(({ label, text }) => (
              <React.Fragment key={label}>
                <dt className={styles.label}>{label}</dt>
                <dd className={styles.fact}>{text}</dd>
              </React.Fragment>
            ))}
          </dl>
        </div>
      </VizTooltipContainer>
    </Portal>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  body: css({
    padding: theme.spacing(0.5),
    fontSize: theme.typography.bodySmall.fontSize,
    minWidth: 150,
    maxWidth: 380,
    overflowWrap: 'anywhere',
  }),
  title: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(0.75), marginBottom: theme.spacing(0.5) }),
  status: css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }),
  alert: css({ color: theme.colors.error.text, fontWeight: theme.typography.fontWeightMedium }),
  facts: css({
    display: 'grid',
    // Labels stay whole, what they say is broken where it must be.
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(0, 1.5),
    margin: 0,
    fontVariantNumeric: 'tabular-nums',
  }),
  label: css({ color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular }),
  fact: css({ margin: 0, textAlign: 'right' }),
});

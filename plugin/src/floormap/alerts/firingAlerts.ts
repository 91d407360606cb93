import { t } from '@grafana/i18n';

/** One firing alert as Grafana's own Alertmanager lists it; what we do not read is left out. */
export interface AlertInstance {
  labels?: Record<string, string>;
  status?: { state?: string };
}

/** Label by which an alert rule names the robot that it is about. */
const ROBOT_LABEL = 'robot_id';

/** Grafana's own label for the folder of a rule. */
const FOLDER_LABEL = 'grafana_folder';

/**
 * Names of the firing alerts by robot; alerts that name no robot, or are silenced, are left out.
 * @param folder only rules of this folder: another team's robots may have the same ids. '' for all
 */
export function alertsByRobot(alerts: readonly AlertInstance[], folder: string): Map<string, string[]> {
  const byRobot = new Map<string, string[]>();
  for (const { labels, status } of alerts) {
    const robotId = labels?.[ROBOT_LABEL];
    if (!robotId || status?.state !== 'active') continue;
    if (folder !== '' && labels[FOLDER_LABEL] !== folder) continue;
    const names = byRobot.get(robotId) ?? [];
    byRobot.set(robotId, [...names, labels['alertname'] ?? t('fleet.events.alert', 'Alert')]);
  }
  return byRobot;
}

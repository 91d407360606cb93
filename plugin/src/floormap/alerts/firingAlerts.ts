/** One firing alert as Grafana's own Alertmanager lists it; what we do not read is left out. */
export interface AlertInstance {
  labels?: Record<string, string>;
  status?: { state?: string };
}

/** Label by which an alert rule names the robot that it is about. */
const ROBOT_LABEL = 'robot_id';

/** Names of the firing alerts by robot; alerts that name no robot, or are silenced, are left out. */
export function alertsByRobot(alerts: readonly AlertInstance[]): Map<string, string[]> {
  const byRobot = new Map<string, string[]>();
  for (const { labels, status } of alerts) {
    const robotId = labels?.[ROBOT_LABEL];
    if (!robotId || status?.state !== 'active') continue;
    const names = byRobot.get(robotId) ?? [];
    byRobot.set(robotId, [...names, labels['alertname'] ?? 'Alert']);
  }
  return byRobot;
}

import { t } from '@grafana/i18n';

/** The tabs of the Robot page, as the parameter `tab` of the address holds them; the first is that of an address without one. */
export const ROBOT_TABS = ['now', 'history', 'telemetry', 'tasks', 'events', 'anomaly'] as const;
export type RobotTab = (typeof ROBOT_TABS)[number];

/** Never fails: what the address should not hold is taken for the first tab. */
export function tabOfAddress(parameters: URLSearchParams): RobotTab {
  const tab = parameters.get('tab');
  return ROBOT_TABS.find((one) => one === tab) ?? 'now';
}

export function titleOfTab(tab: RobotTab): string {
  switch (tab) {
    case 'now':
      return t('robot.tab.now', 'Now');
    case 'history':
      return t('robot.tab.history', 'History');
    case 'telemetry':
      return t('robot.tab.telemetry', 'Telemetry');
    case 'tasks':
      return t('robot.tab.tasks', 'Tasks');
    case 'events':
      return t('robot.tab.events', 'Events');
    case 'anomaly':
      return t('robot.tab.anomaly', 'Anomaly');
  }
}

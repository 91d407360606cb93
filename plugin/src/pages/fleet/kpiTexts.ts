import { t } from '@grafana/i18n';
import type { KpiId } from '../../queries/kpiTiles';
import { LOW_BATTERY } from '../../queries/lowBattery';

/** What people read of a figure. @param expected robots in service, '–' while that is not known */
export function kpiTexts(id: KpiId, expected: string): { name: string; meaning: string } {
  switch (id) {
    case 'online':
      return {
        name: t('kpi.online.name', 'Online of {{expected}}', { expected }),
        meaning: t(
          'kpi.online.what',
          'Robots that report, of all that are in service: those that have reported and those that are registered.'
        ),
      };
    case 'working':
      return {
        name: t('kpi.working.name', 'Working'),
        meaning: t('kpi.working.what', 'Robots with the status working.'),
      };
    case 'idle':
      return { name: t('kpi.idle.name', 'Idle'), meaning: t('kpi.idle.what', 'Robots with the status idle.') };
    case 'charging':
      return {
        name: t('kpi.charging.name', 'Charging'),
        meaning: t('kpi.charging.what', 'Robots with the status charging.'),
      };
    case 'blocked':
      return {
        name: t('kpi.blocked.name', 'Blocked'),
        meaning: t('kpi.blocked.what', 'Robots with the status blocked.'),
      };
    case 'error':
      return { name: t('kpi.error.name', 'Error'), meaning: t('kpi.error.what', 'Robots with the status error.') };
    case 'silent':
      return {
        name: t('kpi.silent.name', 'Silent'),
        meaning: t('kpi.silent.what', 'Robots without an event for more than 60 s, as far as the pipeline has stored.'),
      };
    case 'offline':
      return {
        name: t('kpi.offline.name', 'Offline'),
        meaning: t('kpi.offline.what', 'Robots that said so, or that have been silent for a day.'),
      };
    case 'manual':
      return { name: t('kpi.manual.name', 'Manual'), meaning: t('kpi.manual.what', 'Robots that a person drives.') };
    case 'maintenance':
      return {
        name: t('kpi.maintenance.name', 'Maintenance'),
        meaning: t('kpi.maintenance.what', 'Robots in maintenance.'),
      };
    case 'unknown':
      return {
        name: t('kpi.unknown.name', 'Unknown'),
        meaning: t('kpi.unknown.what', 'Robots that reported no known state.'),
      };
    case 'not_placed':
      return {
        name: t('kpi.not_placed.name', 'Not placed'),
        meaning: t('kpi.not_placed.what', 'Robots without a known place. The map does not show them.'),
      };
    case 'low_battery':
      return {
        name: t('kpi.low_battery.name', 'Low battery'),
        meaning: t('kpi.low_battery.what', 'Robots below {{percent}} % of charge.', { percent: LOW_BATTERY.percent }),
      };
    case 'tasks_per_hour':
      return {
        name: t('kpi.tasks_per_hour.name', 'Tasks per hour'),
        meaning: t('kpi.tasks_per_hour.what', 'Tasks completed in the time range, per hour.'),
      };
    case 'p95_task_seconds':
      return {
        name: t('kpi.p95_task_seconds.name', 'p95 task time'),
        meaning: t('kpi.p95_task_seconds.what', '95 of 100 tasks that ended in the time range took at most this long.'),
      };
    case 'utilisation':
      return {
        name: t('kpi.utilisation.name', 'Utilisation'),
        meaning: t(
          'kpi.utilisation.what',
          'Time working, as a share of the time that robots reported in the time range.'
        ),
      };
    case 'events_per_second':
      return {
        name: t('kpi.events_per_second.name', 'Events per second'),
        meaning: t(
          'kpi.events_per_second.what',
          'Events of the fleet in the newest minute (or hour) that is computed.'
        ),
      };
    case 'data_age_seconds':
      return {
        name: t('kpi.data_age_seconds.name', 'Data age'),
        meaning: t('kpi.data_age_seconds.what', 'Time since the newest event of any robot arrived.'),
      };
  }
}

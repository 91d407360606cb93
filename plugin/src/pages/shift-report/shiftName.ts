import { t } from '@grafana/i18n';
import { showText } from '../../grafana/showText';
import type { Shift } from '../../queries/shifts';
import type { LineId } from './shiftLines';

/** What people read of a shift: its name in Setup; the hour where it has none. */
export function shiftName({ id, name }: Shift): string {
  if (name !== '') return showText(name);
  switch (id) {
    case 'early':
      return t('shift.name.early', 'Early shift');
    case 'late':
      return t('shift.name.late', 'Late shift');
    case 'night':
      return t('shift.name.night', 'Night shift');
    default:
      return id;
  }
}

/** What people read of a figure of the report. */
export function lineName(id: LineId): string {
  switch (id) {
    case 'robots':
      return t('shift.line.robots', 'Robots that reported');
    case 'tasks_completed':
      return t('shift.line.tasks_completed', 'Tasks completed');
    case 'tasks_failed':
      return t('shift.line.tasks_failed', 'Tasks failed');
    case 'mean_seconds':
      return t('shift.line.mean_seconds', 'Mean task time');
    case 'p95_seconds':
      return t('shift.line.p95_seconds', 'p95 task time');
    case 'utilisation':
      return t('shift.line.utilisation', 'Utilisation');
    case 'seconds_working':
      return t('shift.line.seconds_working', 'Time working');
    case 'seconds_blocked':
      return t('shift.line.seconds_blocked', 'Time blocked');
    case 'seconds_error':
      return t('shift.line.seconds_error', 'Time in error');
    case 'stops':
      return t('shift.line.stops', 'Stops');
    case 'errors':
      return t('shift.line.errors', 'ERROR events');
    case 'distance_metres':
      return t('shift.line.distance_metres', 'Distance');
    case 'events':
      return t('shift.line.events', 'Events');
  }
}

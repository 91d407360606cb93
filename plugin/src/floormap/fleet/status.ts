import { t } from '@grafana/i18n';

/** What a robot is doing: what it reports, or what we conclude when it says nothing. Painting order, last on top. */
export const STATUSES = [
  'offline',
  'silent',
  'unknown',
  'maintenance',
  'idle',
  'charging',
  'working',
  'manual',
  'blocked',
  'error',
] as const;
export type Status = (typeof STATUSES)[number];

/** A status as the legend names it. */
export function statusLabel(status: Status): string {
  const word = statusWord(status);
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** A status as people read it; a word that is none stays as it is. */
export function statusWord(status: string): string {
  switch (status) {
    case 'error':
      return t('status.error', 'error');
    case 'blocked':
      return t('status.blocked', 'blocked');
    case 'silent':
      return t('status.silent', 'silent');
    case 'offline':
      return t('status.offline', 'offline');
    case 'working':
      return t('status.working', 'working');
    case 'charging':
      return t('status.charging', 'charging');
    case 'idle':
      return t('status.idle', 'idle');
    case 'manual':
      return t('status.manual', 'manual');
    case 'maintenance':
      return t('status.maintenance', 'maintenance');
    case 'unknown':
      return t('status.unknown', 'unknown');
    case 'retired':
      return t('status.retired', 'retired');
    default:
      return status;
  }
}

/** Statuses that need attention, worst first. */
export const TROUBLE: readonly Status[] = ['error', 'blocked', 'silent'];

const BY_NAME = new Map<string, number>(STATUSES.map((status, index) => [status, index]));

export function statusIndex(status: Status): number {
  return STATUSES.indexOf(status);
}

export function statusAt(index: number): Status {
  return STATUSES[index] ?? 'unknown';
}

/**
 * The status of one robot.
 * @param reported the row's `status` or `state`, in any case; anything else than a known word is 'unknown'
 * @param ageSeconds since its last event; NaN when the query does not say
 * @param silentAfterSeconds a robot that reported longer ago is silent, whatever it said last (save 'offline')
 */
export function concludeStatus(reported: unknown, ageSeconds: number, silentAfterSeconds: number): number {
  const word = reported === null || reported === undefined ? '' : String(reported).trim().toLowerCase();
  if (ageSeconds > silentAfterSeconds && word !== 'offline') return statusIndex('silent');
  // A position alone shows that the robot is running, which is all that a three-column query can say.
  if (word === '') return statusIndex(Number.isNaN(ageSeconds) ? 'unknown' : 'idle');
  return BY_NAME.get(word) ?? statusIndex('unknown');
}

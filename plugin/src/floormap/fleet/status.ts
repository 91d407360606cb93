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

export const STATUS_LABELS: Record<Status, string> = {
  offline: 'Offline',
  silent: 'Silent',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
  idle: 'Idle',
  charging: 'Charging',
  working: 'Working',
  manual: 'Manual',
  blocked: 'Blocked',
  error: 'Error',
};

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

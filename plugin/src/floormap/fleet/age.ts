/** An age in its shortest form: '7 s', '4 min', '3 h', '2 d'; '' when it is not known. */
export function formatAge(ageSeconds: number): string {
  if (!Number.isFinite(ageSeconds)) return '';
  if (ageSeconds < 99.5) return `${Math.round(ageSeconds)} s`;
  if (ageSeconds < 99.5 * 60) return `${Math.round(ageSeconds / 60)} min`;
  if (ageSeconds < 48 * 3600) return `${Math.round(ageSeconds / 3600)} h`;
  return `${Math.round(ageSeconds / 86_400)} d`;
}

const UNITS = [
  { seconds: 86_400, sign: 'd' },
  { seconds: 3_600, sign: 'h' },
  { seconds: 60, sign: 'min' },
  { seconds: 1, sign: 's' },
] as const;

/** A length of time in whole units, the two largest of them: '1 min 15 s', '2 h 5 min', '0.4 s'. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  const length = Math.abs(seconds);
  const sign = seconds < 0 ? '-' : '';
  // 0 s would read as nothing at all.
  if (length < 10) return `${sign}${Number(length.toFixed(1))} s`;
  const large = UNITS.findIndex((unit) => Math.round(length) >= unit.seconds);
  const [unit, smaller] = [UNITS[large] ?? UNITS[3], UNITS[large + 1]];
  if (!smaller) return `${sign}${Math.round(length)} ${unit.sign}`;
  // Rounded as a whole: 59.7 min must not become 59 min 60 s.
  const rest = Math.round(length / smaller.seconds);
  const perUnit = unit.seconds / smaller.seconds;
  const small = rest % perUnit;
  return `${sign}${Math.floor(rest / perUnit)} ${unit.sign}${small === 0 ? '' : ` ${small} ${smaller.sign}`}`;
}

/** The age now, of what was `ageSeconds` old when the fleet was read. */
export function ageNow(ageSeconds: number, readAtMs: number, nowMs: number): number {
  return ageSeconds + Math.max(0, nowMs - readAtMs) / 1000;
}

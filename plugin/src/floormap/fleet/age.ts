/** An age in the shortest form that still tells: '7 s', '4 min', '3 h', '2 d'; '' when it is not known. */
export function formatAge(ageSeconds: number): string {
  if (!Number.isFinite(ageSeconds)) return '';
  if (ageSeconds < 99.5) return `${Math.round(ageSeconds)} s`;
  if (ageSeconds < 99.5 * 60) return `${Math.round(ageSeconds / 60)} min`;
  if (ageSeconds < 48 * 3600) return `${Math.round(ageSeconds / 3600)} h`;
  return `${Math.round(ageSeconds / 86_400)} d`;
}

/** The age now, of what was `ageSeconds` old when the fleet was read. */
export function ageNow(ageSeconds: number, readAtMs: number, nowMs: number): number {
  return ageSeconds + Math.max(0, nowMs - readAtMs) / 1000;
}

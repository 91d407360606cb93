import { failed, ok, warning, type Finding } from './finding.ts';

/** Ages on the pages and in the alerts are wrong by as much. */
const NOTICEABLE_MS = 5_000;
/** A robot counts as silent after 60 s at the earliest. */
const WRONG_MS = 60_000;

/** Another machine's clock as it was read between two moments of ours; all in milliseconds since the epoch. */
export interface ClockReading {
  askedMs: number;
  theirsMs: number;
  answeredMs: number;
}

/** How far their clock is ahead of ours: at least this far, since the answer was on its way for an unknown time. */
export function clockAheadMs({ askedMs, theirsMs, answeredMs }: ClockReading): number {
  if (theirsMs > answeredMs) return theirsMs - answeredMs;
  return theirsMs < askedMs ? theirsMs - askedMs : 0;
}

export function clockFinding(of: string, reading: ClockReading): Finding {
  const check = `clock of ${of}`;
  const aheadMs = clockAheadMs(reading);
  const apart = Math.abs(aheadMs);
  if (apart < NOTICEABLE_MS) return ok(check, `agrees with this machine's to ${(apart / 1000).toFixed(1)} s`);
  const detail = `${(apart / 1000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const remedy = 'Synchronise both machines with NTP (chrony, systemd-timesyncd).';
  return apart < WRONG_MS ? warning(check, detail, remedy) : failed(check, detail, remedy);
}

import { failed, ok, warning, type Finding } from './finding.ts';

/** Ages on pages and in alerts are wrong by the clock difference. */
const NOTICEABLE_MS = 5_000;
/** The shortest silence limit of a robot is 60 s. */
const WRONG_MS = 60_000;

/** Another machine's clock, read between two times of our clock; all in milliseconds since the epoch. */
export interface ClockReading {
  askedMs: number;
  theirsMs: number;
  answeredMs: number;
}

/** How far their clock is ahead of ours, at least. The network delay of the response is unknown. */
export function clockAheadMs({ askedMs, theirsMs, answeredMs }: ClockReading): number {
  if (theirsMs > answeredMs) return theirsMs - answeredMs;
  return theirsMs < askedMs ? theirsMs - askedMs : 0;
}

export function clockFinding(of: string, reading: ClockReading): Finding {
  const check = `clock of ${of}`;
  const aheadMs = clockAheadMs(reading);
  const apart = Math.abs(aheadMs);
  if (apart < NOTICEABLE_MS) return ok(check, `differs from this machine's by at most ${(apart / 1000).toFixed(1)} s`);
  const detail = `${(apart / 1000).toFixed(1)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this machine's`;
  const remedy = 'Synchronise both machines with NTP (chrony, systemd-timesyncd).';
  return apart < WRONG_MS ? warning(check, detail, remedy) : failed(check, detail, remedy);
}

import { expect, test } from 'vitest';
import { Ledger } from '../fleet/ledger.ts';
import type { RobotReport } from '../fleet/report.ts';
import { telemetryDropoffCheck } from './telemetry-dropoff.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 12, 30);
const report = (robotId: string, agoMs: number, state = 'working'): RobotReport => ({
  ...{
    eventId: `${robotId}-${agoMs}`,
    robotId,
    tsMs: NOW_MS - agoMs,
    eventType: 'HEARTBEAT',
    taskId: null,
    state,
    errorCode: null,
  },
  ...{ x: 1, y: 1, mapId: 'hall', siteId: 'site', battery: 50, speed: 1, score: null, deviationMetres: null },
});

/** Two hours every ten seconds, so that 60 s of silence are too long. */
function ledgerOf(robots: Record<string, { silentMs: number; state?: string }>): Ledger {
  const ledger = new Ledger();
  for (let agoMs = 3 * 3_600_000; agoMs >= 0; agoMs -= 10_000) {
    const reports = Object.entries(robots).flatMap(([robotId, { silentMs, state }]) =>
      agoMs >= silentMs ? [report(robotId, agoMs, state)] : []
    );
    const messages = reports.map((one) => ({ key: one.robotId, partition: 0, parts: [one] }));
    ledger.add(messages, NOW_MS - agoMs, new Map([[0, 0]]));
  }
  return ledger;
}

const row = (robot_id: string, silent_seconds: number) => ({
  ...{
    robot_id,
    silent_seconds,
    allowed_seconds: 60,
    ts_ms: NOW_MS - silent_seconds * 1_000,
    site_id: 'site',
    map_id: 'hall',
    state: 'working',
    zone_id: null,
    zone_name: null,
  },
});

test('a silent robot must be named, one that reports or went offline must not', () => {
  const ledger = ledgerOf({
    live: { silentMs: 0 },
    silent: { silentMs: 100_000 },
    off: { silentMs: 100_000, state: 'offline' },
  });
  const compare = (rows: Record<string, unknown>[]) =>
    telemetryDropoffCheck(ledger).compare(rows, { askedMs: NOW_MS, answeredMs: NOW_MS + 100, isAtRest: false })
      .mismatches;
  expect(compare([row('silent', 100)])).toEqual([]);
  expect(compare([])).toEqual(['silent: is missing']);
  expect(compare([row('silent', 100), row('live', 70)])).toEqual(['live: should not be there']);
  expect(compare([row('silent', 100), row('off', 100)])).toEqual(['off: should not be there']);
  expect(compare([row('silent', 40)])).toHaveLength(2);
  expect(compare([{ ...row('silent', 100), allowed_seconds: 360 }])).toHaveLength(1);
});

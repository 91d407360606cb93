import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { keepFolder, temporaryFolder } from '@floorwatch/servers/guard';
import { createRandom } from '@floorwatch/demo/fleet/random';
import { stopAllChildren } from '@floorwatch/servers/child';
import type { Fault } from './fault.ts';
import { FAULTS, HEALTH } from './faults.ts';
import { AlertFleet } from './fleet.ts';
import { startReceiver } from './receiver.ts';
import { runFault, type FaultReport } from './run-fault.ts';
import { startAlertStack, TOPIC } from './stack.ts';

export interface AlertsOptions {
  /** Names of faults; all if absent. */
  only?: readonly string[] | undefined;
  /** Selects robots, zones and times. */
  seed: number;
  healthMinutes: number;
  say: (line: string) => void;
  /** Receives each report as soon as it is there. */
  onReport?: (report: FaultReport) => void;
  keep?: boolean;
}

const ROBOTS = 200;
/** The stack starts, and each rule is evaluated a few times. */
const WARM_UP_SECONDS = 90;

/** Breaks one thing at a time on a real stack, and compares the pages with what an on-call engineer should get. */
export async function runAlerts(options: AlertsOptions): Promise<FaultReport[]> {
  const { seed, say } = options;
  const faults = chosen(options.only);
  const dir = temporaryFolder('floorwatch-alerts');
  const receiver = await startReceiver(say);
  const reports: FaultReport[] = [];
  let fleet: AlertFleet | undefined;
  try {
    const robotIds = Array.from({ length: ROBOTS }, (_, i) => `amr-${String(i + 1).padStart(3, '0')}`);
    const stack = await startAlertStack(dir, receiver.url, robotIds);
    fleet = new AlertFleet({ brokers: stack.brokers, topic: TOPIC, robots: ROBOTS, seed });
    await fleet.start();
    say(`Grafana: ${stack.grafanaUrl}`);
    await sleep(WARM_UP_SECONDS * 1000);
    const random = createRandom(seed);
    for (const fault of faults) {
      say(fault.name);
      const report = await runFault(fault, { stack, fleet, random }, receiver, options.healthMinutes);
      reports.push(report);
      options.onReport?.(report);
    }
    return reports;
  } finally {
    await fleet?.stop().catch(() => undefined);
    receiver.stop();
    await stopAllChildren();
    if (options.keep) {
      keepFolder(dir);
      say(`logs: ${dir}`);
    } else rmSync(dir, { recursive: true, force: true });
  }
}

function chosen(only: readonly string[] | undefined): readonly Fault[] {
  if (only === undefined) return [HEALTH, ...FAULTS.filter((fault) => fault !== HEALTH)];
  return only.flatMap((name) => FAULTS.find((fault) => fault.name === name) ?? []);
}

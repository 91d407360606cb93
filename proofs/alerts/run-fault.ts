import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, Target } from './fault.ts';
import { HEALTH } from './faults.ts';
import type { Notification, Receiver } from './receiver.ts';

/** One line of the output of `alerts`. Programs read it, so the names do not change. */
export interface FaultReport {
  fault: string;
  expected_alerts: string[];
  /** Rules that paged, each once. */
  received: string[];
  /** Pages of other rules. */
  false_alerts: number;
  /** Pages before the fix that say "resolved" of an alert that began with the fault. Grafana repeats for some time what was resolved before. */
  false_resolves: number;
  /** From the moment the condition holds; null: no page. */
  seconds_to_page: number | null;
  /** From the fix; null: not resolved. */
  resolved_seconds: number | null;
  /** Pages, without those that say "resolved". */
  notifications: number;
  /** Whether the page names what is broken. */
  named: boolean;
  ok: boolean;
}

const PAGE_WITHIN_SECONDS = 120;
const RESOLVED_WITHIN_SECONDS = 180;
/** The fault stays for longer, to see whether a second page or a false "resolved" follows. */
const STAYS_SECONDS = 30;
/** After a restart, an alert would be pending for up to 80 s and then be sent. */
const WATCH_SECONDS = 120;
const AFTER_SECONDS = 10;

/** Breaks one thing, waits for the page, fixes it, and waits for the end of the alert. */
export async function runFault(
  fault: Fault,
  target: Target,
  receiver: Receiver,
  healthMinutes: number
): Promise<FaultReport> {
  const cleanUp = await fault.prepare?.(target);
  const report = await runPrepared(fault, target, receiver, healthMinutes);
  await cleanUp?.();
  return report;
}

async function runPrepared(
  fault: Fault,
  target: Target,
  receiver: Receiver,
  healthMinutes: number
): Promise<FaultReport> {
  const from = receiver.notifications.length;
  const since = (): readonly Notification[] => receiver.notifications.slice(from);
  const startMs = Date.now();
  const { names, fix, ...injected } = await fault.inject(target);
  if (fault.expects === null) {
    await sleep(1000 * (fault === HEALTH ? healthMinutes * 60 : WATCH_SECONDS));
    return judge(fault, since(), { startMs, holdsMs: startMs, fixedMs: Date.now(), names });
  }
  const holdsMs = injected.holdsMs ?? startMs + fault.holdsAfterSeconds * 1000;
  const expected = (status: string) => since().find((page) => page.status === status && ruleOf(page) === fault.expects);
  await until(() => expected('firing') !== undefined, holdsMs + (PAGE_WITHIN_SECONDS + 15) * 1000);
  await sleep(STAYS_SECONDS * 1000);
  const fixedMs = Date.now();
  await fix();
  if (expected('firing'))
    await until(() => isResolvedAfter(since(), fault, fixedMs), fixedMs + (RESOLVED_WITHIN_SECONDS + 15) * 1000);
  await sleep(AFTER_SECONDS * 1000);
  return judge(fault, since(), { startMs, holdsMs, fixedMs, names });
}

function judge(
  fault: Fault,
  pages: readonly Notification[],
  { startMs, holdsMs, fixedMs, names }: { startMs: number; holdsMs: number; fixedMs: number; names: readonly string[] }
): FaultReport {
  const firing = pages.filter(({ status }) => status === 'firing');
  const expected = firing.filter((page) => ruleOf(page) === fault.expects);
  const resolved = pages.find(
    (page) => page.status === 'resolved' && ruleOf(page) === fault.expects && page.receivedMs >= fixedMs
  );
  const [first] = expected;
  const text =
    first === undefined
      ? ''
      : [first.title, first.message, ...first.alerts.map(({ annotations }) => annotations['detail'])].join('\n');
  const seconds = (ms: number): number => Math.max(0, Math.round(ms / 100) / 10);
  const report = {
    fault: fault.name,
    expected_alerts: fault.expects === null ? [] : [fault.expects],
    received: [...new Set(firing.map(ruleOf))],
    false_alerts: firing.length - expected.length,
    false_resolves: pages.filter(
      (page) =>
        page.receivedMs < fixedMs &&
        page.alerts.some(({ status, startsAt }) => status === 'resolved' && Date.parse(startsAt) >= startMs)
    ).length,
    seconds_to_page: first === undefined ? null : seconds(first.receivedMs - holdsMs),
    resolved_seconds: resolved === undefined ? null : seconds(resolved.receivedMs - fixedMs),
    notifications: firing.length,
    named: fault.expects === null || (first !== undefined && names.every((name) => text.includes(name))),
  };
  const isQuiet = report.false_alerts === 0 && report.false_resolves === 0;
  const isPaged =
    report.notifications === 1 &&
    (report.seconds_to_page ?? Infinity) <= PAGE_WITHIN_SECONDS &&
    (report.resolved_seconds ?? Infinity) <= RESOLVED_WITHIN_SECONDS;
  return { ...report, ok: isQuiet && report.named && (fault.expects === null ? report.notifications === 0 : isPaged) };
}

function isResolvedAfter(pages: readonly Notification[], fault: Fault, fixedMs: number): boolean {
  return pages.some(
    (page) => page.status === 'resolved' && ruleOf(page) === fault.expects && page.receivedMs >= fixedMs
  );
}

function ruleOf({ alerts }: Notification): string {
  return alerts[0]?.labels['alertname'] ?? '';
}

async function until(isDone: () => boolean, deadlineMs: number): Promise<void> {
  while (!isDone() && Date.now() < deadlineMs) await sleep(200);
}

/** A change of an alert's state, or a note, as Grafana's API returns it. */
export interface StoredChange {
  id: number;
  /** Milliseconds since the epoch. */
  time: number;
  timeEnd?: number;
  text?: string;
  tags?: string[];
  login?: string;
  alertName?: string;
  newState?: string;
  prevState?: string;
}

/** Alerts of one rule that began together: one thing that happened, to one or many robots. */
export interface Incident {
  /** In the address of the page: the time of its first change and the rule. */
  key: string;
  rule: string;
  /** Labels that all its alerts share, as `name=value`, without Grafana's own. */
  labels: string[];
  robotIds: string[];
  alerts: number;
  startMs: number;
  /** null while any of its alerts fires. */
  endMs: number | null;
  /** It had begun before the time range. */
  isOlder: boolean;
}

const FOLDER = 'Floorwatch';
const ROBOT_LABEL = 'robot_id';
/** Labels that say nothing of what happened. */
const OWN_LABELS = new Set(['alertname', 'grafana_folder', ROBOT_LABEL, 'team', 'severity', '__alert_rule_uid__']);
/** The rule that always fires, to say that alerting works. */
const WATCHDOG = 'Watchdog';
/** Alerts of a rule that begin within this time of each other have one cause. */
const TOGETHER_MS = 120_000;

/** The labels that the text of a change repeats: `Rule {name=value, name=value} - …`. */
export function labelsOf(text: string): Map<string, string> {
  const inside = /\{(.*)\}(?: - |$)/s.exec(text)?.[1] ?? '';
  const pairs = inside.split(/, (?=[\w]+=)/).map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return new Map(pairs.filter(([name]) => name !== ''));
}

interface Span {
  rule: string;
  labels: Map<string, string>;
  startMs: number;
  endMs: number | null;
  isOlder: boolean;
}

/** What happened in the time range, what fires first, then the newest first. Alerts of other teams are left out. */
export function incidentsOf(changes: readonly StoredChange[], fromMs: number): Incident[] {
  return group(spansOf(changes, fromMs)).sort(
    (a, b) => Number(a.endMs !== null) - Number(b.endMs !== null) || b.startMs - a.startMs || a.key.localeCompare(b.key)
  );
}

/** Also `Alerting (NoData)`; and `Recovering`, in which Grafana keeps an alert firing for a while. */
function isFiring(state: string): boolean {
  return /^(alerting|recovering)/i.test(state);
}

function spansOf(changes: readonly StoredChange[], fromMs: number): Span[] {
  const open = new Map<string, Span>();
  const spans: Span[] = [];
  for (const change of [...changes].sort((a, b) => a.time - b.time)) {
    const { time, text = '', alertName = '', newState = '', prevState = '' } = change;
    const labels = labelsOf(text);
    if (newState === '' || labels.get('grafana_folder') !== FOLDER || alertName === WATCHDOG) continue;
    const key = JSON.stringify([alertName, [...labels].sort()]);
    const span = open.get(key);
    if (isFiring(newState)) {
      if (span) continue;
      const isOlder = isFiring(prevState);
      open.set(key, { rule: alertName, labels, startMs: isOlder ? fromMs : time, endMs: null, isOlder });
    } else if (span && !/^pending/i.test(newState)) {
      spans.push({ ...span, endMs: time });
      open.delete(key);
    } else if (!span && isFiring(prevState)) {
      // Its start is older than the range. From any other state (Pending, NoData, Error) nothing ends: it never fired.
      spans.push({ rule: alertName, labels, startMs: fromMs, endMs: time, isOlder: true });
    }
  }
  return [...spans, ...open.values()];
}

function group(spans: readonly Span[]): Incident[] {
  const groups: Span[][] = [];
  const latest = new Map<string, Span[]>();
  for (const span of [...spans].sort((a, b) => a.startMs - b.startMs)) {
    // A group of robots is an incident of its own; single robots of a rule are one together.
    const kind = span.labels.has(ROBOT_LABEL) ? '' : JSON.stringify([...span.labels].sort());
    const key = JSON.stringify([span.rule, kind]);
    const before = latest.get(key);
    const last = before?.at(-1);
    if (before && last && span.startMs - last.startMs <= TOGETHER_MS) before.push(span);
    else {
      const started = [span];
      groups.push(started);
      latest.set(key, started);
    }
  }
  return groups.map(incidentOf);
}

function incidentOf(spans: readonly Span[]): Incident {
  const [first] = spans as [Span, ...Span[]];
  const ends = spans.map(({ endMs }) => endMs);
  const shared = [...first.labels].filter(
    ([name, value]) => !OWN_LABELS.has(name) && value !== '' && spans.every(({ labels }) => labels.get(name) === value)
  );
  const robotIds = spans.map(({ labels }) => labels.get(ROBOT_LABEL) ?? '').filter((id) => id !== '');
  return {
    key: keyOf(first),
    rule: first.rule,
    labels: shared.map(([name, value]) => `${name}=${value}`),
    robotIds: [...new Set(robotIds)].sort(),
    alerts: spans.length,
    startMs: first.startMs,
    endMs: ends.includes(null) ? null : Math.max(...ends.map(Number)),
    isOlder: spans.some(({ isOlder }) => isOlder),
  };
}

/** The same whatever the time range is: where it begins, or, where it is older than that, where it ends. */
function keyOf({ isOlder, startMs, endMs, rule }: Span): string {
  return isOlder ? `until ${endMs}.${rule}` : `${startMs}.${rule}`;
}

/** A time that the incident of this key touches, in milliseconds; NaN for no key. */
export function timeOfKey(key: string): number {
  return Number(/^(?:until )?(\d+)\./.exec(key)?.[1] ?? NaN);
}

/** The incident that an address names. */
export function findIncident(incidents: readonly Incident[], key: string): Incident | undefined {
  return incidents.find((incident) => incident.key === key);
}

/** How many alerts of each rule fire, by time: one step at each change. */
export function firingOverTime(
  incidents: readonly Incident[],
  { fromMs, toMs }: { fromMs: number; toMs: number }
): Map<string, Array<{ timeMs: number; firing: number }>> {
  const steps = new Map<string, Map<number, number>>();
  for (const { rule, startMs, endMs, alerts } of incidents) {
    const ofRule = steps.get(rule) ?? new Map<number, number>();
    steps.set(rule, ofRule);
    const add = (timeMs: number, change: number) => ofRule.set(timeMs, (ofRule.get(timeMs) ?? 0) + change);
    add(Math.max(startMs, fromMs), alerts);
    if (endMs !== null && endMs <= toMs) add(endMs, -alerts);
  }
  return new Map(
    [...steps].map(([rule, changes]) => {
      let firing = 0;
      const points = [...changes]
        .sort(([a], [b]) => a - b)
        .map(([timeMs, change]) => ({ timeMs, firing: (firing += change) }));
      return [rule, points];
    })
  );
}

/**
 * The time around a moment, at most up to now: a state bar would go on into the future, and Prometheus repeats its last value there for
 * five minutes.
 */
export function rangeAround(atMs: number, aroundMs: number, nowMs: number): { from: string; to: string } {
  const toMs = atMs + aroundMs;
  return { from: new Date(atMs - aroundMs).toISOString(), to: toMs > nowMs ? 'now' : new Date(toMs).toISOString() };
}

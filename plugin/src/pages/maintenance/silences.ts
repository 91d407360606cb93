/** A condition on a label, as Grafana's Alertmanager keeps it. */
export interface Matcher {
  name: string;
  value: string;
  isRegex: boolean;
  isEqual?: boolean;
}

/** What we read of a silence. */
export interface Silence {
  id: string;
  status: { state: string };
  matchers: Matcher[];
  /** ISO 8601, and so is `endsAt`. */
  startsAt: string;
  endsAt: string;
  comment: string;
  createdBy: string;
}

export type NewSilence = Omit<Silence, 'id' | 'status'>;

export interface StoppedRobot {
  robotId: string;
  /** '' when it has reported none. */
  site: string;
}

/** What stands still on purpose. */
export type StopScope = { kind: 'robots'; robots: readonly StoppedRobot[] } | { kind: 'site'; site: string };

/** Titles of rules in ingestor/src/provisioning. */
export const ROBOT_ALERTS = ['Telemetry drop-off', 'Telemetry slow', 'Robot needs help'] as const;
export const GROUP_ALERT = 'Group of robots silent';
export const FLOW_ALERT = 'Tasks stopped';

/** How the comment of a planned stop begins; a colon and the reason follow, if there is one. */
const COMMENT = 'Planned stop';

export function commentOf(reason: string): string {
  return [COMMENT, reason.trim()].filter(Boolean).join(': ');
}

/** Grafana's label for the folder of a rule: robots of another team may have the same ids. */
const FOLDER: Matcher = { name: 'grafana_folder', value: 'Floorwatch', isRegex: false, isEqual: true };

/**
 * The silences of a planned stop, as lists of matchers. Alerts about a robot have its id as a label. The alert about a group has none, but
 * robots that stop together are a group: so it is silenced for groups within their sites, and not for a whole site or fleet.
 * Without a robot there is no silence: one with an empty id would match every alert that has none, such as those about the pipeline.
 */
export function matchersOf(scope: StopScope): Matcher[][] {
  if (scope.kind === 'site') return [[FOLDER, equal('site', scope.site)]];
  const robots = scope.robots.map(({ robotId }) => robotId).filter((robotId) => robotId !== '');
  if (robots.length === 0) return [];
  const sites = [...new Set(scope.robots.map(({ site }) => site))];
  const ofRobots = [FOLDER, oneOf('robot_id', robots)];
  if (robots.length === 1) return [ofRobots];
  const isWhole: Matcher = { name: 'kind', value: 'fleet|site', isRegex: true, isEqual: false };
  return [ofRobots, [FOLDER, equal('alertname', GROUP_ALERT), oneOf('site', sites), isWhole]];
}

function equal(name: string, value: string): Matcher {
  return { name, value, isRegex: false, isEqual: true };
}

function oneOf(name: string, values: readonly string[]): Matcher {
  const [only = ''] = values;
  if (values.length < 2) return equal(name, only);
  return { name, value: values.map(quoteRegex).join('|'), isRegex: true, isEqual: true };
}

/** For RE2, in which Alertmanager reads it. */
function quoteRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
const QUOTED = /\\[\\^$.*+?()[\]{}|]/g;

/** The silence that covers every alert about this robot, and lasts longest; null for none. */
export function silenceOfRobot(silences: readonly Silence[], { robotId, site }: StoppedRobot): Silence | null {
  const alerts = ROBOT_ALERTS.map((alertname) => {
    return {
      alertname,
      grafana_folder: FOLDER.value,
      robot_id: robotId,
      severity: 'warning',
      site,
      team: 'operations',
    };
  });
  const covering = silences.filter(
    ({ status, matchers }) =>
      status.state === 'active' && alerts.every((labels) => matchers.every((each) => matches(each, labels)))
  );
  return covering.sort((a, b) => Date.parse(b.endsAt) - Date.parse(a.endsAt))[0] ?? null;
}

/** As Alertmanager compares: a label that is missing is '', and a regular expression is about the whole value. */
function matches({ name, value, isRegex, isEqual = true }: Matcher, labels: Readonly<Record<string, string>>): boolean {
  const label = labels[name] ?? '';
  if (!isRegex) return (label === value) === isEqual;
  try {
    return new RegExp(`^(?:${value})$`, 's').test(label) === isEqual;
  } catch {
    // RE2 has expressions that browsers have not: then nothing is said.
    return false;
  }
}

/**
 * A planned stop of several robots is several silences, by one person, with one comment and one end. Their starts differ: Grafana moves
 * a start that has passed to the present. A silence that was not begun here is one by itself: a script may give many of them one comment
 * and one end.
 */
export function partsOf(silence: Silence, silences: readonly Silence[]): Silence[] {
  if (silence.comment !== COMMENT && !silence.comment.startsWith(`${COMMENT}: `)) return [silence];
  return silences.filter(
    ({ status, endsAt, createdBy, comment }) =>
      status.state !== 'expired' &&
      endsAt === silence.endsAt &&
      createdBy === silence.createdBy &&
      comment === silence.comment
  );
}

/** Robots that a silence names; null when it names a site, or was written by hand for ids of a kind. */
export function robotsIn({ matchers }: Silence): number | null {
  const robots = matchers.find(({ name, isEqual = true }) => name === 'robot_id' && isEqual);
  if (!robots) return null;
  if (!robots.isRegex) return 1;
  const names = robots.value.replace(QUOTED, '').split('|');
  return names.some((name) => /[\\^$.*+?()[\]{}]/.test(name)) ? null : names.length;
}

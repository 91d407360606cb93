import { TOOLTIP_FIELDS } from '@floorwatch/contract';
import { t } from '@grafana/i18n';
import type { Fleet } from './fleet';
import { commonReasons, type Placement } from './placement';
import { ageNow, formatAge } from './age';
import { showText, UNESCAPED } from '../../grafana/showText';
import { statusAt, statusLabel, STATUSES, statusWord, TROUBLE, type Status } from './status';

/** Reasons that a screen reader reads out; more would take too long. */
const MOST_SPOKEN = 6;

const factLabels = () => ({
  reported: t('map.fact.reported', 'Reported'),
  battery: t('map.fact.battery', 'Battery'),
  error: t('map.fact.error', 'Error'),
  task: t('map.fact.task', 'Task'),
  lastEvent: t('map.fact.last_event', 'Last event'),
  position: t('map.fact.position', 'Position'),
  heading: t('map.fact.heading', 'Heading'),
  floor: t('map.fact.floor', 'Floor'),
  uncertainty: t('map.fact.uncertainty', 'Uncertainty'),
  clock: t('map.fact.clock', 'Clock'),
});

/** A field that somebody has added to the contract has the label that it was given there. */
function labelOfField(name: string, label: string): string {
  return name === 'speed' ? t('map.fact.speed', 'Speed') : label;
}

export interface Fact {
  label: string;
  text: string;
}

/** Everything known of one robot, as the tooltip lists it; what is not known is left out. */
export function describeRobot(fleet: Fleet, i: number, nowMs: number): Fact[] {
  const facts: Fact[] = [];
  const labels = factLabels();
  const add = (label: string, text: string) => {
    if (text !== '') facts.push({ label, text: showText(text) });
  };
  const at = (column: Float64Array) => column[i] ?? NaN;
  const number = (value: number, digits: number, unit: string) =>
    Number.isNaN(value) ? '' : `${value.toFixed(digits)}${unit}`;
  const reported = fleet.reportedStates[i] ?? '';
  // Of a silent robot what it did last, and a word that the map has no marker for.
  if (reported.toLowerCase() !== statusAt(fleet.statuses[i] ?? 0)) add(labels.reported, statusWord(reported));
  add(labels.battery, number(at(fleet.batteryPercent), 0, ' %'));
  add(labels.error, fleet.errorCodes[i] ?? '');
  add(labels.task, fleet.taskIds[i] ?? '');
  add(labels.lastEvent, ago(ageNow(at(fleet.ageSeconds), fleet.readAtMs, nowMs)));
  add(labels.position, ago(ageNow(at(fleet.positionAgeSeconds), fleet.readAtMs, nowMs)));
  if (!Number.isNaN(at(fleet.xMetres))) {
    add('x, y', `${at(fleet.xMetres).toFixed(2)} m, ${at(fleet.yMetres).toFixed(2)} m`);
  }
  add(labels.heading, formatHeading(at(fleet.headingRadians)));
  for (const { name, unit, tooltip } of TOOLTIP_FIELDS) {
    add(labelOfField(name, tooltip.label), number(at(fleet.listed[name]), tooltip.digits, ` ${unit}`));
  }
  add(labels.floor, fleet.mapIds[i] ?? '');
  add(labels.uncertainty, at(fleet.deviationMetres) > 0 ? `± ${at(fleet.deviationMetres).toFixed(2)} m` : '');
  const offset = Math.abs(at(fleet.clockOffsetSeconds));
  add(labels.clock, Number.isNaN(offset) ? '' : t('map.clock_off', 'off by {{time}}', { time: formatAge(offset) }));
  return facts;
}

/** Whole degrees above −180 and up to 180; '' when it is not known. */
export function formatHeading(headingRadians: number): string {
  if (Number.isNaN(headingRadians)) return '';
  const degrees = Math.round((headingRadians * 180) / Math.PI);
  // Just above −180° is rounded to −180°, and just below 0° to −0°.
  return `${degrees === -180 ? 180 : degrees + 0}°`;
}

function ago(ageSeconds: number): string {
  return Number.isNaN(ageSeconds) ? '' : t('map.ago', '{{age}} ago', { age: formatAge(ageSeconds) });
}

/** Robots by status, in the order of STATUSES: of the whole fleet, or of those that are 1 in `isCounted`. */
export function countStatuses(fleet: Fleet, isCounted?: Uint8Array): Uint32Array {
  const counts = new Uint32Array(STATUSES.length);
  fleet.statuses.forEach((status, i) => {
    if (isCounted?.[i] !== 0) counts[status] = (counts[status] ?? 0) + 1;
  });
  return counts;
}

/** The map in one sentence for a screen reader. */
export function summariseFleet(fleet: Fleet, placement: Placement): string {
  if (fleet.count === 0) return t('map.summary.empty', 'Floor map without robots.');
  const counts = countStatuses(fleet);
  const trouble: readonly Status[] = TROUBLE;
  const parts = STATUSES.map((status, index) => ({ status, robots: counts[index] ?? 0 }))
    .filter(({ robots }) => robots > 0)
    .sort((a, b) => Number(trouble.includes(b.status)) - Number(trouble.includes(a.status)) || b.robots - a.robots)
    .map(({ status, robots }) => countStatus(robots, status));
  const unplaced = commonReasons(placement, MOST_SPOKEN).map(([reason, robots]) => countReason(robots.length, reason));
  if (placement.reasons.size > MOST_SPOKEN) unplaced.push(t('map.summary.others', 'others for other reasons'));
  const said = {
    robots: countRobots(fleet.count),
    placed: placement.placed,
    statuses: parts.join(', '),
    reasons: unplaced.join(', '),
    ...UNESCAPED,
  };
  return unplaced.length > 0
    ? t(
        'map.summary.with_reasons',
        'Floor map of {{robots}}, {{placed}} placed: {{statuses}}; not placed: {{reasons}}.',
        said
      )
    : t('map.summary.all', 'Floor map of {{robots}}, {{placed}} placed: {{statuses}}.', said);
}

export function describeStatus(fleet: Fleet, i: number): string {
  return statusLabel(statusAt(fleet.statuses[i] ?? 0));
}

/** One robot for a screen reader, which is not shown the tooltip: what on-call asks first. */
export function speakOfRobot(fleet: Fleet, i: number, nowMs: number): string {
  const { error, battery, lastEvent } = factLabels();
  const asked = new Set([error, battery, lastEvent]);
  const facts = describeRobot(fleet, i, nowMs).filter(({ label }) => asked.has(label));
  const said = facts.map(({ label, text }) => `${label.toLowerCase()} ${text}`);
  return [showText(fleet.robotIds[i] ?? ''), describeStatus(fleet, i), ...said].join(', ');
}

/** '3 working'. */
export function countStatus(robots: number, status: Status): string {
  return t('map.count_status', '{{robots}} {{status}}', { robots, status: statusWord(status) });
}

/** '2 no position'. */
export function countReason(robots: number, reason: string): string {
  return t('map.count_reason', '{{robots}} {{reason}}', { robots, reason, ...UNESCAPED });
}

export function countRobots(robots: number): string {
  return t('map.robots', '{{count}} robots', { count: robots, defaultValue_one: '1 robot' });
}

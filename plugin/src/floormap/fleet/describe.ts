import { TOOLTIP_FIELDS } from '@floorwatch/contract';
import type { Fleet } from './fleet';
import { commonReasons, type Placement } from './placement';
import { ageNow, formatAge } from './age';
import { showText } from '../../grafana/showText';
import { STATUS_LABELS, STATUSES, TROUBLE, statusAt, type Status } from './status';

/** Reasons that a screen reader reads out; more would take too long. */
const MOST_SPOKEN = 6;

export interface Fact {
  label: string;
  text: string;
}

/** Everything known of one robot, as the tooltip lists it; what is not known is left out. */
export function describeRobot(fleet: Fleet, i: number, nowMs: number): Fact[] {
  const facts: Fact[] = [];
  const add = (label: string, text: string) => {
    if (text !== '') facts.push({ label, text: showText(text) });
  };
  const at = (column: Float64Array) => column[i] ?? NaN;
  const number = (value: number, digits: number, unit: string) =>
    Number.isNaN(value) ? '' : `${value.toFixed(digits)}${unit}`;
  const reported = fleet.reportedStates[i] ?? '';
  // Of a silent robot what it did last, and a word that the map has no marker for.
  if (reported.toLowerCase() !== statusAt(fleet.statuses[i] ?? 0)) add('Reported', reported);
  add('Battery', number(at(fleet.batteryPercent), 0, ' %'));
  add('Error', fleet.errorCodes[i] ?? '');
  add('Task', fleet.taskIds[i] ?? '');
  add('Last event', ago(ageNow(at(fleet.ageSeconds), fleet.readAtMs, nowMs)));
  add('Position', ago(ageNow(at(fleet.positionAgeSeconds), fleet.readAtMs, nowMs)));
  if (!Number.isNaN(at(fleet.xMetres))) {
    add('x, y', `${at(fleet.xMetres).toFixed(2)} m, ${at(fleet.yMetres).toFixed(2)} m`);
  }
  add('Heading', formatHeading(at(fleet.headingRadians)));
  for (const { name, unit, tooltip } of TOOLTIP_FIELDS) {
    add(tooltip.label, number(at(fleet.listed[name]), tooltip.digits, ` ${unit}`));
  }
  add('Floor', fleet.mapIds[i] ?? '');
  add('Uncertainty', at(fleet.deviationMetres) > 0 ? `± ${at(fleet.deviationMetres).toFixed(2)} m` : '');
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
  return Number.isNaN(ageSeconds) ? '' : `${formatAge(ageSeconds)} ago`;
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
  if (fleet.count === 0) return 'Floor map without robots.';
  const counts = countStatuses(fleet);
  const trouble: readonly Status[] = TROUBLE;
  const parts = STATUSES.map((status, index) => ({ status, robots: counts[index] ?? 0 }))
    .filter(({ robots }) => robots > 0)
    .sort((a, b) => Number(trouble.includes(b.status)) - Number(trouble.includes(a.status)) || b.robots - a.robots)
    .map(({ status, robots }) => `${robots} ${STATUS_LABELS[status].toLowerCase()}`);
  const unplaced = commonReasons(placement, MOST_SPOKEN).map(([reason, robots]) => `${robots.length} ${reason}`);
  if (placement.reasons.size > MOST_SPOKEN) unplaced.push('others for other reasons');
  const rest = unplaced.length > 0 ? `; not placed: ${unplaced.join(', ')}` : '';
  return `Floor map of ${fleet.count} ${fleet.count === 1 ? 'robot' : 'robots'}, ${placement.placed} placed: ${parts.join(', ')}${rest}.`;
}

export function describeStatus(fleet: Fleet, i: number): string {
  return STATUS_LABELS[statusAt(fleet.statuses[i] ?? 0)];
}

/** One robot for a screen reader, which is not shown the tooltip: what on-call asks first. */
export function speakOfRobot(fleet: Fleet, i: number, nowMs: number): string {
  const asked = new Set(['Error', 'Battery', 'Last event']);
  const facts = describeRobot(fleet, i, nowMs).filter(({ label }) => asked.has(label));
  const said = facts.map(({ label, text }) => `${label.toLowerCase()} ${text}`);
  return [showText(fleet.robotIds[i] ?? ''), describeStatus(fleet, i), ...said].join(', ');
}

export function countRobots(robots: number): string {
  return robots === 1 ? '1 robot' : `${robots} robots`;
}

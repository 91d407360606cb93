import { ageNow, formatAge } from '../fleet/age';
import { showText } from '../../grafana/showText';
import { statusAt, statusIndex, TROUBLE } from '../fleet/status';
import { shorten, type Label, type MarkerSpot } from '../geometry/labels';
import { toScreen, type Viewport } from '../geometry/viewport';
import type { Frame } from './mapLayer';

const SILENT = statusIndex('silent');
const OFFLINE = statusIndex('offline');
/** More texts than this are noise, and each costs as much as thirty markers. */
export const MAX_LABELS = 150;
/** Names are written from this scale on, at which robots stand apart... */
const NAMES_FROM_PX_PER_METRE = 18;
/** ...and always when there are this few: more would hide the floor. */
const FEW_ROBOTS = 30;
/** Ages are written beside markers of this size or larger. */
const AGES_FROM_MARKER_PX = 10;
/** Labels that compete for the room; those of more robots would take longer to sort out than to read. */
const MAX_CANDIDATES = 1_000;
const LABEL_ROOM_PX = 26;
/** Up to here labels keep off the markers; among more there would be no room for a label at all. */
const MAX_SPARED_MARKERS = 400;

/** What is to be written beside the robots in sight, and where they are. */
export interface RobotLabels {
  labels: Label[];
  /** None where there are so many that no label could keep off them. */
  markers: MarkerSpot[];
}

/** The labels that go with the robots: how old a silent robot's place is, and names once there is room. */
export function robotLabels(frame: Frame, nowMs: number): RobotLabels {
  const { view, robots, markerPx, drawnRobots } = frame;
  const isClose = view.pxPerMetre >= NAMES_FROM_PX_PER_METRE && drawnRobots <= MAX_LABELS;
  const names = isClose || drawnRobots <= FEW_ROBOTS;
  const sparesMarkers = drawnRobots <= MAX_SPARED_MARKERS;
  const labels: Label[] = [];
  const markers: MarkerSpot[] = [];
  if (!names && !sparesMarkers && markerPx < AGES_FROM_MARKER_PX) return { labels, markers };
  for (const i of robots.order) {
    if (robots.isShown[i] === 0) continue;
    const at = toScreen(view, { xMetres: robots.xMetres[i] ?? NaN, yMetres: robots.yMetres[i] ?? NaN });
    if (!isOnScreen(view, at.xPx, at.yPx)) continue;
    if (sparesMarkers) markers.push(at);
    const text = labels.length < MAX_CANDIDATES ? labelOf(frame, i, names, nowMs) : '';
    if (text === '') continue;
    const [yPx, yOtherPx] = [at.yPx + markerPx / 2 + 11, at.yPx - markerPx / 2 - 8];
    labels.push({ text, xPx: at.xPx, yPx, yOtherPx, priority: labelPriority(frame, i) });
  }
  return { labels, markers };
}

/** Selected robots first, then trouble, worst first, then the rest. */
function labelPriority({ robots, scene }: Frame, i: number): number {
  if (scene.selectedIds.has(robots.fleet.robotIds[i] ?? '')) return -1;
  const trouble = TROUBLE.indexOf(statusAt(robots.fleet.statuses[i] ?? 0));
  return trouble < 0 ? TROUBLE.length : trouble;
}

function isOnScreen(view: Viewport, xPx: number, yPx: number): boolean {
  return (
    xPx > -LABEL_ROOM_PX &&
    yPx > -LABEL_ROOM_PX &&
    xPx < view.widthPx + LABEL_ROOM_PX &&
    yPx < view.heightPx + LABEL_ROOM_PX
  );
}

function labelOf({ robots: { fleet }, markerPx }: Frame, i: number, names: boolean, nowMs: number): string {
  const isStill = fleet.statuses[i] === SILENT || fleet.statuses[i] === OFFLINE;
  const age =
    isStill && markerPx >= AGES_FROM_MARKER_PX
      ? formatAge(ageNow(fleet.ageSeconds[i] ?? NaN, fleet.readAtMs, nowMs))
      : '';
  const name = names ? shorten(showText(fleet.robotIds[i] ?? '')) : '';
  return name !== '' && age !== '' ? `${name} · ${age}` : name || age;
}

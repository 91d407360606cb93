import { t } from '@grafana/i18n';
import { placeOfAnnotation } from '../annotations/annotationsAt';
import { describeAnnotation, keyOfAnnotation, type Annotation } from '../annotations/readAnnotations';
import { countRobots, speakOfRobot } from '../fleet/describe';
import type { Fleet } from '../fleet/fleet';
import { showText, UNESCAPED } from '../../grafana/showText';
import { whyNotPlaced } from '../fleet/placement';
import { onFloor } from '../fleet/reasons';
import { statusAt } from '../fleet/status';
import { bringOnScreen } from '../geometry/viewChanges';
import { boundsOf, fitBounds, type Viewport } from '../geometry/viewport';
import { focusedAnnotation, focusedRobot, type Effect, type MapState, type World } from './mapState';

/** What an event changes, and what it makes others do. */
export interface Change extends Partial<MapState> {
  effects?: readonly Effect[];
}

/** At least this close when the map goes to a robot. */
const CLOSE_PX_PER_METRE = 25;

/** Moves the view. A view of another place ends following, which would move it back. */
export function moveTo(view: Viewport, { view: last }: World): Change {
  const isElsewhere = view.centreXMetres !== last.centreXMetres || view.centreYMetres !== last.centreYMetres;
  return { ...(isElsewhere ? { followedId: null } : {}), effects: [{ kind: 'setView', view }] };
}

/** Brings the map to a robot: to its floor, into the middle, out of hiding. Says where it is, or why it has no place. */
export function bringTo(robot: number, world: World): Change {
  const { fleet, placement, painted, mapId, canChangeFloor, hidden } = world;
  const focus = { kind: 'robot', robotId: fleet.robotIds[robot] ?? '' } as const;
  const said = speakOfRobot(fleet, robot, world.nowMs);
  const robotMap = fleet.mapIds[robot] || null;
  const isHere = placement.isPlaced[robot] === 1;
  const isElsewhere = !isHere && mapId !== null && robotMap !== null && robotMap !== mapId;
  const reason = isHere ? '' : whyNotPlaced(fleet, robot, isElsewhere && canChangeFloor ? robotMap : mapId);
  if (reason !== '')
    return {
      focus,
      spoken: t('map.said.not_placed', '{{robot}}, not placed: {{reason}}', { robot: said, reason, ...UNESCAPED }),
    };

  const effects: Effect[] = [];
  // A robot that the user asks for is shown, even if the legend hides its status.
  const status = statusAt(fleet.statuses[robot] ?? 0);
  if (hidden.has(status)) {
    effects.push({ kind: 'setHidden', hidden: new Set([...hidden].filter((other) => other !== status)) });
  }
  const view = {
    ...world.view,
    centreXMetres: painted.xMetres[robot] ?? fleet.xMetres[robot] ?? 0,
    centreYMetres: painted.yMetres[robot] ?? fleet.yMetres[robot] ?? 0,
    pxPerMetre: Math.max(world.view.pxPerMetre, CLOSE_PX_PER_METRE),
  };
  if (isElsewhere) {
    effects.push({ kind: 'showFloor', mapId: robotMap, view });
    return { focus, spoken: [said, onFloor(robotMap)].join(', '), effects };
  }
  return { focus, spoken: said, effects: [...effects, { kind: 'setView', view }] };
}

export function goToRobot(state: MapState, robot: number, world: World): Change {
  const isFollowed = world.fleet.robotIds[robot] === state.followedId;
  return { followedId: isFollowed ? state.followedId : null, ...bringTo(robot, world) };
}

/** Shows robots that were selected elsewhere: one in the middle, several as large as they fit on the floor that has most of them. */
export function arrive(state: MapState, robots: readonly number[], world: World): Change {
  const [first, ...others] = robots;
  if (first === undefined) return {};
  if (others.length === 0) return goToRobot(state, first, world);
  const { fleet, placement, view, mapId, canChangeFloor } = world;
  const isAnyHere = robots.some((robot) => placement.isPlaced[robot] === 1);
  const floor = isAnyHere || !canChangeFloor ? mapId : fullestFloor(robots, fleet);
  const shown = robots.filter((robot) => whyNotPlaced(fleet, robot, floor) === '');
  const bounds = boundsOf(
    shown.map((robot) => ({ xMetres: fleet.xMetres[robot] ?? NaN, yMetres: fleet.yMetres[robot] ?? NaN }))
  );
  const spoken = t('map.said.selected_here', '{{robots}} selected, {{here}} on this floor', {
    robots: countRobots(robots.length),
    here: shown.length,
  });
  if (!bounds) return { spoken };
  const fitting = fitBounds(view.widthPx, view.heightPx, bounds);
  const closest = { ...fitting, pxPerMetre: Math.min(fitting.pxPerMetre, CLOSE_PX_PER_METRE) };
  if (floor === mapId || floor === null) return { ...moveTo(closest, world), spoken };
  return { followedId: null, spoken, effects: [{ kind: 'showFloor', mapId: floor, view: closest }] };
}

function fullestFloor(robots: readonly number[], fleet: Fleet): string | null {
  const counts = new Map<string, number>();
  for (const robot of robots) {
    const mapId = fleet.mapIds[robot] ?? '';
    if (mapId !== '') counts.set(mapId, (counts.get(mapId) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null;
}

export function follow(state: MapState, robot: number | null, world: World): Change {
  if (robot === null) {
    // Each step of a drag ends following.
    return state.followedId === null ? {} : { followedId: null, spoken: t('map.follow.nobody', 'Following nobody') };
  }
  const followedId = world.fleet.robotIds[robot] ?? null;
  const spoken = t('map.follow.following', 'Following {{robot}}', { robot: showText(followedId ?? ''), ...UNESCAPED });
  return { ...bringTo(robot, world), followedId, spoken };
}

/** Goes to the next robot that is drawn. */
export function stepRobots(state: MapState, direction: 1 | -1, world: World): Change {
  const { count } = world.fleet;
  const from = focusedRobot(state, world.fleet);
  for (let k = 1; k <= count; k++) {
    const robot = (from + direction * k + count * (k + 1)) % count;
    if (world.isShown[robot] === 1) return goToRobot(state, robot, world);
  }
  return {};
}

export function goToAnnotation(annotation: Annotation, world: World): Change {
  const view = bringOnScreen(world.view, placeOfAnnotation(annotation, world.painted));
  return {
    ...(view === world.view ? {} : moveTo(view, world)),
    focus: { kind: 'annotation', key: keyOfAnnotation(annotation) },
    spoken: describeAnnotation(annotation, world.timeZone),
  };
}

/** Goes to the next annotation in time. */
export function stepAnnotations(state: MapState, direction: 1 | -1, world: World): Change {
  const { annotations } = world;
  const from = focusedAnnotation(state, annotations);
  const next = annotations.at(from < 0 ? Math.min(0, direction) : (from + direction) % annotations.length);
  return next
    ? goToAnnotation(next, world)
    : { focus: null, spoken: t('map.said.no_annotations', 'No annotations on this floor') };
}

/** The robot that a typed text means: its id exactly, else the first that begins with it, else that contains it; −1. */
export function findRobot(fleet: Fleet, typed: string): number {
  const text = typed.trim().toLowerCase();
  if (text === '') return -1;
  const ids = fleet.robotIds.map((robotId) => robotId.toLowerCase());
  for (const fits of [
    (id: string) => id === text,
    (id: string) => id.startsWith(text),
    (id: string) => id.includes(text),
  ]) {
    const found = ids.findIndex(fits);
    if (found >= 0) return found;
  }
  return -1;
}

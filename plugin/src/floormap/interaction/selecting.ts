import type { Zone } from '@floorwatch/floorplan/map-shape';
import type { MapPoint } from '@floorwatch/floorplan/transform';
import { t } from '@grafana/i18n';
import { countRobots, describeStatus } from '../fleet/describe';
import { showText, UNESCAPED } from '../../grafana/showText';
import { robotsInside } from '../geometry/area';
import { labelPoint } from '../geometry/shapeGeometry';
import { bringOnScreen } from '../geometry/viewChanges';
import { nameOfZone, zonesOf } from '../geometry/zoneAt';
import { moveTo, type Change } from './going';
import { selectionOf, isZoneSelected, type MapState, type World } from './mapState';

type Selected = Required<Pick<Change, 'selectedIds' | 'isSelectionCut' | 'isSelectionLong' | 'effects'>>;

/** Selects these robots, or as many of the last of them as the dashboard variable can hold. */
export function select(robotIds: readonly string[], { mostSelected, fitsAddress }: World): Selected {
  const isSelectionCut = robotIds.length > mostSelected;
  const selectedIds = isSelectionCut ? robotIds.slice(-mostSelected) : robotIds;
  const isSelectionLong = !fitsAddress(selectedIds);
  const shared = isSelectionLong ? [] : selectedIds;
  return { selectedIds, isSelectionCut, isSelectionLong, effects: [{ kind: 'select', robotIds: shared }] };
}

/** Selects a robot, or takes that back; on empty floor nothing is selected any more. */
export function pick(state: MapState, robot: number, adds: boolean, world: World): Change {
  const focus = state.focus?.kind === 'annotation' ? null : state.focus;
  const robotId = world.fleet.robotIds[robot];
  if (robotId === undefined)
    return { ...select([], world), zone: null, focus, spoken: t('map.said.none_selected', 'Nothing selected') };
  const selected = selectionOf(state, world);
  const others = adds ? selected.filter((id) => id !== robotId) : [];
  const said = { robot: showText(robotId), status: describeStatus(world.fleet, robot), ...UNESCAPED };
  const isUnpicked = selected.includes(robotId) && (adds || selected.length === 1);
  return {
    ...select(isUnpicked ? others : [...others, robotId], world),
    zone: null,
    focus,
    spoken: isUnpicked
      ? t('map.said.unselected', '{{robot}} no longer selected', said)
      : t('map.said.selected', '{{robot}} selected, {{status}}', said),
  };
}

/** Selects the robots in an area that the user has drawn. */
export function selectArea(state: MapState, points: readonly MapPoint[], adds: boolean, world: World): Change {
  const selected = select(joined(state, idsInside(points, world), adds, world), world);
  // The tooltip of a robot or an annotation found before would cover what was selected now.
  return {
    ...selected,
    focus: null,
    spoken: t('map.said.area', '{{robots}} selected', { robots: countRobots(selected.selectedIds.length) }),
  };
}

export function selectZone(state: MapState, zone: Zone, adds: boolean, world: World): Change {
  const inside = idsInside(zone.corners, world);
  const selected = select(joined(state, inside, adds, world), world);
  const robots = adds ? inside.length : selected.selectedIds.length;
  return {
    ...selected,
    zone: { zone, robotIds: selected.selectedIds },
    focus: null,
    spoken: t('map.said.zone', '{{robots}} in zone {{zone}} selected', {
      robots: countRobots(robots),
      zone: nameOfZone(zone),
      ...UNESCAPED,
    }),
  };
}

/** A click on the zone that is selected takes the selection back. */
export function toggleZone(state: MapState, zone: Zone, adds: boolean, world: World): Change {
  const isUnchanged = isZoneSelected(state, new Set(selectionOf(state, world)));
  const isSelected = !adds && state.zone?.zone.id === zone.id && state.zone.robotIds.length > 0 && isUnchanged;
  if (!isSelected) return selectZone(state, zone, adds, world);
  const spoken = t('map.said.zone_unselected', 'Zone {{zone}} no longer selected', {
    zone: nameOfZone(zone),
    ...UNESCAPED,
  });
  return { ...select([], world), zone: null, focus: null, spoken };
}

/** Selects in the next zone by name, and brings it on screen. */
export function stepZones(state: MapState, direction: 1 | -1, world: World): Change {
  const zones = zonesOf(world.shapes);
  const last = zones.findIndex(({ id }) => id === state.zone?.zone.id);
  const next = zones.at(last < 0 ? Math.min(0, direction) : (last + direction) % zones.length);
  if (!next) return { focus: null, spoken: t('map.said.no_zones', 'No zones on this floor') };
  const view = bringOnScreen(world.view, labelPoint(next.corners));
  const moved = view === world.view ? {} : moveTo(view, world);
  const selected = selectZone(state, next, false, world);
  return { ...moved, ...selected, effects: [...(moved.effects ?? []), ...(selected.effects ?? [])] };
}

/** The shown robots inside an area. */
export function idsInside(corners: readonly MapPoint[], { fleet, isShown, painted }: World): string[] {
  return robotsInside(corners, painted.xMetres, painted.yMetres, isShown).map((robot) => fleet.robotIds[robot] ?? '');
}

function joined(state: MapState, inside: readonly string[], adds: boolean, world: World): readonly string[] {
  return adds ? [...new Set([...selectionOf(state, world), ...inside])] : inside;
}

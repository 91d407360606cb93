import type { MapPoint } from '@floorwatch/floorplan/transform';
import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';
import { annotationsAt } from '../annotations/annotationsAt';
import { pathLength } from '../geometry/area';
import { fitBounds, toScreen, zoomAt } from '../geometry/viewport';
import { zoneAt } from '../geometry/zoneAt';
import {
  arrive,
  bringTo,
  follow,
  goToAnnotation,
  goToRobot,
  moveTo,
  stepAnnotations,
  stepRobots,
  type Change,
} from './going';
import {
  focusedRobot,
  INITIAL_STATE,
  pointOfFocus,
  type Effect,
  type MapEvent,
  type MapState,
  type Tool,
  type World,
} from './mapState';
import { pick, select, selectArea, selectZone, stepZones, toggleZone } from './selecting';

const toolMeanings = (): Record<Tool, string> => ({
  move: t('map.said.move', 'Drag moves the map'),
  lasso: t('map.said.lasso', 'Drag draws a lasso; Z selects by zone'),
  measure: t('map.said.measure', 'Clicks and Enter measure'),
});

const STEPS = { robots: stepRobots, zones: stepZones, annotations: stepAnnotations };

/**
 * The map after an event, and what is to be done outside of its state. Pure: the same state, event and world give the same
 * answer. An event that changes nothing gives back the state itself, so that nothing is rendered for it.
 */
export function transition(
  state: MapState,
  event: MapEvent,
  world: World
): { state: MapState; effects: readonly Effect[] } {
  const { effects = [], ...changed } = changeOf(state, event, world);
  const isChanged = (Object.keys(changed) as Array<keyof MapState>).some((key) => changed[key] !== state[key]);
  return { state: isChanged ? { ...state, ...changed } : state, effects };
}

function changeOf(state: MapState, event: MapEvent, world: World): Change {
  switch (event.kind) {
    case 'click':
      return click(state, event.robot, event.at, event.adds, world);
    case 'pressEnter':
      return pressEnter(state, event.adds, world);
    case 'pick':
      return pick(state, event.robot, false, world);
    case 'selectArea':
      return selectArea(state, event.points, event.adds, world);
    case 'selectZone':
      return selectZone(state, event.zone, false, world);
    case 'step':
      return STEPS[event.through](state, event.direction, world);
    case 'goTo':
      return goToRobot(state, event.robot, world);
    case 'arrive':
      return arrive(state, event.robots, world);
    case 'find':
      return find(state, event.robot, world);
    case 'openFind':
      return { isFinding: event.isOpen, effects: event.isOpen ? [] : [{ kind: 'takeKeys' }] };
    case 'listKeys':
      return { isListingKeys: event.isOpen, effects: event.isOpen ? [] : [{ kind: 'takeKeys' }] };
    case 'follow':
      return follow(state, event.robot, world);
    case 'toggleFollowing': {
      const robot = state.followedId === null ? focusedRobot(state, world.fleet) : -1;
      return follow(state, robot < 0 ? null : robot, world);
    }
    case 'followedLeft':
      return bringTo(event.robot, world);
    case 'dragged':
      return { ...follow(state, null, world), effects: [{ kind: 'holdView' }] };
    case 'move':
      return moveTo(event.view, world);
    case 'zoom': {
      const { widthPx, heightPx } = world.view;
      return moveTo(zoomAt(world.view, event.factor, { xPx: widthPx / 2, yPx: heightPx / 2 }), world);
    }
    case 'showBounds':
      if (!event.bounds) return {};
      return moveTo(fitBounds(world.view.widthPx, world.view.heightPx, event.bounds), world);
    case 'fit':
      return { followedId: null, effects: [{ kind: 'fit' }] };
    case 'changeFloor':
      return { followedId: null, effects: [{ kind: 'showFloor', mapId: event.mapId, view: null }] };
    case 'changeTool': {
      const tool = event.tool === state.tool ? 'move' : event.tool;
      return { tool, measured: [], spoken: toolMeanings()[tool] };
    }
    case 'measureFrom':
      return { tool: 'measure', ...measure([event.point]) };
    case 'clear':
      return {
        ...INITIAL_STATE,
        isFinding: state.isFinding,
        ...select([], world),
        spoken: t('map.said.none_selected', 'Nothing selected'),
      };
  }
}

function click(state: MapState, robot: number, at: MapPoint, adds: boolean, world: World): Change {
  if (state.tool === 'measure') return measure([...state.measured, at]);
  if (robot >= 0) return pick(state, robot, adds, world);
  // Of several annotations the last, which is painted over the others.
  const pinned = annotationsAt(world.view, world.annotations, world.painted, toScreen(world.view, at)).at(-1);
  if (pinned) return goToAnnotation(pinned, world);
  const zone = zoneAt(world.shapes, at);
  return zone ? toggleZone(state, zone, adds, world) : pick(state, -1, adds, world);
}

/** What a click does, by key: at the robot in focus, else in the middle of the map. */
function pressEnter(state: MapState, adds: boolean, world: World): Change {
  const robot = focusedRobot(state, world.fleet);
  if (state.tool === 'measure') return click(state, robot, pointOfFocus(state, world), false, world);
  return robot < 0 ? {} : pick(state, robot, adds, world);
}

function measure(measured: readonly MapPoint[]): Change {
  const spoken =
    measured.length > 1 ? `${pathLength(measured).toFixed(2)} m` : t('map.said.measuring', 'Measuring from here');
  return { measured, spoken };
}

function find(state: MapState, robot: number, world: World): Change {
  const selected = select([world.fleet.robotIds[robot] ?? ''], world);
  const went = goToRobot(state, robot, world);
  return {
    ...went,
    ...selected,
    isFinding: false,
    spoken: t('map.said.found', '{{robot}}, selected', { robot: went.spoken ?? '', ...UNESCAPED }),
    effects: [...selected.effects, ...(went.effects ?? []), { kind: 'takeKeys' }],
  };
}

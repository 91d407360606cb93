import type { MapShape } from '@floorwatch/floorplan/map-shape';
import { readAnnotations } from '../annotations/readAnnotations';
import { toDataFrame } from '@grafana/data';
import { placeFleet } from '../fleet/placement';
import { testFleet } from '../fleet/testFleet';
import {
  drawingOf,
  INITIAL_STATE,
  selectionOf,
  type Effect,
  type MapEvent,
  type MapState,
  type World,
} from './mapState';
import { transition } from './transition';

const square = (id: string, from: number, to: number): MapShape => ({
  type: 'zone',
  id,
  name: id,
  kind: 'zone',
  mapId: 'hall',
  corners: [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ].map(([xMetres = NaN, yMetres = NaN]) => ({ xMetres, yMetres })),
});

const FLEET = testFleet([
  { robot_id: 'r-1', x: 1, y: 1, map_id: 'hall', state: 'working' },
  { robot_id: 'r-2', x: 9, y: 9, map_id: 'hall', state: 'working' },
  { robot_id: 'hidden', x: 5, y: 5, map_id: 'hall', state: 'idle' },
  { robot_id: 'r-3', x: 25, y: 25, map_id: 'hall', state: 'working' },
  { robot_id: 'upstairs', x: 3, y: 4, map_id: 'roof', state: 'working' },
  { robot_id: 'lost', map_id: 'roof', state: 'error' },
]);
const PLACEMENT = placeFleet(FLEET, 'hall');
const ANNOTATIONS = readAnnotations(
  [
    toDataFrame([{ x: 15, y: 15, title: 'Spill', time: 5 }]),
    toDataFrame([{ tags: ['robot:r-3'], title: 'Repair', time: 9 }]),
  ],
  FLEET,
  PLACEMENT.isPlaced,
  'hall'
);
const WORLD: World = {
  fleet: FLEET,
  placement: PLACEMENT,
  isShown: Uint8Array.from([1, 1, 0, 1, 0, 0]),
  hidden: new Set(['idle']),
  painted: { fleet: FLEET, xMetres: FLEET.xMetres, yMetres: FLEET.yMetres },
  shapes: [square('Dock', 0, 10), square('Buffer', 20, 30), square('Far', 500, 510)],
  annotations: ANNOTATIONS,
  view: { widthPx: 400, heightPx: 400, centreXMetres: 15, centreYMetres: 15, pxPerMetre: 10 },
  mapId: 'hall',
  canChangeFloor: true,
  variableIds: null,
  mostSelected: Infinity,
  fitsAddress: () => true,
  timeZone: 'utc',
  nowMs: 0,
};

/** A map in use: it keeps its state, and what its last event made others do. */
function open(world: Partial<World> = {}) {
  const here = { ...WORLD, ...world };
  const map = { state: INITIAL_STATE as MapState, effects: [] as readonly Effect[], do: happen, effect, world: here };
  function happen(event: MapEvent): string {
    const { state, effects } = transition(map.state, event, here);
    Object.assign(map, { state, effects });
    return state.spoken;
  }
  function effect<Kind extends Effect['kind']>(kind: Kind) {
    return map.effects.find((one) => one.kind === kind) as Extract<Effect, { kind: Kind }> | undefined;
  }
  return map;
}
const [R1, R2, HIDDEN, R3, UPSTAIRS, LOST] = [0, 1, 2, 3, 4, 5];
const at = (xMetres: number, yMetres = xMetres) => ({ xMetres, yMetres });
const click = (robot: number, place = at(400), adds = false): MapEvent => ({ kind: 'click', robot, at: place, adds });
const step = (through: 'robots' | 'zones' | 'annotations', direction: 1 | -1): MapEvent => {
  return { kind: 'step', through, direction };
};
const outlineOf = ({ state }: { state: MapState }) => drawingOf(state, new Set(state.selectedIds));

describe('selecting', () => {
  it('selects a robot, another one with it, and takes both back', () => {
    const map = open();
    expect(map.do(click(R1))).toBe('r-1 selected, Working');
    expect(map.effect('select')?.robotIds).toEqual(['r-1']);
    map.do(click(R2, at(9), true));
    expect(map.state.selectedIds).toEqual(['r-1', 'r-2']);
    expect(map.do(click(R1, at(1), true))).toBe('r-1 no longer selected');
    expect(map.do(click(-1))).toBe('Nothing selected');
    expect(map.state.selectedIds).toEqual([]);
  });

  it('selects the shown robots in an area, and leaves what it had gone to', () => {
    const map = open();
    map.do({ kind: 'goTo', robot: R3 });
    const corners = [at(0), at(30, 0), at(30), at(0, 30)];
    expect(map.do({ kind: 'selectArea', points: corners, adds: false })).toBe('3 robots selected');
    expect(map.state.focus).toBeNull();
  });

  it('adds to what the dashboard variable holds, which is the selection', () => {
    const map = open({ variableIds: ['r-3'] });
    map.do(click(R1, at(1), true));
    expect(map.effect('select')?.robotIds).toEqual(['r-3', 'r-1']);
  });

  it('selects no more robots than the variable holds, and remembers that it could not', () => {
    const map = open({ variableIds: [], mostSelected: 1 });
    const corners = [at(0), at(30, 0), at(30), at(0, 30)];
    expect(map.do({ kind: 'selectArea', points: corners, adds: false })).toBe('1 robot selected');
    expect(map.effect('select')?.robotIds).toEqual(['r-3']);
    expect(map.state.isSelectionCut).toBe(true);
    map.do(click(R1));
    expect(map.state.isSelectionCut).toBe(false);
  });
});

describe('zones', () => {
  it('select the shown robots in them, and take that back at the next click', () => {
    const map = open();
    expect(map.do(click(-1, at(4)))).toBe('2 robots in zone Dock selected');
    expect(map.state.selectedIds).toEqual(['r-1', 'r-2']);
    expect(outlineOf(map)).not.toBeNull();
    expect(map.do(click(-1, at(4)))).toBe('Zone Dock no longer selected');
    expect(map.state.selectedIds).toEqual([]);
  });

  it('add their robots', () => {
    const map = open();
    map.do(click(-1, at(4)));
    expect(map.do(click(-1, at(27), true))).toBe('1 robot in zone Buffer selected');
    expect(map.state.selectedIds).toEqual(['r-1', 'r-2', 'r-3']);
  });

  it('are outlined only while their robots are the selected ones', () => {
    const map = open();
    map.do(click(-1, at(4)));
    expect(drawingOf(map.state, new Set(['r-3']))).toBeNull();
  });

  it('are gone through by name, both ways, and a far one is brought on screen', () => {
    const map = open();
    expect(map.do(step('zones', 1))).toBe('1 robot in zone Buffer selected');
    expect(map.do(step('zones', 1))).toBe('2 robots in zone Dock selected');
    expect(map.effect('setView')).toBeUndefined();
    expect(map.do(step('zones', 1))).toBe('0 robots in zone Far selected');
    expect(map.effect('setView')?.view).toMatchObject({ centreXMetres: 505, centreYMetres: 505 });
    expect(map.effect('select')?.robotIds).toEqual([]);
    expect(map.do(step('zones', 1))).toBe('1 robot in zone Buffer selected');
    expect(map.do(step('zones', -1))).toBe('0 robots in zone Far selected');
  });

  it('are said to be missing on a floor without any', () => {
    expect(open({ shapes: [] }).do(step('zones', -1))).toBe('No zones on this floor');
  });
});

describe('going to a robot', () => {
  it('brings it into the middle, close enough', () => {
    const map = open();
    expect(map.do({ kind: 'goTo', robot: R3 })).toBe('r-3, Working');
    expect(map.effect('setView')?.view).toMatchObject({ centreXMetres: 25, centreYMetres: 25, pxPerMetre: 25 });
  });

  it('takes it out of hiding', () => {
    const map = open();
    map.do({ kind: 'find', robot: HIDDEN });
    expect(map.effect('setHidden')?.hidden).toEqual(new Set());
    expect(map.state.selectedIds).toEqual(['hidden']);
    expect(map.effects.at(-1)).toEqual({ kind: 'takeKeys' });
  });

  it('shows its floor with its place there', () => {
    const map = open();
    expect(map.do({ kind: 'goTo', robot: UPSTAIRS })).toBe('upstairs, Working, on floor roof');
    expect(map.effect('showFloor')).toMatchObject({ mapId: 'roof', view: { centreXMetres: 3, centreYMetres: 4 } });
    expect(map.effect('setView')).toBeUndefined();
  });

  it('says why it has no place, and stays', () => {
    const map = open();
    expect(map.do({ kind: 'goTo', robot: LOST })).toBe('lost, Error, not placed: no position');
    expect(map.effects).toEqual([]);
    expect(open({ canChangeFloor: false }).do({ kind: 'goTo', robot: UPSTAIRS })).toBe(
      'upstairs, Working, not placed: on floor roof'
    );
  });

  it('passes over robots that are not drawn', () => {
    const map = open();
    for (const robotId of ['r-1', 'r-2', 'r-3', 'r-1']) {
      map.do(step('robots', 1));
      expect(map.state.focus).toEqual({ kind: 'robot', robotId });
    }
  });
});

describe('annotations', () => {
  it('are gone through in time, and take the place of a robot', () => {
    const map = open();
    map.do({ kind: 'goTo', robot: R1 });
    expect(map.do(step('annotations', 1))).toMatch(/^Annotation: Spill, /);
    expect(map.state.focus?.kind).toBe('annotation');
    expect(map.do(step('annotations', 1))).toMatch(/^Annotation: Repair, r-3, /);
    map.do({ kind: 'goTo', robot: R1 });
    expect(map.state.focus).toEqual({ kind: 'robot', robotId: 'r-1' });
  });

  it('come before the zone that their pin lies in', () => {
    const map = open({ shapes: [square('Hall', 0, 30)] });
    // The pin's head stands above its place.
    expect(map.do(click(-1, at(15, 16)))).toMatch(/^Annotation: Spill, /);
    expect(map.do(click(-1, at(15, 20)))).toMatch(/in zone Hall selected$/);
  });
});

describe('following', () => {
  const followed = () => {
    const map = open();
    map.do({ kind: 'goTo', robot: R1 });
    expect(map.do({ kind: 'toggleFollowing' })).toBe('Following r-1');
    return map;
  };

  it.each<[string, MapEvent]>([
    ['goes to another robot', { kind: 'goTo', robot: R2 }],
    ['goes to a far zone', step('zones', -1)],
    ['moves the view', { kind: 'move', view: { ...WORLD.view, centreXMetres: 0 } }],
    ['drags the map', { kind: 'dragged' }],
    ['shows everything', { kind: 'fit' }],
    ['changes the floor', { kind: 'changeFloor', mapId: 'roof' }],
    ['clears', { kind: 'clear' }],
  ])('ends when the user %s', (_, event) => {
    const map = followed();
    map.do(event);
    expect(map.state.followedId).toBeNull();
  });

  it.each<[string, MapEvent]>([
    ['zooms', { kind: 'zoom', factor: 2 }],
    ['goes to the same robot', { kind: 'goTo', robot: R1 }],
    ['selects', click(R2)],
    ['is told that the robot has gone to another floor', { kind: 'followedLeft', robot: UPSTAIRS }],
  ])('goes on when the user %s', (_, event) => {
    const map = followed();
    map.do(event);
    expect(map.state.followedId).toBe('r-1');
  });

  it('changes nothing when a map that follows no robot is dragged, so that nothing is rendered for it', () => {
    const map = open();
    const { state } = map;
    map.do({ kind: 'dragged' });
    expect(map.state).toBe(state);
    expect(map.effects).toEqual([{ kind: 'holdView' }]);
  });
});

describe('tools', () => {
  it('measure from click to click, and by Enter in the middle of the map', () => {
    const map = open();
    expect(map.do({ kind: 'changeTool', tool: 'measure' })).toBe('Clicks and Enter measure');
    expect(map.do(click(R1, at(15, 11)))).toBe('Measuring from here');
    expect(map.do({ kind: 'pressEnter', adds: false })).toBe('4.00 m');
    expect(drawingOf(map.state, new Set())).toMatchObject({ kind: 'line', points: [at(15, 11), at(15)] });
    expect(map.state.selectedIds).toEqual([]);
  });

  it('are put away when they are chosen again', () => {
    const map = open();
    map.do({ kind: 'changeTool', tool: 'lasso' });
    expect(map.do({ kind: 'changeTool', tool: 'lasso' })).toBe('Drag moves the map');
    expect(map.state.tool).toBe('move');
  });

  it('are put away with all else by Escape, but not the search', () => {
    const map = open();
    map.do({ kind: 'openFind', isOpen: true });
    map.do({ kind: 'measureFrom', point: at(1) });
    map.do(step('annotations', 1));
    expect(map.do({ kind: 'clear' })).toBe('Nothing selected');
    expect(map.state).toEqual({ ...INITIAL_STATE, isFinding: true, spoken: 'Nothing selected' });
  });
});

describe('robots that were selected elsewhere', () => {
  it('one comes into the middle of its floor, in focus', () => {
    const map = open();
    expect(map.do({ kind: 'arrive', robots: [UPSTAIRS] })).toContain('on floor roof');
    expect(map.effect('showFloor')).toMatchObject({ mapId: 'roof', view: { centreXMetres: 3, centreYMetres: 4 } });
    expect(map.state.focus).toEqual({ kind: 'robot', robotId: 'upstairs' });
  });

  it('several fit into the view of this floor', () => {
    const map = open();
    expect(map.do({ kind: 'arrive', robots: [R1, R3, UPSTAIRS] })).toBe('3 robots selected, 2 on this floor');
    const view = map.effect('setView')?.view;
    expect(view).toMatchObject({ centreXMetres: 13 });
    expect(24 * (view?.pxPerMetre ?? NaN)).toBeLessThan(400);
  });

  it('bring their floor on screen where none of them is here', () => {
    const map = open();
    map.do({ kind: 'arrive', robots: [UPSTAIRS, LOST] });
    expect(map.effect('showFloor')).toMatchObject({ mapId: 'roof' });
  });
});

it('keeps a selection on the map that is too large for an address, until another one is made', () => {
  const map = open({ variableIds: [], fitsAddress: (ids) => ids.length < 2 });
  map.do({ kind: 'selectArea', points: [at(0, 0), at(30, 0), at(30, 30), at(0, 30)], adds: false });
  expect(map.effect('select')?.robotIds).toEqual([]);
  expect(map.state.isSelectionLong).toBe(true);
  expect(selectionOf(map.state, map.world)).toEqual(['r-1', 'r-2', 'r-3']);
  map.do(click(R1));
  expect(map.effect('select')?.robotIds).toEqual(['r-1']);
  expect(map.state.isSelectionLong).toBe(false);
});

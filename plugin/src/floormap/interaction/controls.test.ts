import { testFleet } from '../fleet/testFleet';
import { findRobot } from './going';
import { nextHidden } from '../ui/Legend';
import { eventOfKey } from './mapKeyboard';
import { keepView, recallView } from './viewMemory';

const view = { widthPx: 100, heightPx: 100, centreXMetres: 0, centreYMetres: 0, pxPerMetre: 1 };

describe('the legend', () => {
  const present = ['error', 'working', 'idle'] as const;

  it('shows one status alone on a click, and all again on the next', () => {
    const alone = nextHidden(present, new Set(), 'error', false);
    expect([...alone]).toEqual(['working', 'idle']);
    expect([...nextHidden(present, alone, 'error', false)]).toEqual([]);
  });

  it('hides and shows one status with Ctrl', () => {
    const without = nextHidden(present, new Set(), 'idle', true);
    expect([...without]).toEqual(['idle']);
    expect([...nextHidden(present, without, 'idle', true)]).toEqual([]);
  });
});

describe('finding a robot', () => {
  const fleet = testFleet(['AGV-10', 'AGV-1', 'picker-1'].map((robot_id) => ({ robot_id, x: 0, y: 0 })));

  it.each([
    ['agv-1', 1],
    ['agv', 0],
    ['picker', 2],
    ['er-1', 2],
    ['', -1],
    ['nobody', -1],
  ])('takes %j for robot %i', (typed, robot) => {
    expect(findRobot(fleet, typed)).toBe(robot);
  });
});

describe('keys', () => {
  const eventOf = (key: string, shiftKey = false) => eventOfKey(key, { shiftKey, view });

  it('pan by a share of the panel', () => {
    const event = eventOf('ArrowRight');
    expect(event?.kind === 'move' && event.view.centreXMetres).toBeCloseTo(12, 9);
  });

  it.each([
    ['+', { kind: 'zoom', factor: 1.4 }],
    ['n', { kind: 'step', through: 'robots', direction: 1 }],
    ['Z', { kind: 'step', through: 'zones', direction: -1 }],
    ['A', { kind: 'step', through: 'annotations', direction: -1 }],
    ['Enter', { kind: 'pressEnter', adds: false }],
    ['o', { kind: 'toggleFollowing' }],
    ['?', { kind: 'listKeys', isOpen: true }],
    ['Tab', null],
  ])('%s means %j', (key, event) => {
    expect(eventOf(key)).toEqual(event);
  });

  it('add to the selection with Shift', () => {
    expect(eventOf('Enter', true)).toEqual({ kind: 'pressEnter', adds: true });
  });
});

describe('the remembered view', () => {
  it('comes back, by panel and floor', () => {
    keepView('panel 1', { ...view, centreXMetres: 7 });
    expect(recallView('panel 1')).toEqual({ centreXMetres: 7, centreYMetres: 0, pxPerMetre: 1 });
    expect(recallView('panel 2')).toBeNull();
  });

  it('is forgotten, and anything else in its place is ignored', () => {
    keepView('panel 1', null);
    expect(recallView('panel 1')).toBeNull();
    sessionStorage.setItem('floorwatch.view.panel 3', '{"pxPerMetre":"wide"');
    expect(recallView('panel 3')).toBeNull();
  });
});

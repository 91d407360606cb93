import { testFleet } from '../fleet/testFleet';
import { findRobot } from './findRobot';
import { nextHidden } from '../ui/Legend';
import { handleKey, type KeyActions } from './mapKeyboard';
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
  const actions = (): jest.Mocked<KeyActions> => ({
    move: jest.fn(),
    fit: jest.fn(),
    step: jest.fn(),
    pick: jest.fn(),
    clear: jest.fn(),
    find: jest.fn(),
    follow: jest.fn(),
    zone: jest.fn(),
    annotation: jest.fn(),
    tool: jest.fn(),
  });

  it('pan and zoom', () => {
    const did = actions();
    handleKey('ArrowRight', view, did);
    expect(did.move.mock.calls[0]?.[0].centreXMetres).toBeCloseTo(12, 9);
    handleKey('+', view, did);
    expect(did.move.mock.calls[1]?.[0].pxPerMetre).toBeCloseTo(1.4, 9);
  });

  it.each([
    ['z', 'zone', 1],
    ['Z', 'zone', -1],
    ['a', 'annotation', 1],
    ['A', 'annotation', -1],
  ] as const)('%s goes to another %s', (key, action, direction) => {
    const did = actions();
    expect(handleKey(key, view, did)).toBe(true);
    expect(did[action]).toHaveBeenCalledWith(direction);
  });

  it('step through robots, and leave other keys to the page', () => {
    const did = actions();
    expect(handleKey('n', view, did)).toBe(true);
    expect(did.step).toHaveBeenCalledWith(1);
    expect(handleKey('Tab', view, did)).toBe(false);
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

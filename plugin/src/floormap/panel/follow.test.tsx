import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { DEFAULT_OPTIONS, type FloorMapOptions } from '../options/options';
import { panelOf, renderPanel } from './testPanel';

const fleet = (mapOfR1: string, at: number | null = 3) => [
  { robot_id: 'r-1', x: at, y: at, map_id: mapOfR1, status: 'working' },
  { robot_id: 'r-2', x: 2, y: 2, map_id: 'hall', status: 'idle' },
  { robot_id: 'r-3', x: 9, y: 9, map_id: 'hall', status: 'idle' },
];
const counts = () => screen.getByTestId('floormap-counts').textContent;
const spoken = () => screen.getByTestId('floormap-announcement').textContent;
const press = (key: string) => fireEvent.keyDown(screen.getByTestId('floormap-canvas'), { key });
const nextFrame = () => act(() => new Promise((resolve) => setTimeout(resolve, 50)));

/** Follows r-1 in the hall; the result takes it elsewhere. */
function followFirst(options: Partial<FloorMapOptions> = {}) {
  const { rerender } = renderPanel(fleet('hall'), { ...DEFAULT_OPTIONS, ...options });
  press('n');
  press('o');
  expect(screen.getByTestId('floormap-following')).toHaveTextContent(/^Following r-1$/);
  return (rows: ReturnType<typeof fleet>) => rerender(panelOf(rows, { ...DEFAULT_OPTIONS, ...options }));
}

beforeEach(() => sessionStorage.clear());

it('goes with a followed robot to another floor, and goes on following it', async () => {
  const become = followFirst();
  become(fleet('mezzanine', 44));
  expect(counts()).toBe('1 here + 2 on other floors + 0 not placed = 3 robots');
  expect(spoken()).toBe('r-1, Working, on floor mezzanine');
  await waitFor(() => expect(screen.getByTestId('floormap-canvas').dataset['view']).toMatch(/^44\.00,44\.00,/));
  become(fleet('hall'));
  expect(counts()).toBe('3 placed + 0 not placed = 3 robots');
});

it('waits for a followed robot that has no place yet on its new floor', () => {
  const become = followFirst();
  become(fleet('mezzanine', null));
  expect(counts()).toBe('2 placed + 1 not placed = 3 robots');
  expect(screen.getByTestId('floormap-following')).toHaveTextContent('Following r-1: no position');
  become(fleet('mezzanine', 5));
  expect(counts()).toBe('1 here + 2 on other floors + 0 not placed = 3 robots');
});

it('says where a followed robot is when the options have fixed the floor, until that is ended', () => {
  const become = followFirst({ mapId: 'hall' });
  become(fleet('mezzanine'));
  expect(screen.getByTestId('floormap-following')).toHaveTextContent('Following r-1: on floor mezzanine');
  fireEvent.click(screen.getByRole('button', { name: 'Stop following r-1' }));
  expect(screen.queryByTestId('floormap-following')).toBeNull();
});

it('follows the robot of the options as soon as the fleet has it, until the user stops that', () => {
  const options = { ...DEFAULT_OPTIONS, followedRobot: 'r-1' };
  const { rerender } = renderPanel(fleet('hall').slice(1), options);
  expect(screen.queryByTestId('floormap-following')).toBeNull();
  rerender(panelOf(fleet('hall'), options));
  expect(screen.getByTestId('floormap-following')).toHaveTextContent(/^Following r-1$/);
  fireEvent.click(screen.getByRole('button', { name: 'Stop following r-1' }));
  rerender(panelOf(fleet('hall'), options));
  expect(screen.queryByTestId('floormap-following')).toBeNull();
});

it.each([
  ['goes to another robot', 'n'],
  ['moves the map', 'ArrowLeft'],
  ['shows everything', '0'],
])('ends when the user %s', async (_, key) => {
  followFirst();
  await nextFrame();
  press(key);
  expect(screen.queryByTestId('floormap-following')).toBeNull();
});

it('covers the way of a followed robot with no tooltip, and shows it again when following ends', () => {
  renderPanel(fleet('hall'));
  press('n');
  expect(screen.getByTestId('floormap-tooltip')).toHaveTextContent('r-1');
  press('o');
  expect(screen.queryByTestId('floormap-tooltip')).toBeNull();
  press('o');
  expect(screen.getByTestId('floormap-tooltip')).toHaveTextContent('r-1');
});

it('goes on while the user zooms', () => {
  followFirst();
  press('+');
  expect(screen.getByTestId('floormap-following')).toBeInTheDocument();
});

it('says when following begins and ends, and which tool is in hand', () => {
  followFirst();
  expect(spoken()).toBe('Following r-1');
  press('o');
  expect(spoken()).toBe('Following nobody');
  press('l');
  expect(spoken()).toMatch(/lasso/);
  press('m');
  expect(spoken()).toMatch(/measure/);
  press('m');
  expect(spoken()).toBe('Drag moves the map');
});

import { act, fireEvent, screen } from '@testing-library/react';
import { DEFAULT_OPTIONS } from '../options/options';
import { IN_USE_MS } from '../rotation/useFloorRotation';
import { panelOf, renderPanel } from './testPanel';

// A minute of fake time is thousands of timers of the map: on a busy machine, more than the five seconds that a test has.
jest.setTimeout(60_000);

const FLEET = ['a', 'b', 'b', 'c', 'c', 'c'].map((map_id, i) => {
  return { robot_id: `r-${i}`, x: i, y: i, map_id, status: 'working' };
});
const OPTIONS = { ...DEFAULT_OPTIONS, rotateFloorsSeconds: 20 };
const sign = () => screen.getByTestId('floormap-floor-sign').textContent;
const pass = (seconds: number) => act(() => jest.advanceTimersByTimeAsync(seconds * 1000));
const hide = (isHidden: boolean) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => isHidden });
  fireEvent(document, new Event('visibilitychange'));
};

beforeEach(() => {
  sessionStorage.clear();
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  hide(false);
});

it('shows each floor for as long as the options say, also while the data refreshes', async () => {
  const { rerender } = renderPanel(FLEET, OPTIONS);
  // The fullest floor is on screen first.
  expect(sign()).toBe('c3 of 3, the next in 20 s');
  await pass(15);
  rerender(panelOf(FLEET, OPTIONS));
  expect(sign()).toBe('c3 of 3, the next in 20 s');
  await pass(6);
  expect(sign()).toBe('a1 of 3, the next in 20 s');
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('1 here + 5 on other floors');
  await pass(21);
  expect(sign()).toBe('b2 of 3, the next in 20 s');
});

it('stays on a floor while somebody uses the map, and goes on a minute later', async () => {
  renderPanel(FLEET, OPTIONS);
  fireEvent.pointerMove(screen.getByTestId('floormap-canvas'));
  await pass(50);
  expect(sign()).toBe('c3 of 3, paused while the map is in use');
  // A button over the map is the map too.
  fireEvent.keyDown(screen.getByRole('button', { name: 'Zoom in' }), { key: 'Tab' });
  await pass(IN_USE_MS / 1000 - 1);
  expect(sign()).toBe('c3 of 3, paused while the map is in use');
  await pass(2);
  expect(sign()).toBe('c3 of 3, the next in 20 s');
  await pass(21);
  expect(sign()).toBe('a1 of 3, the next in 20 s');
});

it('loads no other floor in a hidden tab', async () => {
  renderPanel(FLEET, OPTIONS);
  hide(true);
  await pass(100);
  expect(sign()).toMatch(/^c/);
  hide(false);
  await pass(21);
  expect(sign()).toMatch(/^a/);
});

it('stays with a robot that is followed', async () => {
  renderPanel(FLEET, OPTIONS);
  await pass(1);
  fireEvent.keyDown(screen.getByTestId('floormap-canvas'), { key: 'n' });
  fireEvent.keyDown(screen.getByTestId('floormap-canvas'), { key: 'o' });
  await pass(100);
  expect(sign()).toBe('c3 of 3, paused while the map is in use');
});

it('does not rotate without the option', async () => {
  renderPanel(FLEET);
  await pass(100);
  expect(screen.queryByTestId('floormap-floor-sign')).toBeNull();
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('3 here + 3 on other floors');
});

it('does not rotate where the options have fixed the floor, and names it', async () => {
  renderPanel(FLEET, { ...OPTIONS, mapId: 'a' });
  await pass(100);
  expect(sign()).toBe('a');
});

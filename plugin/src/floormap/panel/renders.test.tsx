import { act, fireEvent, screen } from '@testing-library/react';
import { Legend } from '../ui/Legend';
import { Toolbar } from '../ui/Toolbar';
import { renderPanel } from './testPanel';

jest.mock('../ui/Toolbar', () => ({ Toolbar: jest.fn(jest.requireActual('../ui/Toolbar').Toolbar) }));
jest.mock('../ui/Legend', () => ({ ...jest.requireActual('../ui/Legend'), Legend: jest.fn(() => null) }));

const rendersOf = () => jest.mocked(Toolbar).mock.calls.length + jest.mocked(Legend).mock.calls.length;
const map = () => screen.getByTestId('floormap-canvas');
// jsdom has no pointer events of its own.
const pointer = (type: string, x: number, y: number) =>
  fireEvent(map(), Object.assign(new MouseEvent(type, { clientX: x, clientY: y, bubbles: true }), { pointerId: 1 }));
const settle = () => act(() => new Promise((resolve) => setTimeout(resolve, 50)));

async function open() {
  renderPanel([{ robot_id: 'r-1', x: 1, y: 1, status: 'working' }]);
  map().setPointerCapture = jest.fn();
  await settle();
  jest.mocked(Toolbar).mockClear();
  jest.mocked(Legend).mockClear();
}

/** Where a place of the map is on screen. */
function spotOf(xMetres: number, yMetres: number) {
  const [centreX = NaN, centreY = NaN, pxPerMetre = NaN] = (map().dataset['view'] ?? '').split(',').map(Number);
  return { x: 400 + (xMetres - centreX) * pxPerMetre, y: 250 - (yMetres - centreY) * pxPerMetre };
}

it('renders neither tools nor legend while the pointer moves over the map, and shows the robot under it', async () => {
  await open();
  for (let x = 0; x < 800; x += 20) pointer('pointermove', x, 5);
  expect(screen.queryByTestId('floormap-tooltip')).not.toBeInTheDocument();
  const { x, y } = spotOf(1, 1);
  for (let k = 0; k < 10; k++) pointer('pointermove', x + k / 5, y);
  expect(screen.getByTestId('floormap-tooltip')).toHaveTextContent('r-1');
  expect(rendersOf()).toBe(0);
});

it('renders neither while the map is dragged', async () => {
  await open();
  const before = map().dataset['view'];
  pointer('pointerdown', 100, 100);
  for (let x = 100; x < 200; x += 5) pointer('pointermove', x, 100);
  pointer('pointerup', 200, 100);
  await settle();
  expect(map().dataset['view']).not.toBe(before);
  expect(rendersOf()).toBe(0);
});

it('renders them once for an area that is drawn, not for each of its points', async () => {
  await open();
  fireEvent.keyDown(map(), { key: 'l' });
  const before = rendersOf();
  pointer('pointerdown', 100, 100);
  for (const [x, y] of [
    [700, 100],
    [700, 480],
    [100, 480],
  ] as const) {
    for (let k = 0; k < 10; k++) pointer('pointermove', x + k, y);
  }
  expect(rendersOf()).toBe(before);
  pointer('pointerup', 100, 100);
  expect(screen.getByTestId('floormap-announcement')).toHaveTextContent('1 robot selected');
  expect(rendersOf() - before).toBeLessThanOrEqual(2);
});

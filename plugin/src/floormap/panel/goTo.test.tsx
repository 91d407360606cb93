import { act, fireEvent, screen, within } from '@testing-library/react';
import { DEFAULT_OPTIONS } from '../options/options';
import { renderPanel } from './testPanel';

const TWO_FLOORS = [
  { robot_id: 'r-1', x: 1, y: 1, map_id: 'hall', status: 'working' },
  { robot_id: 'r-2', x: 2, y: 2, map_id: 'hall', status: 'idle' },
  { robot_id: 'r-3', x: 33, y: 44, map_id: 'mezzanine', status: 'working' },
  { robot_id: 'r-4', x: null, y: null, map_id: 'mezzanine', status: 'error' },
];

const counts = () => screen.getByTestId('floormap-counts').textContent;
const spoken = () => screen.getByTestId('floormap-announcement').textContent;
const map = () => screen.getByTestId('floormap-canvas');
const nextFrame = () => act(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));

function find(typed: string): void {
  fireEvent.keyDown(map(), { key: '/' });
  const box = screen.getByTestId('floormap-find');
  fireEvent.change(box, { target: { value: typed } });
  fireEvent.keyDown(box, { key: 'Enter' });
}

beforeEach(() => sessionStorage.clear());

it("switches to the floor of a robot that is looked for, and shows the robot's place there", async () => {
  renderPanel(TWO_FLOORS);
  expect(counts()).toBe('2 here + 1 on another floor + 1 not placed = 4 robots');
  find('r-3');
  expect(counts()).toBe('1 here + 2 on other floors + 1 not placed = 4 robots');
  expect(spoken()).toBe('r-3, Working, on floor mezzanine, selected');
  await nextFrame();
  expect(map().dataset['view']).toMatch(/^33\.00,44\.00,/);
});

it('closes the list of those not placed with Escape, and gives the focus back to what opened it', () => {
  renderPanel(TWO_FLOORS);
  const opener = screen.getByText('1 not placed');
  fireEvent.click(opener);
  const robot = within(screen.getByTestId('floormap-not-placed')).getAllByRole('button')[0];
  fireEvent.keyDown(robot ?? opener, { key: 'Escape' });
  expect(screen.queryByTestId('floormap-not-placed')).toBeNull();
  expect(opener).toHaveFocus();
});

it('switches to the floor of a robot in the list of those not placed', () => {
  renderPanel(TWO_FLOORS);
  fireEvent.click(screen.getByText('1 not placed'));
  fireEvent.click(screen.getByRole('button', { name: 'r-3' }));
  expect(counts()).toBe('1 here + 2 on other floors + 1 not placed = 4 robots');
});

it('says why a robot has no place on any floor, and stays', () => {
  renderPanel(TWO_FLOORS);
  find('r-4');
  expect(counts()).toBe('2 here + 1 on another floor + 1 not placed = 4 robots');
  expect(spoken()).toBe('r-4, Error, not placed: no position, selected');
});

it('does not leave a floor that the options have fixed', () => {
  renderPanel(TWO_FLOORS, { ...DEFAULT_OPTIONS, mapId: 'hall' });
  find('r-3');
  expect(counts()).toBe('2 here + 1 on another floor + 1 not placed = 4 robots');
  expect(spoken()).toBe('r-3, Working, not placed: on floor mezzanine, selected');
});

it('shows a robot that is looked for though the legend hides its status', () => {
  renderPanel(TWO_FLOORS);
  fireEvent.click(screen.getByRole('button', { name: /^Working/ }));
  expect(counts()).toContain('1 hidden by the legend');
  find('r-2');
  expect(counts()).not.toContain('hidden');
});

it('selects a robot that is found twice, and does not unselect it', () => {
  renderPanel(TWO_FLOORS);
  find('r-1');
  find('r-1');
  expect(spoken()).toBe('r-1, Working, selected');
});

it('gives the keyboard back to the map when the search is left', () => {
  renderPanel(TWO_FLOORS);
  fireEvent.keyDown(map(), { key: '/' });
  fireEvent.keyDown(screen.getByTestId('floormap-find'), { key: 'Escape' });
  expect(map()).toHaveFocus();
  expect(screen.queryByTestId('floormap-find')).not.toBeInTheDocument();
});

import { fireEvent, screen } from '@testing-library/react';
import { renderPanel } from './testPanel';

const NOW_MS = Date.now();
const ROBOTS = [{ robot_id: 'r-1', x: 1, y: 1, status: 'working' }];
const SPILL = { time: NOW_MS - 60_000, title: 'Spill', text: 'Oil at the dock', tags: ['safety', 'x:2', 'y:3'] };
const REPAIR = { time: NOW_MS - 30_000, text: 'Wheel changed', tags: ['robot:r-1'] };
const DEPLOYED = { time: NOW_MS - 1_000, text: 'No place', tags: ['deploy'] };
const LAST_WEEK = { time: NOW_MS - 7 * 86_400_000, text: 'Long ago', tags: ['x:2', 'y:3'] };

const map = () => screen.getByTestId('floormap-canvas');
const said = () => screen.getByTestId('floormap-announcement').textContent;
const press = (key: string) => fireEvent.keyDown(map(), { key });

function show(...annotations: Array<Record<string, unknown>>) {
  renderPanel(ROBOTS, undefined, undefined, annotations);
}

it('goes through the annotations that have a place and a moment on the dashboard, in time', () => {
  show(REPAIR, SPILL, DEPLOYED, LAST_WEEK);
  press('a');
  expect(said()).toMatch(/^Annotation: Spill, Oil at the dock, \d{4}-.*, safety$/);
  expect(screen.getByTestId('floormap-place')).toHaveTextContent(/Spill.*Oil at the dock.*safety/);
  press('a');
  expect(said()).toMatch(/^Annotation: Wheel changed, r-1, /);
  expect(screen.getByTestId('floormap-place')).toHaveTextContent('r-1');
  press('a');
  expect(said()).toMatch(/Spill/);
  press('A');
  expect(said()).toMatch(/Wheel changed/);
  press('Escape');
  expect(screen.queryByTestId('floormap-place')).not.toBeInTheDocument();
});

it('lists them in the legend, which hides them', () => {
  show(SPILL, REPAIR, DEPLOYED);
  const entry = screen.getByRole('button', { name: 'Annotations 2' });
  expect(entry).toHaveAttribute('aria-pressed', 'true');
  fireEvent.click(entry);
  expect(entry).toHaveAttribute('aria-pressed', 'false');
  press('a');
  expect(said()).toBe('No annotations on this floor');
});

it('shows one thing at a time: a robot that is gone to takes the place of an annotation', () => {
  show(SPILL);
  press('a');
  press('n');
  expect(screen.queryByTestId('floormap-place')).not.toBeInTheDocument();
  expect(screen.getByTestId('floormap-tooltip')).toHaveTextContent('r-1');
  press('a');
  expect(screen.queryByTestId('floormap-tooltip')).not.toBeInTheDocument();
});

it('has no entry in the legend where no annotation has a place', () => {
  show(DEPLOYED);
  expect(screen.queryByRole('button', { name: /^Annotations/ })).not.toBeInTheDocument();
});

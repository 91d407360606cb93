import { fireEvent, screen } from '@testing-library/react';
import { DEFAULT_OPTIONS } from '../options/options';
import { renderPanel } from './testPanel';

const ROBOTS = [
  { robot_id: 'a', x: 1, y: 1, map_id: 'hall' },
  { robot_id: 'b', x: 1, y: 1, map_id: 'hall' },
  { robot_id: 'c', x: 1, y: 1, map_id: 'mezzanine' },
];

it.each([900, 400, 130])('lists the keyboard shortcuts by a button in a panel of %d px', async (width) => {
  renderPanel(ROBOTS, DEFAULT_OPTIONS, { width, height: 400 });
  const name = 'Keyboard shortcuts';
  const isRow = width > 520;
  if (!isRow) fireEvent.click(screen.getByRole('button', { name: 'Map tools' }));
  fireEvent.click(isRow ? screen.getByRole('button', { name }) : await screen.findByRole('menuitem', { name }));
  expect(screen.getByRole('dialog', { name: 'Keyboard shortcuts of the floor map' })).toHaveTextContent('Find a robot');
});

it.each([130, 180])('switches floors by the menu where the panel has %d px, too few for their list', async (width) => {
  renderPanel(ROBOTS, DEFAULT_OPTIONS, { width, height: 200 });
  expect(screen.queryByLabelText('Floor')).not.toBeInTheDocument();
  fireEvent.click(screen.getByRole('button', { name: 'Map tools' }));
  fireEvent.click(await screen.findByRole('menuitem', { name: 'mezzanine (1)' }));
  expect(screen.getByTestId('floormap-counts')).toHaveAttribute(
    'title',
    '1 placed here + 2 on other floors + 0 not placed = 3 robots'
  );
});

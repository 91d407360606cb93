import { fireEvent, screen } from '@testing-library/react';
import { renderPanel } from './testPanel';
import { formatPoint } from '../ui/MapMenu';

it('opens the menu of the robot in focus by the menu key: data links and copying need no mouse', () => {
  renderPanel([{ robot_id: 'r-1', x: -0.001, y: 2 }]);
  const map = screen.getByTestId('floormap-canvas');
  fireEvent.keyDown(map, { key: 'n' });
  fireEvent.contextMenu(map);
  expect(screen.getByText('Copy id')).toBeInTheDocument();
  expect(screen.getByText('0.00, 2.00 m')).toBeInTheDocument();
});

it('opens the menu of the place under the mouse by its right button, whatever is in focus', () => {
  renderPanel([{ robot_id: 'r-1', x: 1, y: 2 }]);
  const map = screen.getByTestId('floormap-canvas');
  fireEvent.keyDown(map, { key: 'n' });
  fireEvent.contextMenu(map, { button: 2, clientX: 5, clientY: 5 });
  expect(screen.queryByText('Copy id')).not.toBeInTheDocument();
  expect(screen.getByText('Copy coordinates')).toBeInTheDocument();
});

it('writes no minus before zero', () => {
  expect(formatPoint({ xMetres: -0.004, yMetres: -1.5 })).toBe('0.00, -1.50');
});

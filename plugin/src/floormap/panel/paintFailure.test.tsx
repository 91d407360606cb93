import { act, screen, waitFor } from '@testing-library/react';
import { testPen } from '../paint/testPen';
import { renderPanel } from './testPanel';

jest.mock('../paint/raster', () => ({ rasterSettings: () => ({}) }));

let drawImage: (() => void) | undefined;
const nextTick = () => act(() => new Promise((resolve) => setTimeout(resolve, 1_200)));

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => {
    const { pen } = testPen();
    pen.drawImage = () => drawImage?.();
    return pen as never;
  });
  // jsdom has none.
  global.Path2D ??= class {
    moveTo() {}
    lineTo() {}
  } as unknown as typeof Path2D;
});

it('says that the map cannot be painted and what to do, counts on, and takes it back with the next good frame', async () => {
  drawImage = () => {
    throw new Error('The canvas is too large');
  };
  renderPanel([{ robot_id: 'r-1', x: 1, y: 1, status: 'idle' }]);
  const said = () => screen.getByTestId('floormap-messages').textContent;
  await waitFor(() =>
    expect(said()).toMatch(
      /^The map cannot be painted, its picture is out of date: The canvas is too large\. .*reload the page\.$/
    )
  );
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('1 placed + 0 not placed = 1 robot');
  drawImage = undefined;
  await nextTick();
  expect(said()).toBe('');
});

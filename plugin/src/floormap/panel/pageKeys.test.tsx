import React from 'react';
import { fireEvent, render, screen } from '@testing-library/react';
import { panelOf, renderPanel } from './testPanel';

const ROWS = [{ robot_id: 'r-1', x: 1, y: 1, map_id: 'hall', status: 'working' }];
const box = () => screen.queryAllByTestId('floormap-find');

beforeEach(() => sessionStorage.clear());

it('finds a robot by slash wherever the page has the focus', () => {
  renderPanel(ROWS);
  fireEvent.keyDown(document.body, { key: '/' });
  expect(box()).toHaveLength(1);
});

it.each([
  ['in an input', () => screen.getByLabelText('note'), {}],
  ['in a dialog', () => screen.getByText('close'), {}],
  ['with Ctrl', () => document.body, { ctrlKey: true }],
])('leaves the key alone %s', (_, target, keys) => {
  render(
    <>
      <input aria-label="note" />
      <div role="dialog">
        <button>close</button>
      </div>
      {panelOf(ROWS)}
    </>
  );
  fireEvent.keyDown(target(), { key: '/', ...keys });
  expect(box()).toHaveLength(0);
});

it('opens one box of several maps: that of the map that was used last', () => {
  render(
    <>
      <div data-testid="first">{panelOf(ROWS)}</div>
      <div data-testid="second">{panelOf(ROWS)}</div>
    </>
  );
  const [, second] = screen.getAllByTestId('floormap-canvas');
  fireEvent.pointerDown(second!);
  fireEvent.keyDown(document.body, { key: '/' });
  expect(box()).toHaveLength(1);
  expect(screen.getByTestId('second')).toContainElement(box()[0]!);
});

it('takes no key after the map has gone', () => {
  renderPanel(ROWS).unmount();
  expect(fireEvent.keyDown(document.body, { key: '/' })).toBe(true);
});

it('lists the keys by question mark on the map, and by a button', () => {
  renderPanel(ROWS);
  fireEvent.keyDown(screen.getByTestId('floormap-canvas'), { key: '?' });
  expect(screen.getByTestId('floormap-shortcuts')).toHaveTextContent('Find a robot');
});

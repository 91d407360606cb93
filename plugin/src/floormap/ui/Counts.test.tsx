import React from 'react';
import { render, screen } from '@testing-library/react';
import { placeFleet } from '../fleet/placement';
import { testFleet } from '../fleet/testFleet';
import { Counts } from './Counts';

const fleet = testFleet([{ robot_id: 'a', x: 1, y: 1 }, { robot_id: 'b' }]);

it.each([
  [600, '1 placed + 1 not placed = 2 robots'],
  [280, '1 placed + 1 not placed = 2'],
  [130, '1 + 1 = 2'],
])('says in a map of %s px that placed and not placed are the fleet, in one row', (widthPx, text) => {
  const props = {
    offPlan: 0,
    hasPlan: true,
    onShowOffPlan: jest.fn(),
    filteredOut: 0,
    staleAfterSeconds: 60,
    onFocus: jest.fn(),
  };
  render(<Counts fleet={fleet} placement={placeFleet(fleet, null)} widthPx={widthPx} timeZone="utc" {...props} />);
  const counts = screen.getByTestId('floormap-counts');
  expect(counts).toHaveTextContent(text);
  expect(counts).toHaveAttribute('title', '1 placed + 1 not placed = 2 robots');
  expect(screen.getByRole('button', { name: '1 not placed' })).toBeInTheDocument();
});

it('says of which past moment the fleet is', () => {
  const then = { ...fleet, asOfMs: Date.UTC(2026, 10, 22, 12), readAtMs: Infinity };
  const props = {
    offPlan: 0,
    hasPlan: true,
    onShowOffPlan: jest.fn(),
    filteredOut: 0,
    staleAfterSeconds: 60,
    widthPx: 600,
    timeZone: 'utc',
    onFocus: jest.fn(),
  };
  render(<Counts fleet={then} placement={placeFleet(then, null)} {...props} />);
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('as of 2026-11-22 12:00:00');
});

it('leads to robots that stand beside the plan', () => {
  const onShowOffPlan = jest.fn();
  const props = { filteredOut: 0, staleAfterSeconds: 60, widthPx: 600, timeZone: 'utc', onFocus: jest.fn() };
  render(
    <Counts
      fleet={fleet}
      placement={placeFleet(fleet, null)}
      offPlan={1}
      hasPlan
      onShowOffPlan={onShowOffPlan}
      {...props}
    />
  );
  screen.getByRole('button', { name: '1 beside the plan' }).click();
  expect(onShowOffPlan).toHaveBeenCalled();
});

it('says how many robots are here, on other floors, and nowhere', () => {
  const rows = [
    { robot_id: 'a', x: 1, y: 1, map_id: 'hall' },
    { robot_id: 'b', x: 1, y: 1, map_id: 'roof' },
    { robot_id: 'c', x: 1, y: 1, map_id: 'roof' },
    { robot_id: 'd', map_id: 'roof' },
  ];
  const floors = testFleet(rows);
  const props = { offPlan: 2, hasPlan: false, onShowOffPlan: jest.fn(), filteredOut: 0, staleAfterSeconds: 60 };
  const rest = { widthPx: 600, timeZone: 'utc', onFocus: jest.fn() };
  render(<Counts fleet={floors} placement={placeFleet(floors, 'hall')} {...props} {...rest} />);
  const counts = screen.getByTestId('floormap-counts');
  expect(counts).toHaveTextContent('1 here + 2 on other floors + 1 not placed = 4 robots');
  expect(counts).toHaveTextContent('2 far from the others');
});

import React from 'react';
import { EventBusSrv, FieldType, getDefaultTimeRange, LoadingState, toDataFrame, type PanelProps } from '@grafana/data';
import { fireEvent, render, screen } from '@testing-library/react';
import { FloorMapPanel } from './FloorMapPanel';
import { DEFAULT_OPTIONS, type FloorMapOptions } from '../options/options';
import { renderPanel } from './testPanel';

const robots = (rows: Array<[string, number | null, number | null, string]>) =>
  toDataFrame({
    refId: 'A',
    fields: [
      { name: 'robot_id', type: FieldType.string, values: rows.map(([id]) => id) },
      { name: 'x', type: FieldType.number, values: rows.map(([, x]) => x) },
      { name: 'y', type: FieldType.number, values: rows.map(([, , y]) => y) },
      { name: 'status', type: FieldType.string, values: rows.map(([, , , status]) => status) },
    ],
  });

function panel(series: Array<ReturnType<typeof robots>>, options: Partial<FloorMapOptions> = {}) {
  const props = {
    id: 1,
    width: 800,
    height: 500,
    // No Alertmanager answers in a unit test.
    options: { ...DEFAULT_OPTIONS, showAlerts: false, ...options },
    data: { state: LoadingState.Done, series, timeRange: getDefaultTimeRange() },
    replaceVariables: (text: string) => text,
    eventBus: new EventBusSrv(),
    timeZone: 'utc',
  };
  return <FloorMapPanel {...(props as unknown as PanelProps<FloorMapOptions>)} />;
}

const FLEET = robots([
  ['r-1', 1, 1, 'working'],
  ['r-2', 2, 2, 'error'],
  ['r-3', null, null, 'idle'],
]);

it('counts placed and not placed robots, and lists those without a place', () => {
  render(panel([FLEET]));
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('2 placed + 1 not placed = 3 robots');
  fireEvent.click(screen.getByText('1 not placed'));
  expect(screen.getByTestId('floormap-not-placed')).toHaveTextContent('1 no positionr-3');
});

it('lists the commonest reasons when each robot has one of its own', () => {
  const rows = Array.from({ length: 60 }, (_, k) => ({ robot_id: `r-${k}`, x: k, y: 0, map_id: `f${k >> 1}` }));
  renderPanel([{ robot_id: 'r', x: 0, y: 0, map_id: 'alone' }, ...rows]);
  fireEvent.click(screen.getByText('59 on other floors'));
  const list = screen.getByTestId('floormap-not-placed');
  expect(list).toHaveTextContent('2 on floor f1');
  expect(list).not.toHaveTextContent('on floor alone');
  expect(list).toHaveTextContent('and 10 more reasons');
});

it('draws robots of a query without floors on the floor that the options fix', () => {
  render(panel([FLEET], { mapId: 'hall' }));
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('2 placed + 1 not placed = 3 robots');
});

it('sums the fleet up for a screen reader', () => {
  render(panel([FLEET]));
  expect(screen.getByRole('application')).toHaveAccessibleName(/^Floor map of 3 robots, 2 placed: 1 error, /);
});

it('says that a query failed, and keeps the last answer on screen', () => {
  const { rerender } = render(panel([FLEET]));
  const failed = panel([]);
  const data = { ...failed.props.data, state: LoadingState.Error, errors: [{ refId: 'B', message: 'refused' }] };
  rerender(React.cloneElement(failed, { data }));
  expect(screen.getByRole('status')).toHaveTextContent('Query B failed, the map shows its last answer');
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('= 3 robots');

  rerender(React.cloneElement(failed, { data: { ...failed.props.data, state: LoadingState.Loading } }));
  expect(screen.getByRole('status')).toHaveTextContent('Query B failed');
  rerender(panel([FLEET]));
  expect(screen.getByRole('status')).toBeEmptyDOMElement();
});

it('keeps the robots when a request has brought nothing at all, which is not an answer without rows', () => {
  const { rerender } = render(panel([FLEET]));
  rerender(panel([]));
  expect(screen.getByRole('status')).toHaveTextContent('The query brought no answer, the map shows its last one');
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('= 3 robots');
  rerender(panel([toDataFrame({ refId: 'A', fields: [] })]));
  expect(screen.getByRole('status')).toHaveTextContent('The query returned no rows');
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('= 0 robots');
});

it('says in one sentence what a query lacks', () => {
  render(panel([toDataFrame({ refId: 'C', fields: [{ name: 'robot_id', values: ['a'] }] })]));
  expect(screen.getByText(/^Query C has no fields x and y /)).toBeInTheDocument();
});

it('goes from robot to robot by keyboard and says which', () => {
  render(panel([FLEET]));
  const map = screen.getByTestId('floormap-canvas');
  fireEvent.keyDown(map, { key: 'n' });
  expect(screen.getByTestId('floormap-announcement')).toHaveTextContent('r-1, Working');
  fireEvent.keyDown(map, { key: 'n' });
  expect(screen.getByTestId('floormap-tooltip')).toHaveTextContent('r-2');
  fireEvent.keyDown(map, { key: 'Enter' });
  expect(screen.getByTestId('floormap-announcement')).toHaveTextContent('r-2 selected, Error');
});

it('finds a robot by its id', () => {
  render(panel([FLEET]));
  fireEvent.keyDown(screen.getByTestId('floormap-canvas'), { key: '/' });
  const box = screen.getByTestId('floormap-find');
  fireEvent.change(box, { target: { value: 'R-2' } });
  fireEvent.keyDown(box, { key: 'Enter' });
  expect(screen.getByTestId('floormap-announcement')).toHaveTextContent('r-2, Error, selected');
  expect(box).not.toBeInTheDocument();
});

it('hides what the legend filters out, and says so', () => {
  render(panel([FLEET]));
  fireEvent.click(screen.getByRole('button', { name: /^Error/ }));
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('1 hidden by the legend');
});

it('keeps the robots on screen while a refresh runs or fails', () => {
  const { rerender } = render(panel([FLEET]));
  const failing = panel([]);
  const data = { ...failing.props.data, state: LoadingState.Error };
  rerender(React.cloneElement(failing, { data }));
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('= 3 robots');
});

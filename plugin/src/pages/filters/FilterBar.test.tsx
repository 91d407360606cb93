import React from 'react';
import { locationService } from '@grafana/runtime';
import { getDefaultTimeRange, LoadingState, toDataFrame } from '@grafana/data';
import { SceneDataNode } from '@grafana/scenes';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { FilterBar } from './FilterBar';

// The list of options measures its words, which jsdom cannot.
jest.mock('@grafana/ui', () => ({
  ...jest.requireActual<object>('@grafana/ui'),
  Combobox: ({ onChange }: { onChange: (option: { value: string }) => void }) => (
    <button onClick={() => onChange({ value: 'hall' })}>hall</button>
  ),
}));

it('begins with the first page of what it narrows: another one may not exist', () => {
  locationService.push('/a/robots?search=amr&page=3');
  const bar = new FilterBar({ names: ['map'] });
  bar.setState({ $data: new SceneDataNode({}) });
  render(<bar.Component model={bar} />);
  act(() => fireEvent.click(screen.getByRole('button', { name: 'hall' })));
  expect(locationService.getSearchObject()).toEqual({ search: 'amr', map: 'hall' });
});

const options = (...maps: string[]) =>
  toDataFrame({
    fields: [
      { name: 'kind', values: maps.map(() => 'map') },
      { name: 'id', values: maps },
      { name: 'label', values: maps },
    ],
  });

function show(search: string, state: LoadingState, ...maps: string[]) {
  locationService.push(`/a/tasks?${search}`);
  const bar = new FilterBar({ names: ['map'] });
  const timeRange = getDefaultTimeRange();
  bar.setState({ $data: new SceneDataNode({ data: { state, series: [options(...maps)], timeRange } }) });
  render(<bar.Component model={bar} />);
}

it('says which value does not exist any more, and removes it, however the link called it', () => {
  show('var-map=old%20hall&site=s', LoadingState.Done, 'hall');
  expect(screen.getByTestId('unknown-filter').textContent).toContain('Floor “old hall” does not exist');
  act(() => fireEvent.click(screen.getByRole('button', { name: 'Remove this filter' })));
  expect(locationService.getSearchObject()).toEqual({ site: 's' });
  expect(screen.queryByTestId('unknown-filter')).toBeNull();
});

it.each([
  ['exists', LoadingState.Done, ['hall']],
  ['is not read yet', LoadingState.Loading, []],
  ['could not be read', LoadingState.Error, []],
])('says nothing of a value that %s', (_, state, maps) => {
  show('map=hall', state, ...maps);
  expect(screen.queryByTestId('unknown-filter')).toBeNull();
});

it('says that it shows all where a dashboard has chosen several, and removes them', () => {
  show('var-map=hall&var-map=yard&site=s', LoadingState.Done, 'hall', 'yard');
  expect(screen.getByTestId('several-values')).toHaveTextContent('Floor: the link has several values (hall, yard)');
  act(() => fireEvent.click(screen.getByRole('button', { name: 'Remove this filter' })));
  expect(locationService.getSearchObject()).toEqual({ site: 's' });
  expect(screen.queryByTestId('several-values')).toBeNull();
});

it.each([
  'var-map=hall&var-map=yard&map=hall',
  'var-map=$__all&var-map=hall',
  'var-map=hall&var-map=hall',
  'var-map=hall',
])('does not say so of %s', (search) => {
  show(search, LoadingState.Done, 'hall', 'yard');
  expect(screen.queryByTestId('several-values')).toBeNull();
});

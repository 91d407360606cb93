import React from 'react';
import { locationService } from '@grafana/runtime';
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

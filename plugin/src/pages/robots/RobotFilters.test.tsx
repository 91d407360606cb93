import React from 'react';
import { locationService } from '@grafana/runtime';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { RobotFilters } from './RobotFilters';

// The list of statuses measures its words, which jsdom cannot.
jest.mock('@grafana/ui', () => ({ ...jest.requireActual('@grafana/ui'), Combobox: () => null }));

it('searches when the typing pauses, and Back takes that back for good', () => {
  jest.useFakeTimers();
  locationService.push('/a/robots?page=2');
  const filters = new RobotFilters({});
  render(<filters.Component model={filters} />);
  const input = screen.getByRole<HTMLInputElement>('searchbox', { name: 'Search robots' });
  fireEvent.change(input, { target: { value: ' amr' } });
  fireEvent.change(input, { target: { value: ' amr/1' } });
  expect(locationService.getSearch().get('search')).toBeNull();
  act(() => jest.advanceTimersByTime(1_000));
  expect(locationService.getSearchObject()).toEqual({ search: 'amr/1' });
  act(() => locationService.getHistory().goBack());
  act(() => jest.advanceTimersByTime(2_000));
  expect(locationService.getSearchObject()).toEqual({ page: '2' });
  expect(input.value).toBe('');
});

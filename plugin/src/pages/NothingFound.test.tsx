import React from 'react';
import { locationService } from '@grafana/runtime';
import { fireEvent, render, screen } from '@testing-library/react';
import { NothingFound } from './NothingFound';

const show = () => render(<NothingFound title="No task">Tasks come from robots.</NothingFound>);

it('names the filters that hide everything, and removes them', () => {
  locationService.push('/a/tasks?map=hall&zone=dock%E2%80%AE&from=now-1h');
  show();
  expect(screen.getByText(/Only floor “hall”, zone “dock\\u\{202e\}” is shown\./)).toBeInTheDocument();
  fireEvent.click(screen.getByRole('button', { name: 'Remove the filters' }));
  expect(locationService.getSearchObject()).toEqual({ from: 'now-1h' });
});

it('offers no way out where no filter is set', () => {
  locationService.push('/a/tasks');
  show();
  expect(screen.getByText('Tasks come from robots.')).toBeInTheDocument();
  expect(screen.queryByRole('button')).toBeNull();
});

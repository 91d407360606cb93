import React from 'react';
import { locationService } from '@grafana/runtime';
import { act, render, screen } from '@testing-library/react';
import { useAddressChanges } from './useAddressChanges';

let text = 'all';

function Reader() {
  useAddressChanges(true);
  return <output>{text}</output>;
}

it('shows a selection where the dashboard does not refresh, however late it has read its address', () => {
  jest.useFakeTimers();
  render(<Reader />);
  act(() => locationService.partial({ 'var-robot': 'r-1' }));
  // The dashboard reads the address in an effect of its own.
  text = 'r-1';
  act(() => jest.advanceTimersByTime(700));
  expect(screen.getByRole('status')).toHaveTextContent('r-1');
  jest.useRealTimers();
});

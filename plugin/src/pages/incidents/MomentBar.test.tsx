import React from 'react';
import { act, render, screen } from '@testing-library/react';
import type { Incident } from './incidents';
import { IncidentStore } from './incidentStore';
import { MomentBar } from './MomentBar';

const incident: Incident = {
  key: '1000.Consumer lag',
  rule: 'Consumer lag',
  labels: [],
  robotIds: [],
  alerts: 1,
  startMs: 1_000,
  endMs: 2_000,
  isOlder: false,
};

it('comes into view with the focus on its heading when its incident is opened, and only then', () => {
  const scrolled = jest.fn();
  Element.prototype.scrollIntoView = scrolled;
  const store = new IncidentStore();
  const bar = new MomentBar({ store: store.getRef(), incident, atMs: 1_000, nowMs: 3_000 });
  render(<bar.Component model={bar} />);
  const heading = screen.getByRole('heading', { name: 'Consumer lag' });
  expect(scrolled).not.toHaveBeenCalled();
  act(() => store.setState({ isOpening: true }));
  expect(scrolled).toHaveBeenCalledTimes(1);
  expect(heading).toHaveFocus();
  expect(store.state.isOpening).toBe(false);
});

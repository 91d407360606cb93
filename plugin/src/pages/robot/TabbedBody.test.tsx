import React from 'react';
import { getDefaultTimeRange, LoadingState, toDataFrame, type PanelData } from '@grafana/data';
import { act, render, screen } from '@testing-library/react';
import { nowOf, TabbedBody } from './TabbedBody';

const answer = (state: LoadingState, row?: { service: string; status: string | null }): PanelData => ({
  state,
  series: row ? [toDataFrame([row])] : [],
  timeRange: getDefaultTimeRange(),
});
const RETIRED = { service: 'retired', status: null };

it.each([
  ['a robot in service', answer(LoadingState.Done, { service: 'in service', status: 'idle' }), 'shown'],
  ['a retired robot', answer(LoadingState.Done, RETIRED), 'retired'],
  [
    'a retired robot that reports',
    answer(LoadingState.Done, { ...RETIRED, service: 'retired, but reports' }),
    'retired',
  ],
  ['a registered robot', answer(LoadingState.Done, { service: 'in service', status: null }), 'never reported'],
  ['an id that nobody knows', answer(LoadingState.Done), 'never reported'],
  ['a refresh', answer(LoadingState.Loading, RETIRED), null],
  ['another robot than before, not read yet', answer(LoadingState.Loading), 'shown'],
  ['a database that does not answer', answer(LoadingState.Error), null],
])('says of %s what its tab "Now" shows', (_, data, expected) => {
  expect(nowOf(data)).toBe(expected);
});

it('leads to what a robot did before only if it is retired', () => {
  const none = () => [];
  const tabs = { now: none, history: none, telemetry: none, tasks: none, events: none, anomaly: none };
  const tabbed = new TabbedBody(tabs);
  render(<tabbed.Component model={tabbed} />);
  expect(screen.queryByText(/live map/)).not.toBeInTheDocument();
  act(() => tabbed.setState({ now: 'never reported' }));
  expect(screen.getByText('This robot is not on the live map: it has never reported.')).toBeVisible();
  act(() => tabbed.setState({ now: 'retired' }));
  expect(screen.getByText(/^This robot is not on the live map\. The other tabs show what it did before/)).toBeVisible();
});

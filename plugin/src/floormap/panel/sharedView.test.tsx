import { config, locationService } from '@grafana/runtime';
import { screen } from '@testing-library/react';
import type { DataQueryRequest } from '@grafana/data';
import { readsClickHouse } from '../plan/askDatabase';
import { renderPanel } from './testPanel';

const ROBOTS = [{ robot_id: 'a', x: 1, y: 1, map_id: 'hall' }];
const REQUEST = { targets: [{ refId: 'A', datasource: { type: 'grafana-clickhouse-datasource', uid: 'c' } }] };

afterEach(() => {
  config.publicDashboardAccessToken = '';
  locationService.push('/d/floor');
});

it.each([
  ['an externally shared dashboard', () => (config.publicDashboardAccessToken = 'token')],
  ['a snapshot', () => locationService.push('/dashboard/snapshot/key')],
])('in %s, shows the robots, says what is left out and asks the database nothing', (_, open) => {
  open();
  renderPanel(ROBOTS);
  expect(screen.getByTestId('floormap-counts')).toHaveTextContent('1 robot');
  expect(screen.getByTestId('floormap-messages')).toHaveTextContent('Shared view: robots only.');
  // Somebody who sees a snapshot may be signed in.
  expect(screen.getByTestId('floormap-messages')).toHaveTextContent('Open the dashboard in Grafana');
  expect(screen.queryByRole('button', { name: 'Playback' })).toBeNull();
  expect(readsClickHouse(REQUEST as unknown as DataQueryRequest)).toBe(false);
});

it('is a map like any other on a dashboard', () => {
  renderPanel(ROBOTS);
  expect(screen.getByTestId('floormap-messages')).not.toHaveTextContent('Shared view');
  expect(screen.getByRole('button', { name: 'Playback' })).toBeVisible();
  expect(readsClickHouse(REQUEST as unknown as DataQueryRequest)).toBe(true);
});

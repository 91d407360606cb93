import React from 'react';
import { AppPlugin, toDataFrame, type DataFrame } from '@grafana/data';
import { configure, render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import pluginJson from '../plugin.json';
import { exposeComponents, RobotStatusBoundary } from './exposed';

// The component is loaded when it is shown, which takes long on a busy machine.
jest.setTimeout(60_000);
configure({ asyncUtilTimeout: 30_000 });

let answer: () => Promise<DataFrame>;
jest.mock('../queries/askOnce', () => ({ askOnce: () => answer() }));
jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual<object>('@grafana/runtime'),
  getBackendSrv: () => ({ get: () => Promise.resolve({ jsonData: { sites: 'broken' } }) }),
}));

const show = (robotId: string) => render(<RobotStatusBoundary robotId={robotId} />, { wrapper: MemoryRouter });
const frameOf = (row: Record<string, unknown>) =>
  toDataFrame({ fields: Object.entries(row).map(([name, value]) => ({ name, values: [value] })) });

it('exposes each component that plugin.json lists', () => {
  const plugin = new AppPlugin();
  exposeComponents(plugin);
  const exposed = plugin.exposedComponentConfigs.map(({ id, title, description }) => ({ id, title, description }));
  expect(pluginJson.extensions.exposedComponents).toEqual(exposed);
});

it('shows what the robot does, and links to it', async () => {
  answer = () => Promise.resolve(frameOf({ status: 'working', map_id: 'hall', battery: 41, age_seconds: 2 }));
  show('a/1\u202e');
  expect(await screen.findByText('41%')).toBeVisible();
  expect(screen.getByText('a/1\\u{202e}')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Show on the map' })).toHaveAttribute(
    'href',
    `/a/${pluginJson.id}/fleet?var-robot=a%2F1%E2%80%AE`
  );
});

it('says of an id that nobody knows, and of a database that does not answer, what is so', async () => {
  answer = () => Promise.resolve(toDataFrame({ fields: [] }));
  const { unmount } = show('nobody');
  expect(await screen.findByText(/has never reported/)).toBeVisible();
  unmount();
  answer = () => Promise.reject(new Error('Grafana cannot connect to ClickHouse.'));
  show('b');
  expect(await screen.findByText(/cannot connect to ClickHouse/)).toBeVisible();
});

it('keeps a failure of its own in its place: the page around it stays', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  answer = () => Promise.resolve({ length: 1, fields: null } as never);
  render(
    <main>
      <p>the other plugin</p>
      <RobotStatusBoundary robotId="c" />
    </main>,
    { wrapper: MemoryRouter }
  );
  expect(await screen.findByRole('alert')).toBeVisible();
  expect(screen.getByText('the other plugin')).toBeVisible();
  log.mockRestore();
});

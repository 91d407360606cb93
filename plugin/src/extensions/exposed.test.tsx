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
let settings: () => Promise<object> = () => Promise.resolve({ jsonData: { sites: 'broken' } });
jest.mock('../queries/askOnce', () => ({ askOnce: () => answer() }));
jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual<object>('@grafana/runtime'),
  getBackendSrv: () => ({ get: () => settings() }),
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

// The first one: settings are read once.
it('says that Grafana does not give the settings, with its words where it has some', async () => {
  const readable = settings;
  // Grafana's failures are no errors of JavaScript.
  settings = () =>
    Promise.reject({ status: 404, data: { message: 'Plugin not found, no installed plugin with that id' } });
  const { unmount } = show('a');
  expect(await screen.findByText(/cannot be read. Plugin not found/)).toBeVisible();
  unmount();
  settings = () => Promise.reject({ status: 502 });
  show('a');
  expect(await screen.findByText(/cannot be read. Grafana does not answer/)).toBeVisible();
  settings = readable;
});

it('shows what the robot does, and links to it', async () => {
  answer = () =>
    Promise.resolve(frameOf({ service: 'in service', status: 'working', map_id: 'hall', battery: 41, age_seconds: 2 }));
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

it.each([
  ['retired', { service: 'retired', status: '', age_seconds: 0 }, /is retired/],
  ['registered and silent since', { service: 'in service', status: '', age_seconds: 0 }, /never reported/],
])('says of a robot that is %s that it has no status now', async (_, row, words) => {
  answer = () => Promise.resolve(frameOf(row));
  show('d');
  expect(await screen.findByText(words)).toBeVisible();
  // ClickHouse has 0 where there is no row.
  expect(screen.queryByText('Last arrival')).toBeNull();
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

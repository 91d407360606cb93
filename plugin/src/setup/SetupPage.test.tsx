import React from 'react';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router-dom';
import { chooseDataSources } from '../grafana/dataSources';
import { CLICKHOUSE } from '../grafana/identifiers';
import type { Finding } from './checks';
import SetupPage from './SetupPage';

const asked: Array<{ uid: unknown; answer: (findings: Finding[]) => void }> = [];
jest.mock('./askChecks', () => ({
  askChecks: () => new Promise((answer) => asked.push({ uid: CLICKHOUSE.uid, answer })),
}));
jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual<object>('@grafana/runtime'),
  getDataSourceSrv: () => ({ getList: () => [] }),
}));

// jsdom has no canvas, and Grafana measures texts on one.
HTMLCanvasElement.prototype.getContext = (() => ({ measureText: () => ({ width: 50 }) })) as never;

beforeEach(() => asked.splice(0));
afterEach(() => chooseDataSources({}));

function show(jsonData: object): void {
  const meta = { id: 'floorwatch-fleet-app', enabled: true, pinned: true, jsonData };
  render(<SetupPage plugin={{ meta } as never} query={{}} />, { wrapper: MemoryRouter });
}
const finding = (text: string): Finding => ({ id: text, state: 'ok', title: 'ClickHouse', text, remedy: '' });

it('checks the provisioned data source where provisioning wrote no text as its uid', () => {
  show({ clickhouseUid: { uid: 'x' } });
  expect(asked.map(({ uid }) => uid)).toEqual(['floorwatch-clickhouse']);
});

it('shows the answers to the last check, also when those to an earlier one come later', async () => {
  show({});
  fireEvent.click(screen.getByRole('button', { name: 'Check again' }));
  const [first, second] = asked;
  await act(async () => second?.answer([finding('of now')]));
  await act(async () => first?.answer([finding('of before')]));
  expect(screen.getByTestId('setup-checks')).toHaveTextContent('of now');
});

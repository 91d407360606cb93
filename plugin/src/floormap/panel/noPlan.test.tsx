import { cloneElement } from 'react';
import { toDataFrame } from '@grafana/data';
import { render, screen, waitFor } from '@testing-library/react';
import { panelOf } from './testPanel';

let plans: string[];
let zones: string[];
let asked: string[];
jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  getDataSourceSrv: () => ({
    get: () =>
      Promise.resolve({
        query: ({ targets }: { targets: Array<{ rawSql: string }> }) => {
          const sql = targets[0]?.rawSql ?? '';
          asked.push(sql);
          const values = sql.includes('v_zones') ? zones : plans;
          const points = values.map(() => '[[0,0],[5,0],[5,4]]');
          const columns = { checksum: values, type: values.map(() => 'zone'), id: values, name: values, points };
          return Promise.resolve({
            data: [toDataFrame({ fields: Object.entries(columns).map(([name, of]) => ({ name, values: of })) })],
          });
        },
      }),
  }),
}));

beforeEach(() => {
  [plans, zones, asked] = [[], [], []];
});

/** Each test has a floor of its own, because panels of a page share the answers about a floor. */
function show(floor: string) {
  const panel = panelOf([{ robot_id: 'r-1', x: 1, y: 1, map_id: floor }]);
  const request = { targets: [{ datasource: { type: 'grafana-clickhouse-datasource', uid: 'ch' } }] };
  render(cloneElement(panel, { data: { ...panel.props.data, request } } as never));
}
const messages = () => screen.getByTestId('floormap-messages').textContent ?? '';

it('says of a floor without plan and zones how to import them', async () => {
  show('roof\u202e');
  await waitFor(() => expect(messages()).toContain('Floor “roof\\u{202e}” has no plan yet.'));
  expect(messages()).toContain('ingestor floorplan import');
});

it('says nothing of a floor that has zones, which are a plan to its people', async () => {
  zones = ['packing'];
  show('yard');
  await waitFor(() => expect(asked.some((sql) => sql.includes('v_floor_plans'))).toBe(true));
  await waitFor(() => expect(asked.some((sql) => sql.includes('v_zones'))).toBe(true));
  await waitFor(() => expect(screen.getByTestId('floormap-counts')).toHaveTextContent('1'));
  expect(messages()).toBe('');
});

import { toDataFrame, type DataQueryRequest } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { of } from 'rxjs';
import { askDatabase, clickHouseOf, NoFloorwatch, orNothing } from './askDatabase';
import { loadPlanFromDatabase } from './loadDatabase';
import { loadShapes } from './loadShapes';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual<object>('@grafana/runtime'),
  getDataSourceSrv: jest.fn(),
}));

const CLICKHOUSE = { type: 'grafana-clickhouse-datasource', uid: 'ch' };
const requestOf = (...datasources: unknown[]) =>
  ({ targets: datasources.map((datasource) => ({ datasource })) }) as DataQueryRequest;
const answerWith = (answer: object) => {
  const get = jest.fn(() => Promise.resolve({ query: () => of(answer) }));
  jest.mocked(getDataSourceSrv).mockReturnValue({ get } as never);
  return get;
};

it('asks ClickHouse where the first of mixed queries reads something else', async () => {
  const request = requestOf({ type: 'prometheus', uid: 'p' }, CLICKHOUSE);
  const get = answerWith({ data: [toDataFrame([])] });
  await askDatabase(request, 'SELECT 1');
  expect(get).toHaveBeenCalledWith(CLICKHOUSE);
  expect(clickHouseOf(requestOf({ type: 'prometheus', uid: 'p' }, null))).toBeUndefined();
});

it.each([
  "code: 60, message: Unknown table expression identifier 'warehouse.v_zones'",
  'code: 81, message: Database warehouse does not exist. Maybe you meant default?',
])(
  'shows robots of a ClickHouse that has nothing of Floorwatch without plan, zones or complaint: %s',
  async (message) => {
    answerWith({ data: [], errors: [{ message }] });
    const request = requestOf(CLICKHOUSE);
    await expect(loadPlanFromDatabase(request, 'hall')).resolves.toBeNull();
    await expect(loadShapes(request, 'hall')).resolves.toEqual([]);
    await expect(askDatabase(request, 'SELECT 1')).rejects.toThrow(NoFloorwatch);
  }
);

it('goes on complaining where the floor could not be read', async () => {
  answerWith({ data: [], errors: [{ message: 'dial tcp: connection refused' }] });
  await expect(orNothing(askDatabase(requestOf(CLICKHOUSE), 'SELECT 1'), null)).rejects.toThrow(
    'The floor could not be read: dial tcp: connection refused.'
  );
});

import { clickhouseQuery, runInstant } from '../queries/queryRunner';
import { chooseDataSources } from './dataSources';
import { CLICKHOUSE } from './identifiers';

afterEach(() => chooseDataSources({}));

it('sends queries to the chosen data sources, and to the provisioned ones where none is chosen', () => {
  chooseDataSources({ clickhouseUid: 'mine', prometheusUid: 'metrics' });
  expect(clickhouseQuery('SELECT 1').datasource).toMatchObject({ uid: 'mine', type: CLICKHOUSE.type });
  expect(runInstant('up', '').state.queries[0]?.datasource).toMatchObject({ uid: 'metrics' });
  chooseDataSources({});
  expect(clickhouseQuery('SELECT 1').datasource).toMatchObject({ uid: 'floorwatch-clickhouse' });
});

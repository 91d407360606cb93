import * as fleet from './fleet';
import { kpiCounts, kpiTasks, kpiTrend } from './kpis';
import * as pipeline from './pipeline';
import * as robot from './robot';
import { fleetAt, hadEvents } from './fleetAt';
import { readNarrowing } from './narrowing';
import { clickhouseQuery } from './queryRunner';

const THEN = fleetAt(1_000);
const HOUR = { fromMs: 0, toMs: 3_600_000 };
const COUNTS = {
  kpiCounts: kpiCounts(),
  kpiCountsThen: kpiCounts({
    atMs: 1_000,
    hadEvents: hadEvents(1_000),
    narrowing: readNarrowing(new URLSearchParams('var-robot=a&var-robot=b&site=s&map=m&model=k&zone=z')),
  }),
};
const PAST = { kpiTrend: kpiTrend(HOUR), kpiTasks: kpiTasks(HOUR) };
const QUERIES = Object.entries({ ...fleet, ...pipeline, ...robot, ...COUNTS, ...PAST }).flatMap(
  ([name, query]): Array<[string, string]> =>
    typeof query === 'string'
      ? [[name, query]]
      : [
          [name, query()],
          [`${name} then`, query(THEN)],
        ]
);

it.each(QUERIES)('%s reads views only', (_, sql) => {
  const tables = [...sql.matchAll(/\b(?:FROM|JOIN)\s+(warehouse\.\w+)/g)].map((match) => match[1]);
  expect(tables.length).toBeGreaterThan(0);
  expect(tables.filter((table) => !table?.startsWith('warehouse.v_'))).toEqual([]);
});

it('asks the provisioned data source for a table', () => {
  expect(clickhouseQuery('SELECT 1')).toMatchObject({
    datasource: { uid: 'floorwatch-clickhouse' },
    format: 1,
    queryType: 'table',
    rawSql: 'SELECT 1',
  });
});

it('gives a path that does not run no figures', () => {
  expect(pipeline.PIPELINE).toContain(`if("State" = 'running', round(rows_per_second_1m, 1), NULL) AS "Rows/s"`);
  expect(pipeline.PIPELINE).not.toMatch(/ifNull\(lag_messages, 0\)/);
});

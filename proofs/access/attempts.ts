import { SITE_VIEWS } from '@floorwatch/ingestor/access/sites';
import { migrate } from '@floorwatch/ingestor/migrate/migrate';
import { SITE_PASSWORD } from '@floorwatch/ingestor/test/clickhouse';
import { answer, THEIRS, type TwoSites } from '@floorwatch/ingestor/test/two-sites';
import {
  becomesTrue,
  send,
  tryAtOnce,
  tryQuery,
  tryUntilRefused,
  type Attempt,
  type Login,
  type Settings,
} from './attempt.ts';
import { LOGINS, QUERIES, SETTINGS, type Who } from './questions.ts';

/** Queries per minute that a reader's quota allows (ingestor/src/access/profiles.ts). */
const QUOTA_QUERIES = 6_000;
/** Queries of a reader that run at once. */
const MOST_AT_ONCE = 50;

/** Settings that change how ClickHouse plans a query, and so could change where a policy is applied. */
const DETOURS: readonly Settings[] = [
  { enable_analyzer: 0 },
  { apply_row_policy_after_final: 0 },
  { query_plan_enable_optimizations: 0 },
  { short_circuit_function_evaluation: 'disable' },
  { optimize_move_to_prewhere: 0 },
  { final: 1 },
];
const CACHED: Settings = { use_query_cache: 1, query_cache_nondeterministic_function_handling: 'save' };

/** Everything that somebody tries, in this order: the last one uses up a quota. */
export function allAttempts(sites: TwoSites): Attempt[] {
  const { url, passwords } = sites.shared.server;
  const logins: Record<Who, Login> = {
    owner: { user: 'floorwatch_owner', password: passwords.owner },
    writer: { user: 'floorwatch_writer', password: passwords.writer },
    reader: { user: 'floorwatch_reader', password: passwords.reader },
    'site reader': { user: 'floorwatch_site_ours', password: SITE_PASSWORD },
  };
  const as = (who: Who, query: string, settings?: Settings): Promise<string> =>
    tryQuery(url, logins[who], query, settings);
  return [
    ...LOGINS.map(({ attempt, expected, login }) => ({
      attempt,
      expected,
      run: () => tryQuery(url, login, 'SELECT 1'),
    })),
    ...QUERIES.map(([who, attempt, expected, query]) => ({
      ...{ attempt: `${who}: ${attempt}`, expected },
      run: () => as(who, query),
    })),
    ...SETTINGS.map(([who, name, value, expected]) => ({
      ...{ attempt: `${who}: SETTINGS ${name} = ${value}`, expected },
      run: () => as(who, 'SELECT 1', { [name]: value }),
    })),
    ...siteAttempts(sites),
    ...DETOURS.map((settings) => ({
      attempt: `site reader: all views with ${Object.entries(settings).flat().join(' = ')}`,
      expected: 'own site only',
      run: async () => {
        const seen: string[] = [];
        for (const view of SITE_VIEWS) {
          // An error must not tell of other rows either.
          for (const condition of ['', ` WHERE throwIf(toString(tuple(*)) LIKE '%${THEIRS}%') = 0`]) {
            const { text, error } = await send(
              url,
              logins['site reader'],
              `SELECT * FROM warehouse.${view}${condition}`,
              settings
            );
            if (text.includes(THEIRS) && error === undefined) seen.push(view);
            if (error === 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO') seen.push(`${view} by an error`);
          }
        }
        return seen.length > 0 ? seen.join(', ') : 'own site only';
      },
    })),
    {
      attempt: "site reader: get the reader's result from the query cache",
      expected: 'its own result',
      run: async () => {
        const query = 'SELECT count() FROM warehouse.v_fleet_now';
        const [all, own] = [
          await send(url, logins.reader, query, CACHED),
          await send(url, logins['site reader'], query, CACHED),
        ];
        return Number(own.text) < Number(all.text) ? 'its own result' : 'the same result';
      },
    },
    {
      attempt: 'owner: run the migrations',
      expected: '0 pending',
      run: async () => `${(await migrate(sites.shared.as('owner'))).applied.length} pending`,
    },
    {
      attempt: 'reader: leave no trace in system.query_log',
      expected: 'logged',
      run: async () => {
        const trace = `trace-${crypto.randomUUID()}`;
        await as('reader', `SELECT '${trace}'`);
        await as('owner', 'SYSTEM FLUSH LOGS');
        const query = `SELECT count() FROM system.query_log WHERE user = 'floorwatch_reader' AND query LIKE '%${trace}%'`;
        const isLogged = await becomesTrue(async () => Number((await send(url, logins.owner, query)).text) > 0);
        return isLogged ? 'logged' : 'not logged';
      },
    },
    {
      attempt: 'reader: read through a view without using up the quota',
      expected: 'counted',
      run: async () => {
        const used = `SELECT read_rows FROM system.quotas_usage WHERE quota_key = 'floorwatch_reader'`;
        // A second time, because the quota's minute can end in between.
        for (let turn = 0; turn < 2; turn++) {
          const before = Number((await send(url, logins.owner, used)).text);
          await as('reader', 'SELECT * FROM warehouse.v_events');
          if (Number((await send(url, logins.owner, used)).text) > before + 1_000) return 'counted';
        }
        return 'not counted';
      },
    },
    ...limitAttempts(as),
    {
      attempt: `site reader: more than ${QUOTA_QUERIES} queries in a minute`,
      ...{ expected: 'QUOTA_EXCEEDED', isSlow: true as const },
      // Up to a minute can have passed, so two minutes' worth.
      run: () => tryUntilRefused(2 * QUOTA_QUERIES, 8, () => as('site reader', 'SELECT number FROM numbers(1)')),
    },
    {
      attempt: "reader: a query while another user's quota is used up",
      expected: 'allowed',
      run: () => as('reader', 'SELECT number FROM numbers(1)'),
    },
  ];
}

function siteAttempts({ shared, alone }: TwoSites): Attempt[] {
  // v_fleet_changes is about the last seconds, which are others for the second warehouse.
  return SITE_VIEWS.filter((view) => view !== 'v_fleet_changes').map((view) => ({
    attempt: `site reader: ${view}`,
    expected: 'own site only',
    run: async () => {
      const seen = await answer(shared.ofSite('ours'), view);
      if (JSON.stringify(seen).includes(THEIRS)) return 'rows of another site';
      const expected = await answer(alone.as('reader'), view);
      return JSON.stringify(seen) === JSON.stringify(expected)
        ? 'own site only'
        : 'other rows than with this site alone';
    },
  }));
}

/** The limits cannot be raised (questions.ts), so a lower one shows with less work that it holds. */
function limitAttempts(as: (who: Who, query: string, settings?: Settings) => Promise<string>): Attempt[] {
  const groups = 'SELECT number, count() FROM numbers(20000000) GROUP BY number FORMAT Null';
  const inMemory = { max_bytes_before_external_group_by: 0, max_bytes_ratio_before_external_group_by: 0 };
  const spilling = {
    max_bytes_before_external_group_by: 30_000_000,
    max_temporary_data_on_disk_size_for_query: 50_000_000,
  };
  return [
    {
      attempt: 'reader: GROUP BY of more than its memory',
      expected: 'MEMORY_LIMIT_EXCEEDED',
      run: () => as('reader', groups, { ...inMemory, max_memory_usage: 200_000_000 }),
    },
    {
      attempt: 'reader: GROUP BY that spills more than its disk space',
      expected: 'TOO_MANY_ROWS_OR_BYTES',
      run: () => as('reader', groups, spilling),
    },
    {
      attempt: 'reader: a query that takes longer than its time',
      expected: 'TIMEOUT_EXCEEDED',
      run: () => as('reader', 'SELECT sum(sipHash64(number)) FROM numbers(1900000000)', { max_execution_time: 1 }),
    },
    {
      attempt: 'reader: reads more than 2,000,000,000 rows',
      expected: 'TOO_MANY_ROWS',
      run: () => as('reader', 'SELECT sum(number) FROM numbers(2000000001)'),
    },
    {
      attempt: 'reader: a result of more than 2,000,000 rows',
      expected: 'TOO_MANY_ROWS_OR_BYTES',
      run: () => as('reader', 'SELECT number FROM numbers(3000000)'),
    },
    {
      attempt: `reader: ${MOST_AT_ONCE + 10} queries at once`,
      ...{ expected: `10 TOO_MANY_SIMULTANEOUS_QUERIES, ${MOST_AT_ONCE} allowed`, isSlow: true as const },
      run: () => tryAtOnce(MOST_AT_ONCE + 10, () => as('reader', 'SELECT sleep(3)')),
    },
  ];
}

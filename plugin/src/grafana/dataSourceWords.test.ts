import { inBrief, plainly } from './dataSourceWords';

const ADDRESS =
  'http://floorwatch_reader:***@127.0.0.1:8123?database=warehouse&default_format=Native&max_execution_time=20';

it.each([
  [
    `error querying the database: sendQuery: Post "${ADDRESS}": dial tcp 127.0.0.1:8123: connect: connection refused.`,
    'dial tcp 127.0.0.1:8123: connect: connection refused',
  ],
  [
    `error querying the database: read of ${ADDRESS} failed`,
    'read of http://floorwatch_reader:***@127.0.0.1:8123 failed',
  ],
  [
    'error querying the database: sendQuery: [HTTP 500] response body: "Code: 241. DB::Exception: Memory limit (total) exceeded. (MEMORY_LIMIT_EXCEEDED) (version 25.8.1.5101 (official build))\n"',
    'Code: 241. Memory limit (total) exceeded. (MEMORY_LIMIT_EXCEEDED)',
  ],
  ['code: 60, message: Unknown table v_zones', 'code: 60, message: Unknown table v_zones'],
  ['x'.repeat(1_000), `${'x'.repeat(300)} …`],
])('leaves out the request, prefixes and the version: %.60s', (message, brief) => {
  expect(inBrief(message)).toBe(brief);
});

it.each([
  [`Post "${ADDRESS}": dial tcp: connection refused`, /^Grafana cannot connect to ClickHouse/],
  [`Post "${ADDRESS}": unexpected EOF`, /^Grafana cannot connect to ClickHouse/],
  [`Post "${ADDRESS}": context deadline exceeded`, /^ClickHouse did not answer in time/],
  ['Code: 516. DB::Exception: reader: Authentication failed', /^ClickHouse does not accept the user/],
  ['Code: 497. DB::Exception: reader: Not enough privileges', /may not read this/],
  ['code: 60, message: Unknown table v_zones', /^The schema is missing/],
  [
    'Code: 241. DB::Exception: Memory limit exceeded',
    /^ClickHouse is overloaded.*Its message: Code: 241\. Memory limit exceeded$/,
  ],
  ['something new', /^something new$/],
  ['', /gives no reason/],
])('says what an error means, and what to do: %s', (message, said) => {
  expect(plainly(message)).toMatch(said);
  expect(plainly(message)).not.toContain('max_execution_time');
});

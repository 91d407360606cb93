import { RuleTester } from 'eslint';
import { describe, it } from 'vitest';
import plugin from './eslint-sql.ts';

RuleTester.describe = describe;
RuleTester.it = it;

new RuleTester().run('no-raw-interpolation', plugin.rules['no-raw-interpolation'], {
  valid: [
    'const sql = `SELECT 1 FROM warehouse.v_robots WHERE robot_id = ${sqlText(id)} AND ts > now() - ${seconds}`',
    "const sql = `SELECT ${columns} FROM warehouse.v_events WHERE ${isOneOf('robot_id', 'robot')}`",
    "const sql = 'SELECT count() FROM warehouse.v_events WHERE $__timeFilter(ts)'",
    "const sql = `SELECT concat('was ', ${column}) FROM warehouse.v_robots`",
    'const sql = `SELECT toJSONString([[x, y]]) FROM warehouse.v_stations WHERE ts >= ${from()}`',
    "const title = 'Show ${__value.text}'",
  ],
  invalid: [
    ["const sql = `SELECT 1 FROM v WHERE robot_id = '${id}'`", 'quoted'],
    ["const sql = `SELECT 1 FROM v WHERE robot_id = '${sqlText(id)}'`", 'quoted'],
    ['const sql = `SELECT 1 FROM v WHERE name LIKE ${pattern}`', 'compared'],
    ['const sql = `SELECT 1 FROM v WHERE robot_id IN (${ids})`', 'compared'],
    ['const sql = `SELECT 1 FROM v WHERE robot_id IN (\\${robot:singlequote})`', 'variable'],
    ["const sql = 'SELECT 1 FROM v WHERE robot_id = $robot'", 'variable'],
    ["const sql = 'SELECT 1 FROM v WHERE robot_id IN ([[robot]])'", 'variable'],
  ].map(([code = '', messageId = '']) => ({ code, errors: [{ messageId }] })),
});

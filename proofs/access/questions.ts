import { SITE_PASSWORD } from '@floorwatch/ingestor/test/clickhouse';
import type { Login } from './attempt.ts';

export type Who = 'owner' | 'writer' | 'reader' | 'site reader';

/** Logins that must fail, also as users that only views run as. */
export const LOGINS: readonly { attempt: string; expected: string; login: Login | null }[] = [
  // The process without Docker has one session of `default`, its own. Other servers keep their own `default`.
  { attempt: 'nobody: no user and no password', expected: 'USER_SESSION_LIMIT_EXCEEDED', login: null },
  login('default', '', 'USER_SESSION_LIMIT_EXCEEDED'),
  login('default', 'guess', 'USER_SESSION_LIMIT_EXCEEDED'),
  login('nobody', '', 'AUTHENTICATION_FAILED'),
  login('floorwatch_reader', '', 'AUTHENTICATION_FAILED'),
  login('floorwatch_reader', 'guess', 'AUTHENTICATION_FAILED'),
  login('floorwatch_writer', '', 'AUTHENTICATION_FAILED'),
  login('floorwatch_owner', '', 'AUTHENTICATION_FAILED'),
  login('floorwatch_owner', 'guess', 'AUTHENTICATION_FAILED'),
  login('floorwatch_definer', '', 'AUTHENTICATION_FAILED'),
  login('floorwatch_locator', '', 'AUTHENTICATION_FAILED'),
  login('floorwatch_site_ours', '', 'AUTHENTICATION_FAILED'),
  login('floorwatch_site_nowhere', SITE_PASSWORD, 'AUTHENTICATION_FAILED'),
  login('floorwatch_site_', SITE_PASSWORD, 'AUTHENTICATION_FAILED'),
];

function login(user: string, password: string, expected: string): (typeof LOGINS)[number] {
  const with_ =
    password === '' ? 'no password' : password === SITE_PASSWORD ? "another site's password" : 'a wrong password';
  return { attempt: `${user}: ${with_}`, expected, login: { user, password } };
}

const DENIED = 'ACCESS_DENIED';
const READONLY = 'READONLY';
const EVENT = `INSERT INTO warehouse.telemetry_raw (robot_id, ts, event_id, source) VALUES ('ours-w', now(), generateUUIDv4(), 'ingestor')`;

/** Who, what, the outcome, the query. */
export const QUERIES: readonly (readonly [Who, string, string, string])[] = [
  ['reader', 'reads v_fleet_now', 'allowed', 'SELECT * FROM warehouse.v_fleet_now'],
  ['reader', 'reads the pipeline', 'allowed', 'SELECT * FROM warehouse.v_pipeline'],
  [
    'reader',
    'reads the columns of the original queries',
    'allowed',
    'SELECT robot_id, x, y FROM warehouse.telemetry_raw LIMIT 1',
  ],
  ['reader', 'reads meta', DENIED, 'SELECT meta FROM warehouse.telemetry_raw'],
  ['reader', 'reads raw dead letters', DENIED, 'SELECT raw FROM warehouse.dead_letters'],
  ['reader', 'reads robot_latest', DENIED, 'SELECT * FROM warehouse.robot_latest'],
  ['reader', 'reads the ledger', DENIED, 'SELECT * FROM warehouse.schema_migrations'],
  ['reader', 'reads system.query_log', DENIED, 'SELECT * FROM system.query_log'],
  ['reader', 'reads system.processes', DENIED, 'SELECT * FROM system.processes'],
  ['reader', 'reads system.users', DENIED, 'SELECT * FROM system.users'],
  ['reader', 'inserts', DENIED, EVENT],
  ['reader', 'alters', DENIED, 'ALTER TABLE warehouse.zones ADD COLUMN a Int8'],
  ['reader', 'deletes', DENIED, 'DELETE FROM warehouse.zones WHERE 1'],
  ['reader', 'truncates', DENIED, 'TRUNCATE TABLE warehouse.zones'],
  ['reader', 'drops a view', DENIED, 'DROP VIEW warehouse.v_fleet_now'],
  ['reader', 'creates a table', DENIED, 'CREATE TABLE warehouse.mine (a Int8) ENGINE = Memory'],
  [
    'reader',
    'creates a view as the owner',
    DENIED,
    'CREATE VIEW warehouse.v_mine DEFINER = floorwatch_owner SQL SECURITY DEFINER AS SELECT 1',
  ],
  ['reader', 'creates a temporary table', DENIED, 'CREATE TEMPORARY TABLE mine (a Int8)'],
  ['reader', 'creates a user', DENIED, 'CREATE USER mine'],
  ['reader', 'grants', DENIED, 'GRANT SELECT ON warehouse.* TO floorwatch_reader'],
  ['reader', 'reads url()', DENIED, `SELECT * FROM url('http://127.0.0.1:1/', LineAsString)`],
  ['reader', 'reads file() as a table', DENIED, `SELECT * FROM file('/etc/passwd', LineAsString)`],
  // As a function, file() needs no right. A server limits it to its user_files; this process (`clickhouse local`) does not.
  [
    'reader',
    'reads file() as a function (known limit of the process without Docker)',
    'allowed',
    `SELECT file('/etc/hostname')`,
  ],
  ['reader', 'reads remote()', DENIED, `SELECT * FROM remote('127.0.0.1', system.one)`],
  ['reader', 'reads s3()', DENIED, `SELECT * FROM s3('http://127.0.0.1:1/bucket/b.csv')`],
  ['reader', 'runs executable()', DENIED, `SELECT * FROM executable('a.sh', 'TSV', 'a String')`],
  ['reader', 'writes to file()', DENIED, `INSERT INTO FUNCTION file('a.csv', 'CSV', 'a Int8') VALUES (1)`],
  ['reader', 'kills queries', DENIED, 'KILL QUERY WHERE 1'],
  ['reader', 'closes the port', DENIED, 'SYSTEM STOP LISTEN HTTP'],
  ['reader', 'flushes logs', DENIED, 'SYSTEM FLUSH LOGS'],
  ['reader', 'stops the server', DENIED, 'SYSTEM SHUTDOWN'],
  ['reader', 'stops the roll-ups', DENIED, 'SYSTEM STOP VIEW warehouse.telemetry_minute_mv'],
  ['reader', 'sets readonly in the query', READONLY, 'SELECT 1 SETTINGS readonly = 0'],
  [
    'reader',
    'switches off the audit in the query',
    'SETTING_CONSTRAINT_VIOLATION',
    'SELECT 1 SETTINGS log_queries = 0',
  ],

  [
    'site reader',
    'reads the columns of the original queries',
    'allowed',
    'SELECT robot_id FROM warehouse.telemetry_raw LIMIT 1',
  ],
  ['site reader', 'reads v_dead_letters', DENIED, 'SELECT * FROM warehouse.v_dead_letters'],
  ['site reader', 'reads v_dead_letter_reasons', DENIED, 'SELECT * FROM warehouse.v_dead_letter_reasons'],
  ['site reader', 'reads v_pipeline', DENIED, 'SELECT * FROM warehouse.v_pipeline'],
  ['site reader', 'reads v_path_offsets', DENIED, 'SELECT * FROM warehouse.v_path_offsets'],
  ['site reader', 'reads robot_sites', DENIED, 'SELECT * FROM warehouse.robot_sites'],
  ['site reader', 'reads robot_latest', DENIED, 'SELECT * FROM warehouse.robot_latest'],
  [
    'site reader',
    'finds robots of another site by an error',
    'allowed',
    `SELECT count() FROM warehouse.v_fleet_now WHERE throwIf(robot_id LIKE 'THEIRS%') = 0`,
  ],
  [
    'site reader',
    'finds events of another site by an error',
    'allowed',
    `SELECT count() FROM warehouse.telemetry_raw WHERE throwIf(robot_id LIKE 'THEIRS%') = 0`,
  ],
  [
    'reader',
    'the same error exists',
    'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO',
    `SELECT count() FROM warehouse.v_fleet_now WHERE throwIf(robot_id LIKE 'THEIRS%') = 0`,
  ],

  ['writer', 'inserts an event', 'allowed', EVENT],
  [
    'writer',
    'reads the keys of events',
    'allowed',
    'SELECT robot_id, ts, event_id FROM warehouse.telemetry_raw LIMIT 1',
  ],
  ['writer', 'reads positions', DENIED, 'SELECT x, y FROM warehouse.telemetry_raw'],
  ['writer', 'reads v_fleet_now', DENIED, 'SELECT * FROM warehouse.v_fleet_now'],
  ['writer', 'reads raw dead letters', DENIED, 'SELECT raw FROM warehouse.dead_letters'],
  ['writer', 'inserts into robot_latest', DENIED, `INSERT INTO warehouse.robot_latest (robot_id) VALUES ('a')`],
  ['writer', 'alters', DENIED, 'ALTER TABLE warehouse.telemetry_raw DROP COLUMN x'],
  ['writer', 'truncates', DENIED, 'TRUNCATE TABLE warehouse.telemetry_raw'],
  ['writer', 'drops', DENIED, 'DROP TABLE warehouse.telemetry_raw'],
  ['writer', 'creates a table', DENIED, 'CREATE TABLE warehouse.mine (a Int8) ENGINE = Memory'],
  ['writer', 'reads system.query_log', DENIED, 'SELECT * FROM system.query_log'],
  ['writer', 'reads url()', DENIED, `SELECT * FROM url('http://127.0.0.1:1/', LineAsString)`],

  ['owner', 'creates a table', 'allowed', 'CREATE TABLE warehouse.mine (a Int8) ENGINE = Memory'],
  ['owner', 'drops it', 'allowed', 'DROP TABLE warehouse.mine'],
  ['owner', 'refreshes a roll-up', 'allowed', 'SYSTEM REFRESH VIEW warehouse.telemetry_minute_mv'],
  ['owner', 'reads system.query_log', 'allowed', 'SELECT count() FROM system.query_log'],
  ['owner', 'creates another database', DENIED, 'CREATE DATABASE mine'],
  ['owner', 'creates a user', DENIED, 'CREATE USER mine'],
  ['owner', 'grants', DENIED, 'GRANT SELECT ON system.* TO floorwatch_reader'],
  [
    'owner',
    'creates a view as default',
    DENIED,
    'CREATE VIEW warehouse.v_mine DEFINER = default SQL SECURITY DEFINER AS SELECT 1',
  ],
  ['owner', 'reads file() as a table', DENIED, `SELECT * FROM file('/etc/passwd', LineAsString)`],
  ['owner', 'reads url()', DENIED, `SELECT * FROM url('http://127.0.0.1:1/', LineAsString)`],
  ['owner', 'closes the port', DENIED, 'SYSTEM STOP LISTEN HTTP'],
  ['owner', 'stops the server', DENIED, 'SYSTEM SHUTDOWN'],
];

const REJECTED = 'SETTING_CONSTRAINT_VIOLATION';

/** Who, setting, value, outcome. */
export const SETTINGS: readonly (readonly [Who, string, string | number, string])[] = [
  ['reader', 'max_execution_time', 20, 'allowed'],
  ['reader', 'max_execution_time', 0, REJECTED],
  ['reader', 'max_execution_time', 3600, REJECTED],
  ['reader', 'readonly', 0, READONLY],
  ['reader', 'log_queries', 0, REJECTED],
  ['reader', 'log_queries_probability', 0, REJECTED],
  ['reader', 'log_queries_min_query_duration_ms', 100_000, REJECTED],
  ['reader', 'log_queries_min_type', 'EXCEPTION_WHILE_PROCESSING', REJECTED],
  ['reader', 'log_queries_cut_to_length', 1, REJECTED],
  ['reader', 'max_memory_usage', 0, REJECTED],
  ['reader', 'max_memory_usage', 40_000_000_000, REJECTED],
  ['reader', 'max_memory_usage_for_user', 0, REJECTED],
  ['reader', 'max_untracked_memory', 40_000_000_000, REJECTED],
  ['reader', 'max_temporary_data_on_disk_size_for_query', 0, REJECTED],
  ['reader', 'max_temporary_data_on_disk_size_for_user', 0, REJECTED],
  ['reader', 'max_concurrent_queries_for_user', 0, REJECTED],
  ['reader', 'max_rows_to_read', 0, REJECTED],
  ['reader', 'max_result_rows', 0, REJECTED],
  ['reader', 'max_threads', 64, REJECTED],
  ['reader', 'query_cache_share_between_users', 1, REJECTED],
  ['site reader', 'log_queries', 0, REJECTED],
  ['site reader', 'max_memory_usage', 0, REJECTED],
  ['writer', 'log_queries', 0, REJECTED],
  ['owner', 'log_queries', 0, REJECTED],
];

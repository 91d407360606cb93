import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  findingOfContactPoints,
  findingOfMigration,
  findingOfPrometheus,
  findingOfRules,
  findingsOfDatabase,
  NEEDED_VIEWS,
  type DatabaseFacts,
} from './checks';

const SOURCE = { uid: 'ch', isThere: true };
const GOOD: DatabaseFacts = {
  readonly: 1,
  views: NEEDED_VIEWS,
  now_ms: 1_000_000,
  newest_seconds: 1,
  robots: 5,
  wrong_clocks: 0,
  floors: ['hall'],
  planned_floors: ['hall'],
};
const of = (change: Partial<DatabaseFacts>, browserMs = GOOD.now_ms) =>
  Object.fromEntries(
    findingsOfDatabase(SOURCE, { facts: { ...GOOD, ...change }, problem: '' }, browserMs).map((one) => [one.id, one])
  );

it('is good where all is good, and then has nothing to do', () => {
  const found = Object.values(of({}));
  expect(found.map(({ state }) => state)).toEqual(found.map(() => 'ok'));
  expect(found.map(({ remedy }) => remedy).join('')).toBe('');
});

it.each<[string, string, Partial<DatabaseFacts>, string]>([
  ['a user that writes', 'readonly', { readonly: 0 }, 'warning'],
  ['a view that is missing', 'schema', { views: NEEDED_VIEWS.slice(1) }, 'failed'],
  ['no robot', 'newest', { robots: 0, newest_seconds: null }, 'warning'],
  ['old events', 'newest', { newest_seconds: 600 }, 'warning'],
  ['robots with wrong clocks', 'clocks', { wrong_clocks: 2 }, 'warning'],
  ['a floor without a plan', 'plans', { floors: ['hall', 'roof\u202e'] }, 'warning'],
])('%s has a text and a remedy', (_, id, change, state) => {
  const finding = of(change)[id];
  expect(finding?.state).toBe(state);
  expect(finding?.text).not.toBe('');
  expect(finding?.remedy).not.toBe('');
  expect(JSON.stringify(finding)).not.toContain('\u202e');
});

it('says that the clock of this computer is wrong, rather than those of robots', () => {
  expect(of({ wrong_clocks: 5 }, GOOD.now_ms + 9_000)['clocks']?.text).toContain("This computer's clock");
});

it.each([
  ['code: 497, message: Not enough privileges', 'role'],
  ['code: 516: Authentication failed', 'password'],
  ["code: 60, message: Unknown table expression identifier 'warehouse.v_fleet_reports'", 'schema'],
  ['dial tcp 127.0.0.1:8123: connect: connection refused', 'address'],
])('%s leads to one remedy', (problem, word) => {
  const [only, ...others] = findingsOfDatabase(SOURCE, { facts: null, problem }, 0);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ state: 'failed', text: problem });
  expect(only?.remedy).toContain(word);
});

it('each remedy that runs `ingestor migrate` names the user who may', () => {
  const answers = [
    findingsOfDatabase(SOURCE, { facts: null, problem: 'code: 497, message: Not enough privileges' }, 0),
    findingsOfDatabase(SOURCE, { facts: null, problem: 'code: 60, message: Unknown table' }, 0),
    [...Object.values(of({ views: [] })), findingOfMigration({ facts: { steps: 1, step: 'a' }, problem: '' })],
  ];
  const remedies = answers.flat().flatMap(({ remedy }) => (remedy.includes('migrate') ? [remedy] : []));
  expect(remedies).toHaveLength(4);
  expect(remedies.filter((remedy) => !remedy.includes('`ingestor migrate` as floorwatch_owner'))).toEqual([]);
});

it('asks for each view that the plugin reads', () => {
  const source = join(__dirname, '..');
  const read = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$/.test(file) && !file.startsWith('setup'))
    .flatMap((file) => readFileSync(join(source, file), 'utf8').match(/\bv_[a-z]+(?:_[a-z]+)*\b/g) ?? []);
  // In a comment: the alerts read it.
  const views = [...new Set(read)].filter((view) => view !== 'v_alert_storage').sort();
  expect([...NEEDED_VIEWS].sort()).toEqual(views);
});

it('tells a schema that is whole, one that is applied in part, and one that this user may not ask about', () => {
  const found = [
    findingOfMigration({ facts: { steps: 0, step: '' }, problem: '' }),
    findingOfMigration({ facts: { steps: 2, step: '0007_x\u202e.sql' }, problem: '' }),
    findingOfMigration({ facts: null, problem: 'code: 497, message: Not enough privileges' }),
  ];
  expect(found.map(({ state }) => state)).toEqual(['ok', 'failed', 'unknown']);
  expect(found.map(({ remedy }) => remedy !== '')).toEqual([false, true, false]);
  expect(found[1]?.text).toContain('0007_x\\u{202e}.sql');
});

it('says why the schema version is not known, where the database fails rather than refuses', () => {
  const found = findingOfMigration({ facts: null, problem: 'Post "http://ch": context deadline exceeded' });
  expect([found.state, found.text]).toEqual(['unknown', 'context deadline exceeded']);
  expect(found.remedy).not.toBe('');
});

it.each(['en-US', 'de-DE'])('names the user of each migration that it advises: %s', (language) => {
  const texts = readFileSync(join(__dirname, `../locales/${language}/floorwatch-fleet-app.json`), 'utf8').split('\n');
  const advice = texts.filter((line) => line.includes('`ingestor migrate`'));
  expect(advice.length).toBeGreaterThan(4);
  expect(advice.filter((line) => !line.includes('floorwatch_owner'))).toEqual([]);
});

it('says nothing else while there is no data source', () => {
  const found = findingsOfDatabase({ uid: 'x', isThere: false }, { facts: null, problem: '' }, 0);
  expect(found.map(({ id, state }) => [id, state])).toEqual([['clickhouse', 'failed']]);
});

it('tells a Prometheus that is absent, down, without an ingestor, and good', () => {
  const states = [
    findingOfPrometheus({ uid: 'p', isThere: false }, { up: null, problem: '' }),
    findingOfPrometheus({ uid: 'p', isThere: true }, { up: null, problem: 'refused' }),
    findingOfPrometheus({ uid: 'p', isThere: true }, { up: null, problem: '' }),
    findingOfPrometheus({ uid: 'p', isThere: true }, { up: 1, problem: '' }),
  ].map(({ state }) => state);
  expect(states).toEqual(['warning', 'failed', 'warning', 'ok']);
});

it('tells rules and contact points that are there, absent, and hidden from this user', () => {
  const rules = [{ all: 19, failing: 0 }, { all: 0, failing: 0 }, { all: 19, failing: 2 }, null].map(findingOfRules);
  expect(rules.map(({ state }) => state)).toEqual(['ok', 'warning', 'failed', 'unknown']);
  expect(rules[2]?.text).toContain('2 of 19 rules cannot be evaluated: they do not notify anybody.');
  const points = [
    [{ name: 'on call', address: 'https://pager' }],
    [{ name: 'default', address: '<example@email.com>' }],
    null,
  ];
  expect(points.map((some) => findingOfContactPoints(some).state)).toEqual(['ok', 'warning', 'unknown']);
});

import { matchersOf, partsOf, robotsIn, silenceOfRobot, type Matcher, type Silence, type StopScope } from './silences';

const FLOORWATCH = { name: 'grafana_folder', value: 'Floorwatch', isRegex: false, isEqual: true };
const robot = (robotId: string, site = 'here') => ({ robotId, site });

function silence(matchers: Matcher[], more: Partial<Silence> = {}): Silence {
  return {
    ...{ id: 'a', status: { state: 'active' }, matchers, comment: 'Planned stop: tyres', createdBy: 'ada' },
    ...{ startsAt: '2026-01-02T03:00:00Z', endsAt: '2026-01-02T04:00:00Z', ...more },
  };
}
const silencesOf = (scope: StopScope) => matchersOf(scope).map((matchers) => silence(matchers));

it('silences one robot by its id, in the folder of Floorwatch only', () => {
  expect(matchersOf({ kind: 'robots', robots: [robot('amr-1')] })).toEqual([
    [FLOORWATCH, { name: 'robot_id', value: 'amr-1', isRegex: false, isEqual: true }],
  ]);
});

it('silences a group of several robots too, but no silent site and no silent fleet', () => {
  const [, group] = matchersOf({ kind: 'robots', robots: [robot('a'), robot('b', 'there'), robot('c')] });
  expect(group).toEqual([
    FLOORWATCH,
    { name: 'alertname', value: 'Group of robots silent', isRegex: false, isEqual: true },
    { name: 'site', value: 'here|there', isRegex: true, isEqual: true },
    { name: 'kind', value: 'fleet|site', isRegex: true, isEqual: false },
  ]);
});

it('silences all that a site is named in', () => {
  expect(matchersOf({ kind: 'site', site: 'here' })).toEqual([
    [FLOORWATCH, { name: 'site', value: 'here', isRegex: false, isEqual: true }],
  ]);
});

it('makes no silence of no robot: without an id, it would be about all alerts that are about no robot', () => {
  expect(matchersOf({ kind: 'robots', robots: [] })).toEqual([]);
});

it.each(['a.b', 'r|x', 'r(1', '[x]', '\\', 'r+1', 'ä/1 %', '.*'])(
  'takes %j for an id and for no expression',
  (robotId) => {
    const silences = silencesOf({ kind: 'robots', robots: [robot(robotId), robot('other')] });
    expect(silenceOfRobot(silences, robot(robotId))).not.toBeNull();
    for (const another of ['aXb', 'r', 'x', 'r1', '', 'rr1'])
      expect(silenceOfRobot(silences, robot(another))).toBeNull();
  }
);

it('finds the silence that lasts longest, of the robot or of its site, and none that covers a part or has ended', () => {
  const of = (name: string, value: string, more: Partial<Silence> = {}) =>
    silence([{ name, value, isRegex: false }], { id: `${name} ${value}`, ...more });
  const long = { endsAt: '2026-01-02T09:00:00Z' };
  const silences = [
    of('robot_id', 'a'),
    of('site', 'here', long),
    of('robot_id', 'b'),
    of('alertname', 'Telemetry slow'),
    of('robot_id', 'c', { status: { state: 'expired' } }),
  ];
  expect(silenceOfRobot(silences, robot('a', 'there'))?.id).toBe('robot_id a');
  expect(silenceOfRobot(silences, robot('a'))?.id).toBe('site here');
  expect(silenceOfRobot(silences, robot('c', 'there'))).toBeNull();
});

it('knows the labels that all alerts about a robot have: a silence of all warnings covers them', () => {
  const warnings = silence([{ name: 'severity', value: 'warning', isRegex: false }, FLOORWATCH]);
  const critical = silence([{ name: 'severity', value: 'critical', isRegex: false }, FLOORWATCH]);
  expect(silenceOfRobot([warnings, critical], robot('a'))).toBe(warnings);
});

it('takes no harm from an expression that a browser does not know', () => {
  const silences = [silence([{ name: 'robot_id', value: '(?i)a', isRegex: true }])];
  expect(silenceOfRobot(silences, robot('a'))).toBeNull();
});

it('ends all that one planned stop has begun, and nothing else', () => {
  const [robots, group] = silencesOf({ kind: 'robots', robots: [robot('a'), robot('b')] }) as [Silence, Silence];
  const other = silence([], { comment: 'another' });
  group.startsAt = '2026-01-02T03:00:00.014Z';
  expect(partsOf(robots, [robots, group, other, { ...group, status: { state: 'expired' } }])).toEqual([robots, group]);
  expect([robotsIn(robots), robotsIn(group)]).toEqual([2, null]);
});

it('ends one of the silences that a script began with one comment and one end, and not all of them', () => {
  const byHand = (value: string) =>
    silence([{ name: 'robot_id', value, isRegex: false }], { id: value, comment: 'maintenance window' });
  const [one, another] = [byHand('a'), byHand('b')];
  expect(partsOf(one, [one, another])).toEqual([one]);
});

it.each([
  ['a|b', false, 1],
  ['a\\|b|c', true, 2],
  ['a\\\\|b\\.c', true, 2],
  ['amr-.*', true, null],
  ['amr-[0-9]|b', true, null],
] as const)('counts the robots that %j names (regular expression: %j): %j', (value, isRegex, robots) => {
  expect(robotsIn(silence([{ name: 'robot_id', value, isRegex }]))).toBe(robots);
});

it('has no number for a silence of one alert, floor or team among the robots', () => {
  const parts = matchersOf({ kind: 'robots', robots: [robot('r|1'), robot('r.2'), robot('(r')] });
  expect(parts.map((matchers) => robotsIn(silence(matchers)))).toEqual([3, null]);
});

import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import {
  findIncident,
  firingOverTime,
  incidentsOf,
  labelsOf,
  rangeAround,
  type StoredChange,
  timeOfKey,
} from './incidents';

let id = 0;
const change = (time: number, newState: string, labels: Record<string, string>, rule = 'Telemetry drop-off') => ({
  id: id++,
  time,
  newState,
  alertName: rule,
  text: `${rule} {${Object.entries({ alertname: rule, grafana_folder: 'Floorwatch', ...labels })
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')}} - rows=93.0`,
});
const robot = (time: number, state: string, robotId: string) =>
  change(time, state, { robot_id: robotId, site: 'here' });

it('is one incident for robots that stop together, and ends with the last of them', () => {
  const incidents = incidentsOf(
    [
      robot(1_000, 'Pending', 'a'),
      robot(11_000, 'Alerting', 'a'),
      robot(21_000, 'Alerting', 'b'),
      robot(31_000, 'Normal', 'a'),
      robot(41_000, 'Normal (MissingSeries)', 'b'),
    ],
    0
  );
  expect(incidents).toEqual([
    {
      key: '11000.Telemetry drop-off',
      rule: 'Telemetry drop-off',
      labels: ['site=here'],
      robotIds: ['a', 'b'],
      alerts: 2,
      startMs: 11_000,
      endMs: 41_000,
      isOlder: false,
    },
  ]);
  expect(findIncident(incidents, '11000.Telemetry drop-off')).toBe(incidents[0]);
  expect(findIncident(incidents, 'other')).toBeUndefined();
});

it('fires while one of its alerts does, and what fires comes first', () => {
  const incidents = incidentsOf(
    [
      robot(1_000, 'Alerting', 'a'),
      robot(2_000, 'Alerting', 'b'),
      robot(3_000, 'Normal', 'b'),
      change(400_000, 'Alerting', { group: 'g' }, 'Consumer lag'),
      change(500_000, 'Normal', { group: 'g' }, 'Consumer lag'),
    ],
    0
  );
  expect(incidents.map(({ rule, endMs }) => [rule, endMs])).toEqual([
    ['Telemetry drop-off', null],
    ['Consumer lag', 500_000],
  ]);
});

it('says of an alert that only ends in the time range that it is older', () => {
  const [older] = incidentsOf([{ ...robot(9_000, 'Normal', 'a'), prevState: 'Alerting' }], 5_000);
  expect(older).toMatchObject({ startMs: 5_000, endMs: 9_000, isOlder: true });
  expect(timeOfKey(older?.key ?? '')).toBe(9_000);
  expect([timeOfKey('11000.Consumer lag'), timeOfKey(''), timeOfKey('x')]).toEqual([11_000, NaN, NaN]);
});

it.each([
  ['Pending', 'Normal'],
  ['NoData', 'Normal'],
  ['Error', 'Normal'],
  ['Normal (NoData)', 'Normal'],
  ['Normal', 'Normal (Updated)'],
  ['Pending', 'Normal (MissingSeries)'],
  ['', 'Normal'],
])('does not take a change from "%s" to "%s" for the end of an incident: nothing fired', (prevState, newState) => {
  expect(incidentsOf([{ ...robot(9_000, newState, 'a'), prevState }], 5_000)).toEqual([]);
});

it.each(['Normal', 'NoData', 'Error', 'Normal (Updated)'])('ends with the change from firing to %s', (newState) => {
  const older = { ...robot(9_000, newState, 'a'), prevState: 'Alerting (NoData)' };
  expect(incidentsOf([older], 5_000)).toMatchObject([{ startMs: 5_000, endMs: 9_000, isOlder: true }]);
});

it('fires on while Grafana waits for its recovery', () => {
  const changes = [
    { ...robot(6_000, 'Alerting', 'a'), prevState: 'Pending' },
    { ...robot(7_000, 'Recovering', 'a'), prevState: 'Alerting' },
    { ...robot(9_000, 'Normal', 'a'), prevState: 'Recovering' },
  ];
  expect(incidentsOf(changes, 5_000)).toMatchObject([{ startMs: 6_000, endMs: 9_000, isOlder: false }]);
  expect(incidentsOf(changes.slice(1), 5_000)).toMatchObject([{ startMs: 5_000, endMs: 9_000, isOlder: true }]);
});

it('leaves out other teams, notes and the watchdog', () => {
  const other = { ...robot(1_000, 'Alerting', 'a'), text: 'X {alertname=X, grafana_folder=Other, robot_id=a} - 1' };
  const note: StoredChange = { id: 7, time: 1_000, text: 'looked at the switch {grafana_folder=Floorwatch}' };
  expect(incidentsOf([other, note, change(1_000, 'Alerting', {}, 'Watchdog')], 0)).toEqual([]);
  expect(incidentsOf([], 0)).toEqual([]);
});

it.each(HOSTILE.filter(({ text }) => !/[{}]|, \w+=/.test(text)).map(({ why, text }) => [why, text]))(
  'reads an id with %s whole',
  (_, text) => {
    expect(labelsOf(robot(0, 'Alerting', text).text).get('robot_id')).toBe(text);
  }
);

it('counts the alerts of a rule that fire, by time', () => {
  const incidents = incidentsOf([robot(1_000, 'Alerting', 'a'), robot(5_000, 'Normal', 'a')], 0);
  expect([...firingOverTime(incidents, { fromMs: 2_000, toMs: 9_000 })]).toEqual([
    [
      'Telemetry drop-off',
      [
        { timeMs: 2_000, firing: 1 },
        { timeMs: 5_000, firing: 0 },
      ],
    ],
  ]);
});

it('the time around a moment does not reach into the future', () => {
  const minute = 60_000;
  const around = (atMs: number) => rangeAround(atMs, 15 * minute, 100 * minute);
  expect(around(90 * minute)).toEqual({ from: new Date(75 * minute).toISOString(), to: 'now' });
  expect(around(60 * minute)).toEqual({
    from: new Date(45 * minute).toISOString(),
    to: new Date(75 * minute).toISOString(),
  });
});

import { ROBOT_LINKS } from '../grafana/externalLinks';
import { CLICKHOUSE } from '../grafana/identifiers';
import { siteName } from '../grafana/siteNames';
import { BATTERY_THRESHOLDS } from '../pages/statusMappings';
import { attention } from '../queries/fleet';
import { kpiCounts, kpiTrend } from '../queries/kpis';
import { LOW_BATTERY } from '../queries/lowBattery';
import { readChoice, robotList } from '../queries/robotList';
import { shiftsNow, shiftZone } from '../queries/shifts';
import { applySettings, soundSettings, typedSettings } from './applySettings';
import { problemsOf } from './problems';

const queries = () =>
  [
    kpiCounts(),
    kpiTrend({ fromMs: 0, toMs: 3_600_000 }),
    attention(),
    robotList(readChoice(new URLSearchParams('status=low battery'))),
  ].map((sql) => [...sql.matchAll(/battery(?:_last)? < (\d+)/g)].map(([, percent]) => percent));

afterEach(() => applySettings({}));

it('leaves everything as it is without settings', () => {
  const before = queries();
  applySettings({});
  expect(queries()).toEqual(before);
  expect(queries().flat()).toEqual(
    queries()
      .flat()
      .map(() => '20')
  );
  expect(shiftsNow().map(({ id }) => id)).toEqual(['early', 'late', 'night']);
  expect([shiftZone('UTC'), siteName('b1'), ROBOT_LINKS.list, CLICKHOUSE.uid]).toEqual([
    ...['UTC', 'b1', [], 'floorwatch-clickhouse'],
  ]);
  expect(BATTERY_THRESHOLDS.steps.map(({ value }) => value)).toEqual([-Infinity, 10, 20]);
});

it('makes every query and table count low batteries from the same charge', () => {
  applySettings({ lowBatteryPercent: 35 });
  expect(queries().map((found) => found.length > 0)).toEqual([true, true, true, true]);
  expect(queries().flat()).toEqual(
    queries()
      .flat()
      .map(() => '35')
  );
  expect(BATTERY_THRESHOLDS.steps.map(({ value }) => value)).toEqual([-Infinity, 10, 35]);
  applySettings({ lowBatteryPercent: 8 });
  expect(BATTERY_THRESHOLDS.steps.map(({ value }) => value)).toEqual([-Infinity, 4, 8]);
  expect(LOW_BATTERY.percent).toBe(8);
});

it('applies shifts, site names and links, and takes them back', () => {
  applySettings({
    timeZone: 'Europe/Berlin',
    shifts: [{ name: 'Day', start: '07:00' }],
    sites: [{ id: 'b1', name: 'Berlin\u202e' }],
    links: [{ title: 'FMS', template: 'https://fms/{robot_id}' }],
  });
  expect([shiftZone('UTC'), shiftsNow()[0]?.name, siteName('b1'), siteName('b2'), ROBOT_LINKS.list.length]).toEqual([
    ...['Europe/Berlin', 'Day', 'Berlin\\u{202e}', 'b2', 1],
  ]);
  applySettings({});
  expect([shiftZone('UTC'), siteName('b1'), ROBOT_LINKS.list.length]).toEqual(['UTC', 'b1', 0]);
});

it('leaves out what is wrong in settings that provisioning wrote, and keeps the rest', () => {
  const settings = {
    clickhouseUid: 'mine',
    lowBatteryPercent: 300,
    timeZone: 'Mars/Base',
    shifts: [
      { name: 'A', start: '06:00' },
      { name: 'B', start: 'noon' },
    ],
    sites: [{ id: 'b1', name: 'Berlin' }, { id: 'b2' }, null],
    links: [{ title: 'FMS', template: 'https://fms/{robot_id}' }, { title: 'x', template: 'javascript:1' }, 'x'],
  };
  expect(soundSettings(settings as never)).toEqual({
    clickhouseUid: 'mine',
    // One shift of them alone would be another plan.
    shifts: [],
    sites: [{ id: 'b1', name: 'Berlin' }],
    links: [{ title: 'FMS', template: 'https://fms/{robot_id}' }],
  });
  expect(soundSettings({ shifts: 'x', links: {}, sites: 5, clickhouseUid: 7 } as never)).toEqual({
    ...{ shifts: [], sites: [], links: [] },
  });
});

it('reads 10,000 sites without names, each of which is wrong', () => {
  const sites = Array.from({ length: 10_000 }, () => ({ id: 's', name: '' }));
  expect(soundSettings({ sites }).sites).toEqual([]);
});

it.each(['25', true, {}])('does not take %j for a limit, and Setup says so', (limit) => {
  const saved = { lowBatteryPercent: limit } as never;
  expect(Object.keys(problemsOf(typedSettings(saved)))).toEqual(['lowBattery']);
  expect(soundSettings(saved)).not.toHaveProperty('lowBatteryPercent');
  expect(problemsOf(typedSettings({ lowBatteryPercent: null } as never))).toEqual({});
});

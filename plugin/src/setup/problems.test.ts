import { problemsOf } from './problems';

it('has nothing to say of an empty configuration', () => {
  expect(problemsOf({})).toEqual({});
});

it.each<[string, Parameters<typeof problemsOf>[0], string, RegExp]>([
  ['no number', { lowBatteryPercent: NaN }, 'lowBattery', /1 to 99/],
  ['more than all', { lowBatteryPercent: 100 }, 'lowBattery', /1 to 99/],
  ['a time zone that is none', { timeZone: 'Mars/Base' }, 'timeZone', /Mars\/Base is not a time zone/],
  // Browsers know it; Grafana would show the times of UTC.
  ['a time zone that Grafana does not have', { timeZone: '+02:00' }, 'timeZone', /\+02:00/],
  ['a time that is none', { shifts: [{ name: 'A', start: '25:00' }] }, 'shifts.0.start', /06:00/],
  ['no time', { shifts: [{ name: 'A', start: '' }] }, 'shifts.0.start', /06:00/],
  ['a shift without a name', { shifts: [{ name: ' ', start: '06:00' }] }, 'shifts.0.name', /name/],
  [
    'two shifts that start together',
    { shifts: ['A', 'B'].map((name) => ({ name, start: '06:00' })) },
    'shifts.1.start',
    /A/,
  ],
  ['a site without an id', { sites: [{ id: '', name: 'Berlin' }] }, 'sites.0.id', /id/],
  ['a site without a name', { sites: [{ id: 'b1', name: '' }] }, 'sites.0.name', /name/],
  ['a site twice', { sites: ['A', 'B'].map((name) => ({ id: 'b1', name })) }, 'sites.1.id', /b1/],
  ['a link without a title', { links: [{ title: '', template: 'https://fms/' }] }, 'links.0.title', /title/],
  ['a link that runs a script', { links: [{ title: 'x', template: 'javascript:1' }] }, 'links.0.template', /http/],
])('says at the field what is wrong: %s', (_, settings, field, problem) => {
  expect(Object.keys(problemsOf(settings))).toEqual([field]);
  expect(problemsOf(settings)[field]).toMatch(problem);
});

it('takes the time zone of each viewer, and those that Grafana has', () => {
  for (const timeZone of ['', 'Europe/Berlin', 'UTC', 'utc', 'US/Pacific'])
    expect(problemsOf({ timeZone })).toEqual({});
});

it('reads each of many sites once', () => {
  let reads = 0;
  const sites = Array.from({ length: 1_000 }, (_, k) => ({
    get id() {
      reads++;
      return `s${k}`;
    },
    name: 'x',
  }));
  problemsOf({ sites });
  expect(reads).toBe(1_000);
});

it('shows hidden characters of what it complains about', () => {
  const sites = ['A', 'B'].map((name) => ({ id: 'b\u202e1', name }));
  expect(problemsOf({ sites })['sites.1.id']).toContain('b\\u{202e}1');
});

import { toDataFrame } from '@grafana/data';
import { ageNow } from '../fleet/age';
import { statusAt } from '../fleet/status';
import { testFleet } from '../fleet/testFleet';
import { withAbsentRobots } from './absentRobots';
import { MAX_PLAYBACK_ROWS, playbackSql, playbackStepSeconds } from './playbackQuery';
import { firstSeenMs, fleetAt, readTrack } from './playbackTrack';
import { notInRange } from '../fleet/reasons';

const row = (robot_id: string, t: number, x: number | null, over: Record<string, unknown> = {}) => ({
  robot_id,
  t,
  x,
  y: x === null ? null : 0,
  theta: 0,
  map_id: 'hall',
  state: 'working',
  battery: 50,
  ...over,
});

function track(...rows: Array<ReturnType<typeof row>>) {
  const names = Object.keys(rows[0] ?? {}) as Array<keyof ReturnType<typeof row>>;
  const fields = names.map((name) => ({ name, values: rows.map((one) => one[name]) }));
  return readTrack(toDataFrame({ fields }), 10);
}

describe('the resolution of a playback', () => {
  it.each([
    [10, 3_600, 1],
    [200, 3_600, 5],
    [1_000, 3_600, 30],
    [2_500, 86_400, 1_560],
    [100_000, 3_600, 4_800],
  ])('of %i robots over %i s is %i s', (robots, rangeSeconds, step) => {
    expect(playbackStepSeconds(robots, rangeSeconds)).toBe(step);
    expect(robots * Math.ceil(rangeSeconds / step)).toBeLessThanOrEqual(MAX_PLAYBACK_ROWS);
  });

  it('is in the query, with the row cap', () => {
    const sql = playbackSql(1_000, 61_000, 10);
    expect(sql).toContain('intDiv(toUnixTimestamp64Milli(ts), 10000)');
    expect(sql).toContain(`LIMIT ${MAX_PLAYBACK_ROWS}`);
  });

  it('leaves out robots that were retired before the range begins', () => {
    expect(playbackSql(1_000, 61_000, 10)).toContain(
      "robot_id NOT IN (SELECT robot_id FROM warehouse.v_robot_roster WHERE retired_at <= fromUnixTimestamp64Milli(1000, 'UTC'))"
    );
  });

  it('reads the 15 minutes before the range too, as one row of each robot', () => {
    const sql = playbackSql(1_000_000, 1_060_000, 10);
    expect(sql).toContain("ts BETWEEN fromUnixTimestamp64Milli(100000, 'UTC') AND");
    expect(sql).toContain("if(ts < fromUnixTimestamp64Milli(1000000, 'UTC'), -1,");
  });
});

describe('the fleet at a time', () => {
  const two = track(row('a', 0, 0), row('a', 10_000, 10), row('b', 5_000, 3, { theta: null }));

  it('is between two recorded places', () => {
    const fleet = fleetAt(two, 2_500, 60);
    expect(fleet.robotIds).toEqual(['a', 'b']);
    expect(fleet.xMetres[0]).toBeCloseTo(2.5, 9);
  });

  it('begins with what was reported before the range, at its true age', () => {
    const early = track(row('a', 1_000, 7, { position_t: 400 }), row('a', 90_000, null, { position_t: null }));
    const fleet = fleetAt(early, 61_000, 60);
    expect([fleet.xMetres[0], fleet.ageSeconds[0], fleet.positionAgeSeconds[0]]).toEqual([7, 60, 60.6]);
    expect(fleetAt(early, 91_000, 60).positionAgeSeconds[0]).toBe(90.6);
  });

  it('does not place a robot before it was first seen, and says why', () => {
    const fleet = fleetAt(two, 2_500, 60);
    expect(fleet.xMetres[1]).toBeNaN();
    expect(fleet.notPlacedReasons[1]).toBe('not seen yet at this time');
  });

  it('leaves a robot at its last place and lets it fall silent', () => {
    const fleet = fleetAt(two, 200_000, 60);
    expect(fleet.xMetres[0]).toBe(10);
    expect(statusAt(fleet.statuses[0] ?? 0)).toBe('silent');
    expect(fleet.ageSeconds[0]).toBe(190);
    expect(ageNow(190, fleet.readAtMs, Date.now())).toBe(190);
  });

  it('does not drive a robot through a gap, or from one floor to another', () => {
    expect(fleetAt(track(row('a', 0, 0), row('a', 60_000, 60)), 30_000, 60).xMetres[0]).toBe(0);
    const lift = track(row('a', 0, 0), row('a', 10_000, 60, { map_id: 'mezzanine' }));
    expect(fleetAt(lift, 5_000, 60).xMetres[0]).toBe(0);
  });

  it('turns the short way', () => {
    const turning = track(row('a', 0, 0, { theta: 3 }), row('a', 10_000, 0, { theta: -3 }));
    expect(Math.cos(fleetAt(turning, 5_000, 60).headingRadians[0] ?? NaN)).toBeCloseTo(-1, 2);
  });

  it('ends a robot at its retirement, whatever it reports afterwards', () => {
    const left = track(
      row('a', 0, 0),
      row('a', 10_000, 1),
      row('gone', 0, 3),
      row('gone', 9_000, null, { state: 'retired', map_id: null }),
      row('gone', 12_000, 5),
      row('z', 0, 7)
    );
    expect(fleetAt(left, 8_999, 60).robotIds).toEqual(['a', 'gone', 'z']);
    expect([...fleetAt(left, 8_999, 60).xMetres]).toEqual([expect.closeTo(0.9, 2), 3, 7]);
    for (const timeMs of [9_000, 12_500]) {
      expect(fleetAt(left, timeMs, 60).robotIds).toEqual(['a', 'z']);
      expect(fleetAt(left, timeMs, 60).xMetres[1]).toBe(7);
    }
  });

  it('does not begin with a retirement', () => {
    expect(firstSeenMs(track(row('gone', 1_000, null, { state: 'retired' }), row('z', 5_000, 7)), 0)).toBe(5_000);
  });

  it('begins when the first robot was seen', () => {
    expect(firstSeenMs(track(row('a', 7_000, 0), row('a', 9_000, 0), row('b', 5_000, 3)), 0)).toBe(5_000);
  });

  it('is empty when nothing was recorded', () => {
    expect(fleetAt(readTrack(undefined, 10), 0, 60).count).toBe(0);
  });

  it('leaves a robot where it was when a report tells no place', () => {
    const said = { theta: null, map_id: null, state: null, battery: null };
    const fleet = fleetAt(track(row('a', 0, 4), row('a', 10_000, null, said)), 12_000, 60);
    expect([fleet.xMetres[0], fleet.mapIds[0], fleet.batteryPercent[0]]).toEqual([4, 'hall', 50]);
    expect([fleet.ageSeconds[0], fleet.positionAgeSeconds[0]]).toEqual([2, 12]);
    expect(statusAt(fleet.statuses[0] ?? 0)).toBe('working');
  });
});

describe('robots that said nothing in the range', () => {
  const live = testFleet(
    [
      { robot_id: 'a', x: 1, y: 1, age_seconds: 1 },
      { robot_id: 'long-silent', x: 7, y: 8, map_id: 'hall', state: 'error', age_seconds: 500 },
      { robot_id: 'came-later', x: 1, y: 1, age_seconds: 1 },
      { robot_id: 'ageless', x: 1, y: 1 },
    ],
    1_000_000
  );
  const all = withAbsentRobots(track(row('a', 600_000, 0), row('a', 610_000, 10)), live, 590_000);

  it('are counted, those that fell silent before it at their last place', () => {
    const fleet = fleetAt(all, 605_000, 60);
    expect(fleet.robotIds).toEqual(['a', 'long-silent', 'came-later', 'ageless']);
    expect([...fleet.xMetres]).toEqual([5, 7, NaN, NaN]);
    expect([fleet.ageSeconds[1], fleet.reportedStates[1]]).toEqual([105, 'error']);
    expect(statusAt(fleet.statuses[1] ?? 0)).toBe('silent');
    expect(fleet.notPlacedReasons).toEqual(['', '', notInRange(), notInRange()]);
  });

  it('do not move the beginning to a time before the range', () => {
    expect(firstSeenMs(all, 590_000)).toBe(600_000);
  });
});

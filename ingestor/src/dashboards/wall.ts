import { dashboard, OF_CHOSEN_PLACE } from './dashboard.ts';
import { floorMap, stat, words, type Panel } from './panels.ts';

/** Without the menus of Grafana, and as high as the screen. */
export const WALL_URL = '/d/floorwatch-wall?kiosk&autofitpanels';

const BATTERY_LOW = 20;
/** Robots that the list names. One more row counts the others. */
const NAMED = 6;

/** Without an answer, no panel may have a number, or say that all is well. */
const NO_ANSWER = 'NO ANSWER';

/** `seconds` in one unit: it is read from across the room. */
const SHORT_AGE = `multiIf(
  seconds < 100, concat(toString(seconds), ' s'), seconds < 6000, concat(toString(intDiv(seconds, 60)), ' min'),
  seconds < 172800, concat(toString(intDiv(seconds, 3600)), ' h'), concat(toString(intDiv(seconds, 86400)), ' d'))`;

const fleet: Panel = stat({
  title: 'Fleet',
  description:
    'Robots by what they do; silent means no event for more than 60 s; other means manual, in maintenance or offline. Good: 0 blocked, error, silent and without a position. Otherwise: the worst are in the list below the numbers.',
  width: 14,
  height: 5,
  noValue: NO_ANSWER,
  // As the map and the list below it: in v_fleet_reports, a robot that does not report its site has none.
  query: `SELECT countIf(status = 'working') AS Working, countIf(status = 'idle') AS Idle, countIf(status = 'charging') AS Charging,
      countIf(status = 'blocked') AS Blocked, countIf(status = 'error') AS Error, countIf(status = 'silent') AS Silent, countIf(NOT placed) AS "No position",
      countIf(status NOT IN ('working', 'idle', 'charging', 'blocked', 'error', 'silent')) AS Other
    FROM warehouse.v_fleet_now WHERE ${OF_CHOSEN_PLACE}`,
  limits: { Blocked: { orange: 1 }, Error: { red: 1 }, Silent: { red: 1 }, 'No position': { orange: 1 } },
});

const tasks: Panel = stat({
  title: 'Tasks, last hour',
  description:
    'Good: as many as at this time of other days, and few failed. Otherwise: see the tasks dashboard; the alert Tasks stopped says when far fewer end than usual.',
  width: 4,
  height: 5,
  noValue: NO_ANSWER,
  query: `SELECT sum(tasks_completed) AS Done, sum(tasks_failed) AS Failed
    FROM warehouse.v_robot_minutes WHERE minute > now('UTC') - INTERVAL 1 HOUR AND ${OF_CHOSEN_PLACE}`,
  limits: { Failed: { orange: 1 } },
});

const pipeline: Panel = words({
  title: 'Data',
  description:
    'Checks of the pipeline, the lag of the slower path, and when this picture was made. Good: OK, below 15 s, and a clock that moves. Otherwise: the picture is old; see the pipeline dashboard.',
  width: 6,
  height: 5,
  query: `SELECT multiIf(critical > 0, 'CRITICAL', warnings > 0, 'WARNING', 'OK') AS Pipeline,
      (SELECT max(lag_seconds) FROM warehouse.v_pipeline) AS Lag, toUnixTimestamp64Milli(now64(3)) AS "As of"
    FROM (SELECT countIf(status = 'critical') AS critical, countIf(status = 'warning') AS warnings FROM warehouse.v_health)`,
  noValue: NO_ANSWER,
  colors: { '^CRITICAL': 'red', '^WARNING': 'orange', '^OK': 'green' },
  columns: {
    Lag: { unit: 's', decimals: 0, orange: 15, red: 60 },
    'As of': { unit: 'time:HH:mm:ss' },
  },
});

const map: Panel = floorMap({
  title: 'Floors',
  description:
    'Every robot that has a place, one floor after the other. Good: none is red. Otherwise: touch the map to stay on this floor for a minute, and a robot to see its state.',
  width: 16,
  height: 22,
  query: `SELECT robot_id, ts, age_seconds, silent_seconds, x, y, theta, map_id, status, battery, speed, task_id, error_code, position_age_seconds,
      not_placed_reason, if(localized = 1, NULL, deviation_metres) AS deviation_metres, reported_at
    FROM warehouse.v_fleet_now WHERE ${OF_CHOSEN_PLACE} ORDER BY robot_id`,
  options: { rotateFloorsSeconds: 20 },
});

const attention: Panel = words({
  title: 'Needs attention',
  description: `The robots that need somebody, the worst first, for how long, and where. Good: none. Otherwise: click one for its page. More than ${NAMED} are counted in the last row; the fleet page lists all.`,
  width: 8,
  height: 22,
  rows: { name: 'Place', value: 'Problem', others: ['Robot'] },
  // The good news is a row of the answer.
  noValue: `${NO_ANSWER}, or no robot`,
  query: `SELECT if(problem = '', '', robot_id) AS Robot,
      multiIf(problem = '', concat('of ', toString(all_robots), ' robots'), nth <= ${NAMED}, place, 'all of them: fleet page') AS Place,
      multiIf(problem = '', if(reporting = 0, 'NO ROBOT REPORTS', 'Nobody needs help'),
        nth <= ${NAMED}, concat(upper(problem), if(ifNull(age, '') = '', '', concat(' ', age)), ' · ', robot_id), concat('+ ', toString(robots - ${NAMED}), ' MORE')) AS Problem
    FROM (
      SELECT robot_id,
        multiIf(status = 'silent', 'silent', status = 'error', 'error', status = 'blocked', 'blocked', localized = 0, 'lost',
          battery < ${BATTERY_LOW} AND status != 'charging', 'battery', '') AS problem,
        toUInt32(greatest(0, ifNull(if(status = 'silent', toFloat64(silent_seconds), toFloat64(dateDiff('second', state_since, now()))), 0))) AS seconds,
        multiIf(problem = 'battery', concat(toString(round(battery)), ' %'), problem = 'lost', '', ${SHORT_AGE}) AS age,
        coalesce(nullIf(zone_name, ''), map_id, 'no floor') AS place,
        row_number() OVER (ORDER BY indexOf(['error', 'blocked', 'silent', 'lost', 'battery', ''], problem), silent_seconds DESC, state_since, robot_id) AS nth,
        countIf(problem != '') OVER () AS robots,
        count() OVER () AS all_robots,
        countIf(status NOT IN ('silent', 'offline')) OVER () AS reporting
      FROM warehouse.v_fleet_now
      WHERE ${OF_CHOSEN_PLACE})
    WHERE nth <= ${NAMED} + 1 AND (problem != '' OR nth = 1) ORDER BY nth`,
  colors: {
    '^ERROR': 'red',
    '^SILENT': 'red',
    '^BLOCKED': 'orange',
    '^LOST': 'orange',
    '^BATTERY': 'orange',
    '^\\+': 'orange',
    '^NO ROBOT REPORTS': 'red',
    '^Nobody': 'green',
  },
  columns: {
    Problem: {
      link: {
        title: 'Open the page of this robot',
        url: '/a/floorwatch-fleet-app/robot?id=${__data.fields.Robot:percentencode}&${__url_time_range}',
      },
    },
  },
});

export const WALL = dashboard({
  name: 'wall',
  title: 'wall',
  description: `For a screen on the wall: which robots need somebody, where all of them are, and whether this is the present. Without menus: ${WALL_URL}. One site alone: add &var-site=<site>.`,
  from: 'now-15m',
  // The map asks once per second in between.
  refresh: '30s',
  variables: ['site', 'map', 'model'],
  rows: [
    [fleet, tasks, pipeline],
    [map, attention],
  ],
});

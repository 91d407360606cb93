import { isOneOf } from '@floorwatch/contract/sql-text';
import { dashboard, OF_CHOSEN_PLACE, OF_CHOSEN_ROBOTS, ROBOT_LINK } from './dashboard.ts';
import { histogram, stat, table, timeSeries } from './panels.ts';

/** Robots now, also by zone. Retired robots are not among them. */
const CHOSEN_NOW = `FROM warehouse.v_fleet_now WHERE battery IS NOT NULL AND ${OF_CHOSEN_PLACE} AND ${isOneOf('zone_id', 'zone')}`;
/** Percent. The alert rule Robot needs help starts below the lower one. */
const [LOW, VERY_LOW] = [20, 10];
const PERCENT = { unit: 'percent', decimals: 1 };

export const BATTERY = dashboard({
  name: 'battery',
  title: 'battery',
  description: 'How full the batteries are, who charges, and which batteries wear out.',
  from: 'now-12h',
  refresh: '30s',
  variables: ['site', 'map', 'model', 'zone'],
  rows: [
    [
      stat({
        title: 'Batteries now',
        description: `Good: 0 below ${VERY_LOW} percent that do not charge. Otherwise: send them to a charger, or bring them there before they stop in an aisle.`,
        width: 16,
        query: `SELECT count() AS Robots, countIf(status = 'charging') AS Charging, countIf(battery < ${LOW}) AS "Below ${LOW} %",
            countIf(battery < ${VERY_LOW} AND status != 'charging') AS "Below ${VERY_LOW} %, not charging" ${CHOSEN_NOW}`,
        limits: { [`Below ${LOW} %`]: { orange: 1 }, [`Below ${VERY_LOW} %, not charging`]: { red: 1 } },
      }),
      stat({
        title: 'State of charge now',
        description:
          'Good: the mean stays within the band that you plan with. A low mean before a shift: too few chargers, or charging started too late.',
        width: 8,
        unit: 'percent',
        query: `SELECT min(battery) AS Lowest, avg(battery) AS Mean ${CHOSEN_NOW}`,
      }),
    ],
    [
      histogram({
        title: 'Distribution',
        description: `Robots by state of charge now, in steps of 10 percent. Good: few robots below ${LOW} percent, and these charge. Many at the same charge: they will all need a charger at once.`,
        width: 12,
        height: 9,
        unit: 'percent',
        noValue: 'No robot has reported a battery',
        query: `SELECT if(status = 'charging', battery, NULL) AS Charging, if(status != 'charging', battery, NULL) AS "Not charging" ${CHOSEN_NOW}`,
      }),
      timeSeries({
        title: 'State of charge',
        description:
          'Mean and lowest tenth of the robots that reported. Good: falls during a shift and is back before the next. If it falls from day to day, the chargers do not suffice.',
        width: 12,
        height: 9,
        unit: 'percent',
        max: 100,
        noValue: 'No robot reported a battery in this time',
        query: `SELECT $__timeInterval(minute) AS time, avg(battery_mean) AS Mean, quantile(0.1)(battery_mean) AS "Lowest tenth"
          FROM warehouse.v_robot_minutes WHERE $__timeFilter(minute) AND battery_mean IS NOT NULL AND ${OF_CHOSEN_PLACE} GROUP BY time ORDER BY time`,
      }),
    ],
    [
      timeSeries({
        title: 'Robots charging',
        description:
          'Robots that charge at the same time, on average. Good: below the number of your chargers. At that number for long: robots queue for a charger.',
        width: 12,
        noValue: 'No robot reported in this time',
        query: `SELECT $__timeInterval(minute) AS time, sum(seconds_charging) / (60 * uniqExact(minute)) AS Charging
          FROM warehouse.v_robot_minutes WHERE $__timeFilter(minute) AND ${OF_CHOSEN_PLACE} GROUP BY time ORDER BY time`,
      }),
      table({
        title: 'Lowest batteries now',
        description: `Up to 200 robots. Good: those below ${LOW} percent charge. Otherwise: click the robot to see where it is.`,
        width: 12,
        noValue: 'No robot has reported a battery',
        query: `SELECT robot_id AS Robot, battery AS Battery, status AS Status, state_seconds AS Since, zone_name AS Zone, map_id AS Map ${CHOSEN_NOW}
          ORDER BY battery, robot_id LIMIT 200`,
        columns: {
          Robot: { link: ROBOT_LINK },
          Battery: { ...PERCENT },
          Since: { unit: 's', decimals: 0 },
        },
      }),
    ],
    [
      table({
        title: 'Wear',
        description:
          'Percent of charge that an hour of work costs: the last 7 days, the 23 days before, and the change; the worst change first, up to 200 robots. Good: about the same. More than 2 percent per hour more: test the battery. Empty: too few hours of work without charging.',
        width: 24,
        height: 10,
        noValue: 'No hour with a battery in the last 30 days',
        query: `SELECT robot_id AS Robot, drain_percent_per_hour_7d AS "Last 7 days", drain_percent_per_hour_before AS "23 days before", drain_change AS Change,
            drain_trend_per_day AS "Trend per day", lowest_percent AS "Lowest charge", hours AS "Hours of data"
          FROM warehouse.v_battery_health WHERE ${OF_CHOSEN_ROBOTS} ORDER BY drain_change DESC NULLS LAST, drain_percent_per_hour_7d DESC NULLS LAST, Robot LIMIT 200`,
        columns: {
          Robot: { link: ROBOT_LINK },
          'Last 7 days': PERCENT,
          '23 days before': PERCENT,
          Change: { ...PERCENT, orange: 2, red: 5 },
          'Trend per day': { unit: 'percent', decimals: 2 },
          'Lowest charge': PERCENT,
        },
      }),
    ],
  ],
});

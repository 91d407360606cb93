import { dashboard, OF_CHOSEN_ROBOTS, ROBOT_LINK } from './dashboard.ts';
import { stat, statusHistory, table } from './panels.ts';

const IN_TIME = `warehouse.v_robot_anomaly WHERE $__timeFilter(hour) AND ${OF_CHOSEN_ROBOTS}`;
/** Of the score, which is 0 to 6: from here on, see sql/README.md. */
const [UNUSUAL, STRANGE] = [2, 4];

export const ANOMALY = dashboard({
  name: 'anomaly',
  title: 'anomaly heat map',
  description: 'Which robots behave unlike their own past and unlike their peers, hour by hour, the worst first.',
  from: 'now-24h',
  refresh: '5m',
  variables: ['site', 'map', 'model'],
  rows: [
    [
      stat({
        title: 'Robots in this time',
        description: `The score of an hour is 0 (normal) to 6. Unusual: ${UNUSUAL} and more in some hour; strange: ${STRANGE} and more. Good: 0 strange. Otherwise: start with the first row of the heat map.`,
        width: 24,
        query: `SELECT uniqExact(robot_id) AS Robots, uniqExactIf(robot_id, score >= ${UNUSUAL}) AS Unusual, uniqExactIf(robot_id, score >= ${STRANGE}) AS Strange,
            max(score) AS "Highest score" FROM ${IN_TIME}`,
        limits: { Unusual: { orange: 1 }, Strange: { red: 1 }, 'Highest score': { orange: UNUSUAL, red: STRANGE } },
      }),
    ],
    [
      statusHistory({
        title: 'Score by robot and hour',
        description:
          'The 200 robots with the highest score in this time, the worst first; 40 to a page. Good: green. A red column: something happened to all robots in that hour. A red row: something is wrong with that robot; click a cell to open the robot.',
        width: 24,
        height: 20,
        rows: 'Robot',
        noValue: 'No hour of this time is computed',
        colors: [
          ['#3d8b4f', null],
          ['#8fb339', 1],
          ['#e0b400', UNUSUAL],
          ['#e07b00', 3],
          ['#c4162a', STRANGE],
        ],
        link: {
          title: 'Show this robot on its floor',
          url: '/a/floorwatch-fleet-app/fleet?var-robot=${__field.labels.Robot:percentencode}&${__url_time_range}',
        },
        // Grafana knows the width of a column by the distance of two: a single hour gets an empty one after it.
        query: `SELECT Robot, cell.1 AS time, cell.2 AS Score FROM (
            SELECT *, dense_rank() OVER (ORDER BY worst DESC, total DESC, Robot) AS place FROM (
              SELECT robot_id AS Robot, hour, round(ifNull(score, 0), 1) AS points,
                max(points) OVER (PARTITION BY robot_id) AS worst, sum(points) OVER (PARTITION BY robot_id) AS total,
                min(hour) OVER () = max(hour) OVER () AS is_single FROM ${IN_TIME}))
          ARRAY JOIN if(is_single, [(hour, toNullable(points)), (hour + INTERVAL 1 HOUR, NULL)], [(hour, toNullable(points))]) AS cell
          WHERE place <= 200 ORDER BY place, cell.1`,
      }),
    ],
    [
      table({
        title: 'Strangest hours',
        description:
          'The 200 hours with the highest score, and what was strangest about them. Good: empty, or scores below 2. Otherwise: a long gap points to the network, errors and speed to the robot or the floor, drain to the battery.',
        width: 24,
        height: 10,
        noValue: 'No hour of this time is computed',
        query: `SELECT robot_id AS Robot, hour AS Hour, round(score, 1) AS Score, strangest AS Strangest, gap_seconds AS "Longest gap", errors AS Errors,
            drain_percent AS Drain, speed_mean AS "Mean speed" FROM ${IN_TIME} AND score > 0 ORDER BY score DESC, hour DESC, robot_id LIMIT 200`,
        columns: {
          Robot: { link: ROBOT_LINK },
          Hour: { width: 170 },
          Score: { decimals: 1, orange: UNUSUAL, red: STRANGE },
          'Longest gap': { unit: 's', decimals: 1 },
          Drain: { unit: 'percent', decimals: 1 },
          'Mean speed': { unit: 'velocityms', decimals: 2 },
        },
      }),
    ],
  ],
});

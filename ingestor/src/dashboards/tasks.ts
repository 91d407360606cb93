import { isOneOf } from '@floorwatch/contract/sql-text';
import { dashboard, OF_CHOSEN_ROBOTS, ROBOT_LINK } from './dashboard.ts';
import { stat, table, timeSeries } from './panels.ts';

const NO_TASKS = 'No task ended in this time for these filters';
/** The map is that of the end of the task; site and model are those of the robot. */
const ENDED = `FROM warehouse.v_task_runs WHERE outcome != 'running' AND $__timeFilter(ended_at) AND ${OF_CHOSEN_ROBOTS}`;
const TIMES = `avg(task_duration) AS Mean, quantileExactInclusive(0.5)(task_duration) AS p50, quantileExactInclusive(0.95)(task_duration) AS p95`;
const IN_SECONDS = { unit: 's', decimals: 1 };

/** As on the floor map (plugin/src/floormap/paint/palette.ts). */
const STATE_COLORS = {
  ...{ working: 'green', idle: 'blue', charging: 'yellow', blocked: 'orange', error: 'red', silent: '#50505a' },
  ...{ manual: 'light-purple', maintenance: 'purple', offline: '#75757f', unknown: '#9fa7b3' },
};

export const TASKS = dashboard({
  name: 'tasks',
  title: 'tasks',
  description: 'How many tasks are done, how long they take, where they are slow, and which fail.',
  from: 'now-24h',
  refresh: '1m',
  variables: ['site', 'map', 'model', 'zone'],
  rows: [
    [
      stat({
        title: 'Tasks that ended',
        description:
          'In the chosen time. Good: few failed. Otherwise: see the robots with failures below; failures of many robots at one place point to the floor, of one robot to the robot.',
        width: 12,
        query: `SELECT countIf(outcome = 'completed') AS Completed, countIf(outcome = 'failed') AS Failed ${ENDED}`,
        limits: { Failed: { orange: 1 } },
      }),
      stat({
        title: 'Time of a task',
        description:
          'From start to end, in the chosen time. Good: p95 below three times the p50. Otherwise: a few tasks wait for long; the slowest are listed below.',
        width: 12,
        unit: 's',
        query: `SELECT ${TIMES} ${ENDED}`,
      }),
    ],
    [
      timeSeries({
        title: 'Task times',
        description:
          'By the end of the task. Good: flat over the day. If p95 rises and p50 does not: some zones or robots are slow. If both rise: the floor is congested.',
        width: 12,
        height: 9,
        unit: 's',
        noValue: NO_TASKS,
        query: `SELECT $__timeInterval(ended_at) AS time, ${TIMES} ${ENDED} GROUP BY time ORDER BY time`,
      }),
      timeSeries({
        title: 'Tasks by outcome',
        description:
          'Tasks that ended in each interval. Good: follows the shifts, failures rare. No tasks while robots idle: the task system does not send any.',
        width: 12,
        height: 9,
        draw: 'bars',
        colors: { Completed: 'green', Failed: 'red' },
        noValue: NO_TASKS,
        query: `SELECT $__timeInterval(ended_at) AS time, countIf(outcome = 'completed') AS Completed, countIf(outcome = 'failed') AS Failed ${ENDED}
          GROUP BY time ORDER BY time`,
      }),
    ],
    [
      table({
        title: 'By zone, last 24 hours',
        description:
          'Of all robots, by the zone where the task ended; filters: map and zone. Good: zones of the same kind have like times. A slow zone: see its congestion on the floor map.',
        width: 12,
        height: 9,
        noValue: 'No task ended in one of these zones',
        query: `SELECT zone_name AS Zone, map_id AS Map, runs AS Tasks, failed AS Failed, mean_seconds AS Mean, p50_seconds AS p50, p95_seconds AS p95
          FROM warehouse.v_task_times_by_zone WHERE ${isOneOf('map_id', 'map')} AND ${isOneOf('zone_id', 'zone')} ORDER BY p95 DESC, Map, Zone`,
        columns: { Failed: { orange: 1 }, Mean: IN_SECONDS, p50: IN_SECONDS, p95: IN_SECONDS },
      }),
      table({
        title: 'By robot, last 24 hours',
        description:
          'Up to 200 robots, those with failed tasks first, then the slowest. Tasks ended in any way; failed ones ended with TASK_FAILED. Good: none failed, times like those of the others. Otherwise: click the robot and look where it waits.',
        width: 12,
        height: 9,
        noValue: 'No task ended in the last 24 hours',
        query: `SELECT robot_id AS Robot, runs AS Tasks, failed AS "Failed tasks", mean_seconds AS Mean, p50_seconds AS p50, p95_seconds AS p95
          FROM warehouse.v_task_times WHERE ${OF_CHOSEN_ROBOTS} ORDER BY "Failed tasks" DESC, p95 DESC, Robot LIMIT 200`,
        columns: {
          Robot: { link: ROBOT_LINK },
          'Failed tasks': { orange: 1 },
          Mean: IN_SECONDS,
          p50: IN_SECONDS,
          p95: IN_SECONDS,
        },
      }),
    ],
    [
      table({
        title: 'Slowest tasks',
        description:
          'The 100 longest in the chosen time. Good: no task far above the others. Otherwise: click the robot to see it; the place is where the task ended.',
        width: 12,
        height: 9,
        noValue: NO_TASKS,
        query: `SELECT robot_id AS Robot, task_id AS Task, outcome AS Outcome, task_duration AS Duration, ended_at AS Ended, map_id AS Map, x AS X, y AS Y ${ENDED}
          ORDER BY task_duration DESC, task_id LIMIT 100`,
        columns: {
          Robot: { link: ROBOT_LINK, width: 110 },
          Task: { width: 120 },
          Outcome: { width: 95 },
          Duration: IN_SECONDS,
          Ended: { width: 160 },
          X: { unit: 'lengthm', decimals: 1 },
          Y: { unit: 'lengthm', decimals: 1 },
        },
      }),
      table({
        title: 'Reliability, last 30 days',
        description:
          'Up to 200 robots, the shortest work between stops first. A stop that needed help is a change into error, blocked or manual: not a failed task, and one task can have several. Good: long work between stops, soon running again. Otherwise: plan maintenance for the first ones.',
        width: 12,
        height: 9,
        noValue: 'No robot worked in the last 30 days',
        query: `SELECT robot_id AS Robot, failures AS "Stops that needed help", 3600 * mtbf_hours AS "Work between stops", 60 * mttr_minutes AS "Until it ran again",
            missions AS "Completed tasks", missions_before_intervention AS "Completed per stop"
          FROM warehouse.v_reliability WHERE ${OF_CHOSEN_ROBOTS} ORDER BY mtbf_hours IS NULL, mtbf_hours, Robot LIMIT 200`,
        columns: {
          Robot: { link: ROBOT_LINK },
          'Work between stops': IN_SECONDS,
          'Until it ran again': IN_SECONDS,
          'Completed per stop': { decimals: 1 },
        },
      }),
    ],
    [
      timeSeries({
        title: 'Utilisation',
        description:
          'Percent of their reported time that the chosen robots worked. Good: within the band that you plan with. Low with many tasks waiting: robots wait, charge or are blocked.',
        width: 12,
        unit: 'percent',
        max: 100,
        noValue: 'No hour of this time is computed',
        query: `SELECT toStartOfHour(hour) AS time, 100 * sum(seconds_working) / nullIf(sum(seconds_reported), 0) AS Working
          FROM warehouse.v_utilisation WHERE $__timeFilter(hour) AND ${OF_CHOSEN_ROBOTS} GROUP BY time ORDER BY time`,
      }),
      timeSeries({
        title: 'What the fleet does',
        description:
          'Percent of the time in each state, of all sites. Good: mostly working, idle and charging. Growing blocked or error: see Needs attention on the fleet page.',
        width: 12,
        draw: 'stacked',
        colors: STATE_COLORS,
        unit: 'percent',
        max: 100,
        noValue: 'No minute of this time is computed',
        displayName: '${__field.labels.state}',
        query: `SELECT $__timeInterval(minute) AS time, state, avg(percent) AS percent
          FROM warehouse.v_state_shares WHERE $__timeFilter(minute) GROUP BY time, state ORDER BY time, state`,
      }),
    ],
  ],
});

import { dashboard, IS_WHOLE_MINUTE, OF_CHOSEN_PLACE, ROBOT_LINK } from './dashboard.ts';
import { stat, table, timeSeries } from './panels.ts';

const NO_METRICS = 'No metrics: the ingestor or Prometheus does not answer';
const WHOLE_MINUTES = `warehouse.v_robot_minutes WHERE $__timeFilter(minute) AND ${IS_WHOLE_MINUTE}`;
/**
 * The longest pause that ends in a minute, or lasts at the end of the time. A minute knows its first pause up to the minute before
 * only: what is missing are the silent seconds of the row before, and the minutes without a row. The first row of a robot says
 * nothing of the time before it.
 */
const GAP = `greatest(
  if(events = 0, 0, multiIf(
    max_gap_seconds < 60, max_gap_seconds,
    lagInFrame(minute) OVER of_robot = toDateTime(0, 'UTC'), 0,
    lagInFrame(events) OVER of_robot = 0 OR minute > lagInFrame(minute) OVER of_robot + INTERVAL 1 MINUTE,
      max_gap_seconds - 60 + dateDiff('second', lagInFrame(minute) OVER of_robot, minute) + if(lagInFrame(events) OVER of_robot = 0, lagInFrame(seconds_silent) OVER of_robot, 0),
    max_gap_seconds)),
  if(events > 0 OR leadInFrame(minute) OVER of_robot != toDateTime(0, 'UTC'), 0,
    dateDiff('second', minute, least($__toTime, now())) + seconds_silent))`;
const NO_EVENTS = 'No events in this time for these filters';

export const THROUGHPUT = dashboard({
  name: 'throughput',
  title: 'telemetry throughput',
  description: 'How much the robots report, how late it arrives, and how much of it is invalid.',
  from: 'now-3h',
  refresh: '30s',
  variables: ['site', 'map', 'model'],
  rows: [
    [
      stat({
        title: 'Robots now',
        description:
          'Of the chosen site, map and model. Good: 0 silent and 0 with a wrong clock. Otherwise: silent robots are on the fleet page; correct wrong clocks (NTP), or their events count at the wrong time.',
        width: 24,
        query: `SELECT count() AS Robots, countIf(status NOT IN ('silent', 'offline')) AS Reporting, countIf(status = 'silent') AS Silent,
            countIf(status = 'offline') AS Offline, countIf(clock_wrong = 1) AS "Clock wrong"
          FROM warehouse.v_fleet_now WHERE ${OF_CHOSEN_PLACE}`,
        limits: { Silent: { red: 1 }, 'Clock wrong': { orange: 1 } },
      }),
    ],
    [
      timeSeries({
        title: 'Events per second by site',
        description:
          'Without duplicates, by event time, in whole minutes. Good: each site follows its shifts. If one site falls alone: check its network. If all fall: see the pipeline dashboard.',
        width: 12,
        height: 9,
        unit: 'eps',
        noValue: NO_EVENTS,
        displayName: '${__field.labels.site}',
        query: `SELECT $__timeInterval(minute) AS time, ifNull(site_id, 'no site') AS site, sum(events) / (60 * uniqExact(minute)) AS events_per_second
          FROM ${WHOLE_MINUTES} AND ${OF_CHOSEN_PLACE} GROUP BY time, site ORDER BY time, site`,
      }),
      timeSeries({
        title: 'Robots that report',
        description:
          'Robots with at least one event in a whole minute. Good: flat, and as many as are in service. A step down: a group fell silent; the alert Group of robots silent names it.',
        width: 12,
        height: 9,
        noValue: NO_EVENTS,
        query: `SELECT $__timeInterval(minute) AS time, countIf(events > 0) / uniqExact(minute) AS Robots
          FROM ${WHOLE_MINUTES} AND ${OF_CHOSEN_PLACE} GROUP BY time ORDER BY time`,
      }),
    ],
    [
      timeSeries({
        title: 'Time from Kafka to storage',
        description:
          'Age of the oldest message of a batch when it is stored, of all sites, path B. Good: p95 below 5 s. Otherwise: see lag and inserts on the pipeline dashboard.',
        width: 8,
        unit: 's',
        limits: { orange: 5, red: 60 },
        noValue: NO_METRICS,
        query: {
          p50: 'histogram_quantile(0.5, sum by (le) (rate(floorwatch_event_age_seconds_bucket[5m])))',
          p95: 'histogram_quantile(0.95, sum by (le) (rate(floorwatch_event_age_seconds_bucket[5m])))',
          p99: 'histogram_quantile(0.99, sum by (le) (rate(floorwatch_event_age_seconds_bucket[5m])))',
        },
      }),
      timeSeries({
        title: 'Invalid events',
        description:
          'Percent of the events that path B read, of all sites. Good: 0. Otherwise: the pipeline dashboard shows the reasons and a sample of each.',
        width: 8,
        unit: 'percent',
        limits: { orange: 1, red: 5 },
        noValue: NO_METRICS,
        query: {
          Invalid:
            '100 * sum(rate(floorwatch_rejected_events_total[5m])) / clamp_min(sum(rate(floorwatch_rejected_events_total[5m])) + sum(rate(floorwatch_events_total[5m])), 0.001)',
        },
      }),
      table({
        title: 'Both paths now',
        description:
          'Of all sites. Good: the path that is on stored its last event seconds ago. Otherwise: Error says why; a path that is off has no figures.',
        width: 8,
        query: `SELECT if(path = 'engine', 'A: Kafka engine', 'B: ingestor') AS Path, rows_per_second AS "Events/s, 5 min",
            greatest(0, seconds_since_received) AS "Last event", dead_letters_5m AS "Invalid, 5 min", last_exception AS Error
          FROM warehouse.v_pipeline ORDER BY Path`,
        columns: {
          Path: { width: 130 },
          'Events/s, 5 min': { decimals: 1 },
          'Last event': { unit: 's', decimals: 0, orange: 15, red: 60 },
          'Invalid, 5 min': { orange: 1 },
          Error: { text: true },
        },
      }),
    ],
    [
      table({
        title: 'Robots by longest gap',
        description:
          'The 200 robots with the longest pause between two events in this time, or since the last one. Good: gaps near the reporting interval. Otherwise: check the Wi-Fi where the robot was; click it to see where.',
        width: 12,
        height: 10,
        noValue: NO_EVENTS,
        query: `SELECT robot_id AS Robot, sum(events) / (60 * count()) AS "Events/s", max(gap) AS "Longest gap", sum(events) AS Events, sum(clock_ahead_events) AS "Clock ahead"
          FROM (SELECT *, ${GAP} AS gap FROM warehouse.v_robot_minutes WHERE $__timeFilter(minute) AND ${OF_CHOSEN_PLACE}
            WINDOW of_robot AS (PARTITION BY robot_id ORDER BY minute ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING))
          GROUP BY robot_id ORDER BY "Longest gap" DESC NULLS LAST, Robot LIMIT 200`,
        columns: {
          Robot: { link: ROBOT_LINK },
          'Events/s': { decimals: 2 },
          'Longest gap': { unit: 's', decimals: 1, orange: 10, red: 60 },
          'Clock ahead': { orange: 1 },
        },
      }),
      table({
        title: 'Late robots and wrong clocks',
        description:
          'The 200 robots whose events arrive furthest from their own time, now. Good: 0 to 2 s. Negative: the clock is ahead. More than 60 s: set the clock; it is not the network.',
        width: 12,
        height: 10,
        noValue: 'No robot has reported in the last 20 minutes',
        query: `SELECT robot_id AS Robot, clock_offset_seconds AS "Arrives after", silent_seconds AS "Silent for", site_id AS Site, firmware AS Firmware
          FROM warehouse.v_fleet_now WHERE clock_offset_seconds IS NOT NULL AND ${OF_CHOSEN_PLACE} ORDER BY abs(clock_offset_seconds) DESC, Robot LIMIT 200`,
        columns: {
          Robot: { link: ROBOT_LINK },
          'Arrives after': { unit: 's', decimals: 1, orange: 5, red: 60 },
          'Silent for': { unit: 's', decimals: 0, red: 60 },
        },
      }),
    ],
  ],
});

-- The questions that pages, dashboards and alert rules ask about a stretch of time. Each is a view; each says what it answers.
-- They read the roll-ups, so their cost follows robots x minutes (or hours) of the range, not events.

CREATE OR REPLACE VIEW warehouse.v_robot_minutes{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    *,
    greatest(0, 60 - seconds_working - seconds_idle - seconds_charging - seconds_blocked - seconds_error - seconds_manual
        - seconds_maintenance - seconds_offline - seconds_unknown) AS seconds_silent,
    battery_last - battery_first AS battery_change
FROM warehouse.telemetry_minute FINAL
COMMENT 'What did each robot do in each minute? Filter by `minute` (and `robot_id`).';

CREATE OR REPLACE VIEW warehouse.v_robot_hours{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    h.minute AS hour,
    * EXCEPT (minute, computed_at),
    greatest(0, 3600 - seconds_working - seconds_idle - seconds_charging - seconds_blocked - seconds_error - seconds_manual
        - seconds_maintenance - seconds_offline - seconds_unknown) AS seconds_silent
FROM warehouse.telemetry_hour AS h FINAL
COMMENT 'What did each robot do in each hour? Filter by `hour`; for ranges of days and more.';

CREATE OR REPLACE VIEW warehouse.v_state_shares{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    minute,
    share.1 AS state,
    share.2 AS seconds,
    100 * seconds / all_seconds AS percent
FROM
(
    SELECT
        m.minute AS minute,
        60. * count() AS all_seconds,
        [('working', sum(m.seconds_working)), ('idle', sum(m.seconds_idle)), ('charging', sum(m.seconds_charging)),
         ('blocked', sum(m.seconds_blocked)), ('error', sum(m.seconds_error)), ('manual', sum(m.seconds_manual)),
         ('maintenance', sum(m.seconds_maintenance)), ('offline', sum(m.seconds_offline)), ('unknown', sum(m.seconds_unknown))] AS reported,
        arrayPushBack(reported, ('silent', greatest(0, all_seconds - arraySum(r -> r.2, reported)))) AS shares
    FROM warehouse.telemetry_minute AS m FINAL
    WHERE m.minute < toStartOfMinute(now('UTC'))
    GROUP BY m.minute
)
ARRAY JOIN shares AS share
COMMENT 'In which states did robots spend each minute, of those that reported in it or shortly before? Percents of a minute sum to 100. Over a range: sum(seconds) of a state / sum(seconds) of all.';

CREATE OR REPLACE VIEW warehouse.v_throughput{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    m.minute AS minute,
    sum(m.events) AS events,
    countIf(m.events > 0) AS robots,
    sum(m.tasks_started) AS tasks_started,
    sum(m.tasks_completed) AS tasks_completed,
    sum(m.tasks_failed) AS tasks_failed,
    sum(m.distance_metres) AS distance_metres,
    sum(m.errors) AS errors
FROM warehouse.telemetry_minute AS m FINAL
GROUP BY m.minute
COMMENT 'How much did the fleet do in each minute: events, tasks, metres, errors?';

CREATE OR REPLACE VIEW warehouse.v_battery_distribution{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    10 * least(9, floor(assumeNotNull(f.battery) / 10)) AS from_percent,
    from_percent + 10 AS to_percent,
    count() AS robots,
    countIf(f.status = 'charging') AS charging
FROM warehouse.v_fleet_now AS f
WHERE f.battery IS NOT NULL
GROUP BY from_percent
COMMENT 'How are the batteries of the fleet distributed right now? Robots by steps of 10 percent.';

CREATE OR REPLACE VIEW warehouse.v_battery_health{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    h.robot_id AS robot_id,
    countIf(h.battery_first IS NOT NULL) AS hours,
    -- an hour without charging, scaled to a full hour of work
    avgIf(drain, h.minute >= now('UTC') - INTERVAL 7 DAY) AS drain_percent_per_hour_7d,
    avgIf(drain, h.minute < now('UTC') - INTERVAL 7 DAY) AS drain_percent_per_hour_before,
    drain_percent_per_hour_7d - drain_percent_per_hour_before AS drain_change,
    -- through a single hour there is no line: NULL, not NaN
    if(isFinite(simpleLinearRegressionIf(toUnixTimestamp(h.minute) / 86400, drain, drain IS NOT NULL).1 AS slope), slope, NULL) AS drain_trend_per_day,
    min(h.battery_min) AS lowest_percent
FROM (
    SELECT
        robot_id, minute, battery_first, battery_min,
        if(seconds_charging = 0 AND seconds_working >= 600, (battery_first - battery_last) * 3600 / seconds_working, NULL) AS drain
    FROM warehouse.telemetry_hour FINAL
    WHERE minute >= now('UTC') - INTERVAL 30 DAY
) AS h
GROUP BY h.robot_id
COMMENT 'Which batteries are wearing out? Percent of charge that an hour of work costs, the last 7 days against the 23 before.';

-- For a robot r and an hour h, over the features f: longest gap, errors, drain of charge, mean speed:
--   own(f)   = |v - mean of r's 24 hours before h| / max(their standard deviation, floor of f)
--   peers(f) = |v - mean of all robots in h|       / max(their standard deviation, floor of f)
--   score    = max over f of (min(own, 6) + min(peers, 6)) / 2            0 usual, 6 as strange as it gets
-- A side without a past of 3 hours (or without 3 peers) counts 0. Floors: 5 s, 1 error, 2 percent, 0.1 m/s.
CREATE OR REPLACE VIEW warehouse.v_robot_anomaly{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    (deviation, spread, floor, n) -> if(n < 3 OR isNull(deviation), 0, least(6, abs(deviation) / greatest(spread, floor))) AS strangeness
SELECT
    robot_id,
    hour,
    (strangeness(gap - gap_own.1, gap_own.2, 5, past) + strangeness(gap - gap_peers.1, gap_peers.2, 5, robots)) / 2 AS gap_score,
    (strangeness(errors - errors_own.1, errors_own.2, 1, past) + strangeness(errors - errors_peers.1, errors_peers.2, 1, robots)) / 2 AS errors_score,
    (strangeness(drain - drain_own.1, drain_own.2, 2, past) + strangeness(drain - drain_peers.1, drain_peers.2, 2, robots)) / 2 AS drain_score,
    (strangeness(speed - speed_own.1, speed_own.2, 0.1, past) + strangeness(speed - speed_peers.1, speed_peers.2, 0.1, robots)) / 2 AS speed_score,
    greatest(gap_score, errors_score, drain_score, speed_score) AS score,
    multiIf(score < 1, '', score = gap_score, 'gap', score = errors_score, 'errors', score = drain_score, 'battery drain', 'speed') AS strangest,
    gap AS gap_seconds, errors, drain AS drain_percent, speed AS speed_mean
FROM
(
    SELECT
        robot_id, hour, gap, errors, drain, speed,
        count() OVER own AS past,
        count() OVER peers AS robots,
        (avg(gap) OVER own, stddevPop(gap) OVER own) AS gap_own, (avg(gap) OVER peers, stddevPop(gap) OVER peers) AS gap_peers,
        (avg(errors) OVER own, stddevPop(errors) OVER own) AS errors_own, (avg(errors) OVER peers, stddevPop(errors) OVER peers) AS errors_peers,
        (avg(drain) OVER own, stddevPop(drain) OVER own) AS drain_own, (avg(drain) OVER peers, stddevPop(drain) OVER peers) AS drain_peers,
        (avg(speed) OVER own, stddevPop(speed) OVER own) AS speed_own, (avg(speed) OVER peers, stddevPop(speed) OVER peers) AS speed_peers
    FROM
    (
        SELECT
            h.robot_id AS robot_id, h.minute AS hour,
            toFloat64(h.max_gap_seconds) AS gap, toFloat64(h.errors) AS errors,
            if(h.seconds_charging > 0, NULL, toFloat64(h.battery_first - h.battery_last)) AS drain, toFloat64(h.speed_mean) AS speed
        FROM warehouse.telemetry_hour AS h FINAL
        WHERE h.minute >= now('UTC') - INTERVAL 7 DAY
    )
    WINDOW
        own AS (PARTITION BY robot_id ORDER BY hour ROWS BETWEEN 24 PRECEDING AND 1 PRECEDING),
        peers AS (PARTITION BY hour)
)
COMMENT 'Which robot behaves unlike its own past and unlike its peers? Score 0 to 6 a robot and an hour, last 7 days; formula in sql/README.md.';

CREATE OR REPLACE VIEW warehouse.v_task_times{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    robot_id,
    count() AS runs,
    countIf(outcome = 'failed') AS failed,
    avg(task_duration) AS mean_seconds,
    quantileExactInclusive(0.5)(task_duration) AS p50_seconds,
    quantileExactInclusive(0.95)(task_duration) AS p95_seconds
FROM warehouse.v_task_runs
WHERE ended_at >= now64(3, 'UTC') - INTERVAL 1 DAY
GROUP BY robot_id
COMMENT 'How long do tasks take, by robot, over the last 24 hours? Other ranges: v_task_runs.';

CREATE OR REPLACE VIEW warehouse.v_task_times_by_zone{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    t.map_id AS map_id,
    z.zone_id AS zone_id,
    z.name AS zone_name,
    count() AS runs,
    countIf(t.outcome = 'failed') AS failed,
    avg(t.task_duration) AS mean_seconds,
    quantileExactInclusive(0.5)(t.task_duration) AS p50_seconds,
    quantileExactInclusive(0.95)(t.task_duration) AS p95_seconds
FROM (SELECT * FROM warehouse.v_task_runs WHERE ended_at >= now64(3, 'UTC') - INTERVAL 1 DAY AND x IS NOT NULL) AS t
INNER JOIN (SELECT * FROM warehouse.zones FINAL WHERE deleted = 0) AS z ON z.map_id = t.map_id
WHERE pointInPolygon((assumeNotNull(t.x), assumeNotNull(t.y)), z.polygon)
GROUP BY map_id, zone_id, zone_name
COMMENT 'How long do tasks take, by the zone where they end, over the last 24 hours?';

CREATE OR REPLACE VIEW warehouse.v_utilisation{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    h.robot_id AS robot_id,
    h.minute AS hour,
    h.seconds_working AS seconds_working,
    h.seconds_working + h.seconds_idle + h.seconds_charging + h.seconds_blocked + h.seconds_error + h.seconds_manual
        + h.seconds_maintenance + h.seconds_offline + h.seconds_unknown AS seconds_reported,
    100 * seconds_working / nullIf(seconds_reported, 0) AS percent
FROM warehouse.telemetry_hour AS h FINAL
COMMENT 'What part of its reported time did each robot work, by the hour? Over a range: sum(seconds_working) / sum(seconds_reported).';

CREATE OR REPLACE VIEW warehouse.v_reliability{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    h.robot_id AS robot_id,
    sum(h.stops) AS failures,
    sum(h.seconds_working + h.seconds_idle) / 3600 AS operating_hours,
    operating_hours / nullIf(failures, 0) AS mtbf_hours,
    sum(h.seconds_error + h.seconds_blocked + h.seconds_manual) / 60 / nullIf(failures, 0) AS mttr_minutes,
    sum(h.tasks_completed) AS missions,
    missions / nullIf(failures, 0) AS missions_before_intervention
FROM warehouse.telemetry_hour AS h FINAL
WHERE h.minute >= now('UTC') - INTERVAL 30 DAY
GROUP BY h.robot_id
COMMENT 'How long does each robot run between failures (MTBF), how long until it runs again (MTTR), how many missions lie between? Last 30 days; a failure is a change into error, blocked or manual.';

CREATE OR REPLACE VIEW warehouse.v_zone_occupancy{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT map_id, zone_id, zone_name, kind, countIf(inside) AS robots, countIf(inside AND is_stuck) AS stuck
FROM
(
    SELECT
        z.map_id AS map_id, z.zone_id AS zone_id, z.name AS zone_name, z.kind AS kind, f.is_stuck AS is_stuck,
        -- a zone without robots meets one that is not placed; the box spares most pairs the polygon
        f.placed AND f.x BETWEEN z.left AND z.right AND f.y BETWEEN z.bottom AND z.top AND pointInPolygon((f.x, f.y), z.polygon) AS inside
    FROM
    (
        SELECT
            map_id, zone_id, name, kind, polygon,
            arrayMin(polygon.x) AS left, arrayMax(polygon.x) AS right, arrayMin(polygon.y) AS bottom, arrayMax(polygon.y) AS top
        FROM warehouse.zones FINAL
        WHERE deleted = 0
    ) AS z
    LEFT JOIN
    (
        SELECT map_id, placed, assumeNotNull(x) AS x, assumeNotNull(y) AS y, status IN ('blocked', 'error') AS is_stuck
        FROM warehouse.v_fleet_now
        WHERE placed AND status != 'silent'
    ) AS f ON f.map_id = z.map_id
)
GROUP BY map_id, zone_id, zone_name, kind
COMMENT 'How many robots are in each zone right now, and how many of them are stuck?';

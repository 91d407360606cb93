-- What each robot did in each minute and hour, exact under duplicates, late events, replays and both paths at once.
--
-- A materialised view on insert would count duplicates before ReplacingMergeTree removes them. These are refreshable views:
-- they compute whole minutes from events without duplicates and append them, so any retry is harmless.
--
-- What is computed:
--   each minute once when it is over (15 s later, so that the events on their way are in), and the current one at each refresh;
--   the robots' minutes that were touched later (rollup_touched), and nothing else;
--   after an outage of any length, what is left, newest first, as much at each refresh as memory allows (v_roll_ups).
-- The state is in the tables: a refresh that fails or is killed stored all rows of a minute or none, and the next one repeats it.
--
-- Rules, so that a minute depends on no event more than a minute before it:
--   a state holds until the robot's next event, at most 60 s; the rest of the minute is silence;
--   distance is summed between positions of one map that are at most 60 s apart, and belongs to the later one's minute;
--   an event without a state that names a task under way counts as `working`;
--   an event dated more than 60 s after its arrival proves a clock that is ahead (`clock_ahead`): it counts for its own robot, and
--   figures of the whole fleet leave these minutes out, because the robot was not there at that time.

-- All stored events with the columns of rollup_events, for minutes that are no longer in it.
CREATE OR REPLACE VIEW {local}.rollup_stored_events{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    toStartOfMinute(r.ts) AS minute, r.robot_id AS robot_id, r.ts AS ts, r.event_id AS event_id, r.event_type AS event_type,
    r.site_id AS site_id, r.map_id AS map_id, r.x AS x, r.y AS y, r.speed AS speed, r.battery AS battery,
    toLowCardinality(toString(multiIf(r.state IS NOT NULL, r.state, r.task_id IS NOT NULL AND r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED'), 'working', 'unknown'))) AS state,
    toBool(r.ts > r.received_at + INTERVAL 1 MINUTE) AS clock_ahead,
    JSONExtract(r.meta, 'localization_score', 'Nullable(Float32)') AS score,
    JSONExtract(r.meta, 'deviation_range', 'Nullable(Float32)') AS deviation
FROM {local}.telemetry_raw AS r FINAL
COMMENT 'What the roll-ups read of each event.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.rollup_events_mv{on_cluster} TO {local}.rollup_events
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    toStartOfMinute(r.ts) AS minute, r.robot_id AS robot_id, r.ts AS ts, r.event_id AS event_id, r.event_type AS event_type,
    r.site_id AS site_id, r.map_id AS map_id, r.x AS x, r.y AS y, r.speed AS speed, r.battery AS battery,
    toLowCardinality(toString(multiIf(r.state IS NOT NULL, r.state, r.task_id IS NOT NULL AND r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED'), 'working', 'unknown'))) AS state,
    toBool(r.ts > r.received_at + INTERVAL 1 MINUTE) AS clock_ahead,
    (JSONExtract(r.meta, 'Tuple(localization_score Nullable(Float32), deviation_range Nullable(Float32))') AS from_meta).1 AS score,
    from_meta.2 AS deviation
FROM {local}.telemetry_raw AS r
WHERE r.ts >= now64(3, 'UTC') - INTERVAL 3 HOUR;

-- A minute is computed 15 s after its end. An insert that begins in the first 5 s after its end is stored by then.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.rollup_touched_mv{on_cluster} TO {local}.rollup_touched
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    t.key != '' AS is_robot,
    t.minute AS minute,
    t.key AS robot_id,
    count() AS events,
    countIf(NOT t.is_late) AS on_time_events,
    if(is_robot, 1, uniqExactIf(t.robot, t.is_touch)) AS touches,
    if(touches = 0, toDateTime64(0, 3, 'UTC'), now64(3, 'UTC')) AS touched_at
FROM
(
    SELECT
        toStartOfMinute(r.ts) AS minute,
        r.robot_id AS robot,
        minute < toStartOfMinute(now('UTC') - INTERVAL 5 SECOND) AS is_late,
        is_late OR r.ts > now64(3, 'UTC') + INTERVAL 1 MINUTE AS is_touch,
        arrayJoin(if(is_touch, ['', toString(r.robot_id)], [''])) AS key
    FROM {local}.telemetry_raw AS r
) AS t
GROUP BY t.minute, t.key;

-- What telemetry_minute_mv has to do: the current minute and the one before it, and of what is left the newest first, as much as fits in
-- memory: 400,000 events, or one minute. In a minute that has other events too, a touched robot may have 60. The oldest touched minute
-- is always done, so that none waits forever.
-- A view of its own, because ClickHouse would analyse it again at each place where its result is used.
CREATE OR REPLACE VIEW {local}.telemetry_minute_due{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    toStartOfMinute(toDateTime(started_at, 'UTC')) AS this_minute,
    this_minute - INTERVAL 2 HOUR AS recent_from,
    -- of all replicas of a shard, the active one with the first name computes; if two do, both compute the same
    (
        SELECT ifNull(minOrNull(s.replica_name = arrayMin(mapKeys(mapFilter((name, is_active) -> is_active = 1, s.replica_is_active)))), 1)
        FROM system.replicas AS s
        WHERE s.database = '{local}' AND s.table = 'telemetry_minute'
    ) AND
    (
        -- one that lags would close a minute without events that the others have
        SELECT count() = 0 FROM system.replicas AS d
        WHERE d.database = '{local}' AND d.table IN ('rollup_events', 'telemetry_raw', 'rollup_touched') AND (d.is_readonly OR d.absolute_delay > 10)
    ) AS is_elected
SELECT
    arrayFilter((m, events) -> events <= 400000 OR events = m.events, all_open,
        arrayCumSum(m -> if(m.minute >= this_minute - INTERVAL 1 MINUTE, 0, m.events), all_open)) AS whole,
    arrayFilter((m, events) -> events <= 400000 OR events = m.cost OR m.minute = all_touched[-1].minute, all_touched, arrayCumSum(m -> m.cost, all_touched)) AS touched,
    arrayMap(m -> m.minute, whole) AS whole_minutes,
    arrayMap(m -> m.minute, touched) AS touched_minutes,
    -- a minute depends on the one before it, and rollup_events has three hours
    arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - INTERVAL 1 MINUTE], arrayFilter(m -> m >= recent_from, whole_minutes)))) AS recent,
    arrayFilter(m -> NOT has(recent, m),
        arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - INTERVAL 1 MINUTE], arrayFilter(m -> m < recent_from, whole_minutes))))) AS older
FROM
(
    SELECT
        arrayReverseSort(m -> m.minute, groupArray(CAST((minute, events, cost, sees_events, sees_touches, was_closed, is_open, is_touched),
            'Tuple(minute DateTime(\'UTC\'), events UInt64, cost UInt64, sees_events UInt64, sees_touches UInt64, was_closed Bool, is_open Bool, is_touched Bool)'))) AS todo,
        arrayFilter(m -> m.is_open, todo) AS all_open,
        arrayFilter(m -> m.is_touched, todo) AS all_touched
    FROM
    (
        SELECT
            m.at AS minute, m.events AS events, m.touches AS touches, p.was_closed AS was_closed,
            if(m.on_time_events = 0, m.events, least(60 * m.touches, m.events)) AS cost,
            m.on_time AND minute <= this_minute AND (NOT was_closed OR m.on_time_events > p.seen_events) AS is_open,
            -- an insert stores an event and its touch one after the other: a touch counts as seen only when it is older than an insert takes
            m.touched_at <= started_at - INTERVAL 30 SECOND AS is_settled,
            touches > p.seen_touches AND NOT is_open AND (is_settled OR m.touched_at > p.computed_at) AS is_touched,
            if(is_open, greatest(m.on_time_events, p.seen_events), p.seen_events) AS sees_events,
            -- a minute that is computed as a whole does not compute what its touched robots do in the next one
            if(is_settled AND NOT is_open, greatest(touches, p.seen_touches), p.seen_touches) AS sees_touches
        FROM
        (
            -- a state reaches into the next minute, also where no robot reports
            SELECT
                r.minute + toIntervalMinute(arrayJoin([0, 1]) AS later) AS at, sumIf(r.events, later = 0) AS events, sumIf(r.on_time_events, later = 0) AS on_time_events,
                max(r.on_time_events) > 0 AS on_time, sumIf(r.touches, later = 0) AS touches, maxIf(r.touched_at, later = 0) AS touched_at
            FROM {local}.rollup_touched AS r
            WHERE r.is_robot = 0
            GROUP BY at
        ) AS m
        LEFT JOIN
        (
            SELECT t.minute AS minute, max(t.is_closed) AS was_closed, max(t.events) AS seen_events, max(t.seen_touches) AS seen_touches, max(t.computed_at) AS computed_at
            FROM {local}.telemetry_minute AS t
            WHERE t.is_progress = 1
            GROUP BY t.minute
        ) AS p ON p.minute = m.at
        WHERE is_elected AND (is_open OR is_touched)
    )
)
COMMENT 'Which minutes does the next refresh of telemetry_minute compute: for all robots (`whole`), and for robots of rollup_touched (`touched`)?';

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_minute_mv{on_cluster}
REFRESH EVERY 1 MINUTE OFFSET 20 SECOND APPEND TO {local}.telemetry_minute
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    (SELECT (whole, touched, whole_minutes, touched_minutes, recent, older) FROM {local}.telemetry_minute_due) AS due,
    touched_robots AS
    (
        SELECT t.robot_id AS robot_id, t.minute + toIntervalMinute(arrayJoin([-1, 0, 1]) AS shift) AS minute, shift >= 0 AS is_due
        FROM (SELECT DISTINCT robot_id, minute FROM {local}.rollup_touched WHERE is_robot = 1 AND minute IN (SELECT arrayJoin(due.4))) AS t
    ),
    events AS
    (
        SELECT r.* FROM {local}.rollup_events AS r FINAL WHERE r.minute IN (SELECT arrayJoin(due.5))
        UNION ALL
        SELECT o.* FROM {local}.rollup_stored_events AS o
        WHERE NOT has(due.5, o.minute)
          AND ((o.robot_id, o.minute) IN (SELECT robot_id, minute FROM touched_robots) OR o.minute IN (SELECT arrayJoin(due.6)))
    ),
    steps AS
    (
        SELECT
            *,
            lagInFrame(ts, 1, toDateTime64(0, 3, 'UTC')) OVER neighbours AS previous_ts,
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            lagInFrame(state, 1, '') OVER neighbours AS previous_state,
            -- previous position: an event without one can be between two events with one
            maxIf(ts, x IS NOT NULL) OVER earlier AS previous_position_ts,
            anyLast(x) OVER earlier AS previous_x,
            anyLast(y) OVER earlier AS previous_y,
            anyLastIf(toString(ifNull(map_id, '')), x IS NOT NULL) OVER earlier AS previous_map,
            least(60, dateDiff('millisecond', ts, next_ts) / 1000) AS held_seconds,
            dateDiff('millisecond', ts, minute + INTERVAL 1 MINUTE) / 1000 AS left_seconds,
            greatest(0, held_seconds - left_seconds) AS spilt_seconds
        FROM events
        WINDOW
            neighbours AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING),
            earlier AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ),
    -- one row per event, and one more for the seconds that its state lasts in the next minute
    slots AS
    (
        SELECT
            *,
            arrayJoin(if(spilt_seconds > 0, [0, 1], [0])) AS spilt,
            minute + toIntervalMinute(spilt) AS slot,
            if(spilt = 1, spilt_seconds, least(held_seconds, left_seconds)) AS seconds,
            if(x IS NOT NULL AND previous_x IS NOT NULL AND previous_map = ifNull(map_id, '') AND ts <= previous_position_ts + INTERVAL 1 MINUTE,
                sqrt(pow(toFloat64(x) - previous_x, 2) + pow(toFloat64(y) - previous_y, 2)), 0) AS moved_metres
        FROM steps
    ),
    computed AS
    (
        SELECT
            e.robot_id AS robot_id,
            e.slot AS minute,
            -- also for a minute that has only the rest of a state: it is at the site of the event before
            argMax(e.site_id, e.ts) AS site_id,
            argMaxIf(e.map_id, e.ts, e.spilt = 0) AS map_id,
            countIf(e.spilt = 0) AS events,
            sumIf(e.moved_metres, e.spilt = 0) AS distance_metres,
            avgIf(e.speed, e.spilt = 0) AS speed_mean,
            countIf(e.speed IS NOT NULL AND e.spilt = 0) AS speed_reports,
            avgIf(e.battery, e.spilt = 0) AS battery_mean,
            countIf(e.battery IS NOT NULL AND e.spilt = 0) AS battery_reports,
            minIf(e.battery, e.spilt = 0) AS battery_min,
            argMinIf(e.battery, e.ts, e.spilt = 0) AS battery_first,
            argMaxIf(e.battery, e.ts, e.spilt = 0) AS battery_last,
            countIf(e.event_type = 'ERROR' AND e.spilt = 0) AS errors,
            countIf(e.state IN ('error', 'blocked', 'manual') AND e.previous_state NOT IN ('error', 'blocked', 'manual')
                AND e.previous_ts >= e.minute - INTERVAL 1 MINUTE AND e.spilt = 0) AS stops,
            countIf(e.event_type = 'TASK_STARTED' AND e.spilt = 0) AS tasks_started,
            countIf(e.event_type = 'TASK_COMPLETED' AND e.spilt = 0) AS tasks_completed,
            countIf(e.event_type = 'TASK_FAILED' AND e.spilt = 0) AS tasks_failed,
            sumIf(e.seconds, e.state = 'working') AS seconds_working,
            sumIf(e.seconds, e.state = 'idle') AS seconds_idle,
            sumIf(e.seconds, e.state = 'charging') AS seconds_charging,
            sumIf(e.seconds, e.state = 'blocked') AS seconds_blocked,
            sumIf(e.seconds, e.state = 'error') AS seconds_error,
            sumIf(e.seconds, e.state = 'manual') AS seconds_manual,
            sumIf(e.seconds, e.state = 'maintenance') AS seconds_maintenance,
            sumIf(e.seconds, e.state = 'offline') AS seconds_offline,
            sumIf(e.seconds, e.state = 'unknown') AS seconds_unknown,
            maxIf(dateDiff('millisecond', greatest(e.previous_ts, toDateTime64(e.minute - INTERVAL 1 MINUTE, 3, 'UTC')), e.ts) / 1000, e.spilt = 0) AS max_gap_seconds,
            countIf(e.clock_ahead) AS clock_ahead_events,
            false AS is_closed,
            toUInt64(0) AS seen_touches,
            count() AS events_read,
            started_at AS computed_at
        FROM slots AS e
        WHERE has(due.3, e.slot) OR (e.robot_id, e.slot) IN (SELECT robot_id, minute FROM touched_robots WHERE is_due)
        GROUP BY e.robot_id, e.slot
        UNION ALL
        -- the progress of each minute; columns without a value here have their defaults
        SELECT
            '' AS robot_id, p.minute AS minute, NULL, NULL, p.sees_events AS events, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            p.was_closed OR (p.is_open AND p.minute + INTERVAL 75 SECOND <= started_at) AS is_closed, p.sees_touches AS seen_touches,
            2 * (p.sees_events + p.sees_touches) + is_closed AS events_read,
            started_at AS computed_at
        FROM (SELECT arrayJoin(arrayConcat(due.1, due.2)) AS p)
    )
SELECT * FROM computed;

-- Sums of minutes: of the hours with a minute that was computed after them, the ten newest and the four oldest, and in these hours of
-- the robots that it concerns. A mean is weighted by the number of reports behind it.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_hour_mv{on_cluster}
REFRESH EVERY 5 MINUTE APPEND TO {local}.telemetry_hour
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    changed AS
    (
        SELECT
            p.hour AS hour, p.last_at AS last_at, h.known_at AS known_at,
            row_number() OVER (ORDER BY p.hour > now('UTC'), p.hour DESC) AS newest, row_number() OVER (ORDER BY p.hour) AS oldest
        FROM
        (
            -- a state of the minute before an hour reaches into it
            SELECT toStartOfHour(minute + toIntervalMinute(arrayJoin([0, 1]))) AS hour, max(computed_at) AS last_at
            FROM {local}.telemetry_minute
            WHERE is_progress = 1
            GROUP BY hour
        ) AS p
        LEFT JOIN (SELECT minute, max(computed_at) AS known_at FROM {local}.telemetry_hour WHERE is_progress = 1 GROUP BY minute) AS h ON h.minute = p.hour
        WHERE p.last_at > h.known_at
        QUALIFY newest <= 10 OR oldest <= 4
    ),
    robots AS
    (
        SELECT DISTINCT c.robot_id AS robot_id, toStartOfHour(c.minute) AS hour
        FROM {local}.telemetry_minute AS c
        INNER JOIN changed AS d ON d.hour = toStartOfHour(c.minute)
        WHERE c.is_progress = 0 AND c.computed_at > d.known_at
          AND toStartOfHour(c.minute) IN (SELECT hour FROM changed)
    )
SELECT
    m.robot_id AS robot_id,
    toStartOfHour(m.minute) AS minute,
    argMax(m.site_id, m.minute) AS site_id,
    argMax(m.map_id, m.minute) AS map_id,
    sum(m.events) AS events,
    sum(m.distance_metres) AS distance_metres,
    sum(m.speed_mean * m.speed_reports) / nullIf(sum(m.speed_reports) AS all_speeds, 0) AS speed_mean,
    all_speeds AS speed_reports,
    sum(m.battery_mean * m.battery_reports) / nullIf(sum(m.battery_reports) AS all_batteries, 0) AS battery_mean,
    all_batteries AS battery_reports,
    min(m.battery_min) AS battery_min,
    argMin(m.battery_first, m.minute) AS battery_first,
    argMax(m.battery_last, m.minute) AS battery_last,
    sum(m.errors) AS errors,
    sum(m.stops) AS stops,
    sum(m.tasks_started) AS tasks_started,
    sum(m.tasks_completed) AS tasks_completed,
    sum(m.tasks_failed) AS tasks_failed,
    sum(m.seconds_working) AS seconds_working,
    sum(m.seconds_idle) AS seconds_idle,
    sum(m.seconds_charging) AS seconds_charging,
    sum(m.seconds_blocked) AS seconds_blocked,
    sum(m.seconds_error) AS seconds_error,
    sum(m.seconds_manual) AS seconds_manual,
    sum(m.seconds_maintenance) AS seconds_maintenance,
    sum(m.seconds_offline) AS seconds_offline,
    sum(m.seconds_unknown) AS seconds_unknown,
    max(m.max_gap_seconds) AS max_gap_seconds,
    sum(m.clock_ahead_events) AS clock_ahead_events,
    sum(m.events_read) AS events_read,
    max(m.computed_at) AS computed_at
FROM {local}.telemetry_minute AS m FINAL
WHERE (m.robot_id, toStartOfHour(m.minute)) IN (SELECT robot_id, hour FROM robots)
GROUP BY m.robot_id, toStartOfHour(m.minute)
UNION ALL
-- the progress of each hour; the order of the columns is that above
SELECT
    '' AS robot_id, d.hour AS minute, NULL, NULL, 0, 0, NULL, 0, NULL, 0, NULL, NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    toUnixTimestamp64Milli(d.last_at) AS events_read, d.last_at AS computed_at
FROM changed AS d;

-- The views below answer questions about a time range. They read the roll-ups, so their cost follows robots x minutes (or
-- hours) of the range, not events.
CREATE OR REPLACE VIEW warehouse.v_robot_minutes{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    * EXCEPT (is_closed, seen_touches, events_read),
    greatest(0, 60 - seconds_working - seconds_idle - seconds_charging - seconds_blocked - seconds_error - seconds_manual
        - seconds_maintenance - seconds_offline - seconds_unknown) AS seconds_silent,
    battery_last - battery_first AS battery_change
FROM warehouse.telemetry_minute FINAL
WHERE is_progress = 0
COMMENT 'What did each robot do in each minute? Filter by `minute` (and `robot_id`).';

CREATE OR REPLACE VIEW warehouse.v_robot_hours{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    h.minute AS hour,
    * EXCEPT (minute, is_closed, seen_touches, events_read, computed_at),
    greatest(0, 3600 - seconds_working - seconds_idle - seconds_charging - seconds_blocked - seconds_error - seconds_manual
        - seconds_maintenance - seconds_offline - seconds_unknown) AS seconds_silent
FROM warehouse.telemetry_hour AS h FINAL
WHERE h.is_progress = 0
COMMENT 'What did each robot do in each hour? Filter by `hour`; for ranges of days and more.';

CREATE OR REPLACE VIEW warehouse.v_state_shares{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
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
    WHERE m.is_progress = 0 AND m.minute < toStartOfMinute(now('UTC')) AND m.clock_ahead_events = 0
    GROUP BY m.minute
)
ARRAY JOIN shares AS share
COMMENT 'In which states did robots spend each minute, of those that reported in it or shortly before? Percents of a minute sum to 100. Over a range: sum(seconds) of a state / sum(seconds) of all.';

CREATE OR REPLACE VIEW warehouse.v_throughput{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    m.minute AS minute,
    sum(m.events) AS events,
    countIf(m.events > 0) AS robots,
    sum(m.tasks_started) AS tasks_started,
    sum(m.tasks_completed) AS tasks_completed,
    sum(m.tasks_failed) AS tasks_failed,
    sum(m.distance_metres) AS distance_metres,
    sum(m.errors) AS errors,
    min(m.computed_at) AS computed_at
FROM warehouse.telemetry_minute AS m FINAL
WHERE m.is_progress = 0 AND m.clock_ahead_events = 0
GROUP BY m.minute
COMMENT 'How much did the fleet do in each minute: events, tasks, metres, errors? A minute that is not over is there with a part of its events: computed_at is then before its end.';

CREATE OR REPLACE VIEW warehouse.v_utilisation{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    h.robot_id AS robot_id,
    h.minute AS hour,
    h.seconds_working AS seconds_working,
    h.seconds_working + h.seconds_idle + h.seconds_charging + h.seconds_blocked + h.seconds_error + h.seconds_manual
        + h.seconds_maintenance + h.seconds_offline + h.seconds_unknown AS seconds_reported,
    100 * seconds_working / nullIf(seconds_reported, 0) AS percent
FROM warehouse.telemetry_hour AS h FINAL
WHERE h.is_progress = 0
COMMENT 'What part of its reported time did each robot work, by the hour? Over a range: sum(seconds_working) / sum(seconds_reported).';

CREATE OR REPLACE VIEW warehouse.v_reliability{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
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
WHERE h.is_progress = 0 AND h.minute >= now('UTC') - INTERVAL 30 DAY
GROUP BY h.robot_id
COMMENT 'How long does each robot run between failures (MTBF), how long until it runs again (MTTR), how many missions lie between? Last 30 days; a failure is a change into error, blocked or manual.';

CREATE OR REPLACE VIEW warehouse.v_battery_health{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    h.robot_id AS robot_id,
    countIf(h.battery_first IS NOT NULL) AS hours,
    -- an hour without charging, scaled to a full hour of work
    avgIf(drain, h.minute >= now('UTC') - INTERVAL 7 DAY) AS drain_percent_per_hour_7d,
    avgIf(drain, h.minute < now('UTC') - INTERVAL 7 DAY) AS drain_percent_per_hour_before,
    drain_percent_per_hour_7d - drain_percent_per_hour_before AS drain_change,
    -- no regression line with a single hour: NULL, not NaN
    if(isFinite(simpleLinearRegressionIf(toUnixTimestamp(h.minute) / 86400, drain, drain IS NOT NULL).1 AS slope), slope, NULL) AS drain_trend_per_day,
    min(h.battery_min) AS lowest_percent
FROM (
    SELECT
        robot_id, minute, battery_first, battery_min,
        if(seconds_charging = 0 AND seconds_working >= 600, (battery_first - battery_last) * 3600 / seconds_working, NULL) AS drain
    FROM warehouse.telemetry_hour FINAL
    WHERE is_progress = 0 AND minute >= now('UTC') - INTERVAL 30 DAY
) AS h
GROUP BY h.robot_id
COMMENT 'Which batteries are wearing out? Percent of charge that an hour of work costs, the last 7 days against the 23 before.';

-- For a robot r and an hour h, over the features f: longest gap, errors, drain of charge, mean speed:
--   own(f)   = |v - mean of r's 24 hours before h| / max(their standard deviation, floor of f)
--   peers(f) = |v - mean of all robots in h|       / max(their standard deviation, floor of f)
--   score    = max over f of (min(own, 6) + min(peers, 6)) / 2            0 normal, 6 maximum
-- With less than 3 hours of past (or fewer than 3 peers), the term is 0. Floors: 5 s, 1 error, 2 percent, 0.1 m/s.
CREATE OR REPLACE VIEW warehouse.v_robot_anomaly{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    (deviation, spread, floor, n) -> if(n < 3 OR isNull(deviation), 0, least(6, abs(deviation) / greatest(spread, floor))) AS strangeness,
    -- per element, the sum of the up to 24 elements before it: a window of 24 rows would add each value up 24 times
    numbers -> arrayPopBack(arrayPushFront(arrayCumSum(numbers), 0.)) AS sum_before,
    numbers -> arrayMap((sum, older) -> sum - older, sum_before(numbers), arraySlice(arrayConcat(arrayWithConstant(24, 0.), sum_before(numbers)), 1, length(numbers))) AS sum_of_24,
    -- mean and standard deviation of the reported ones of them; NULL without a report
    (sum, squares, reports) -> (sum / nullIf(reports, 0), sqrt(greatest(0, squares / nullIf(reports, 0) - pow(sum / nullIf(reports, 0), 2)))) AS mean_and_spread,
    hours AS
    (
        SELECT
            h.robot_id AS robot_id, h.minute AS hour,
            toFloat64(h.max_gap_seconds) AS gap, toFloat64(h.errors) AS errors,
            if(h.seconds_charging > 0, NULL, toFloat64(h.battery_first - h.battery_last)) AS drain, toFloat64(h.speed_mean) AS speed
        FROM warehouse.telemetry_hour AS h FINAL
        WHERE h.is_progress = 0 AND h.minute >= now('UTC') - INTERVAL 7 DAY AND h.clock_ahead_events = 0
    )
SELECT
    r.robot_id AS robot_id,
    r.hour AS hour,
    (strangeness(gap - r.gap_own.1, r.gap_own.2, 5, r.past) + strangeness(gap - p.gap_peers.1, p.gap_peers.2, 5, p.robots)) / 2 AS gap_score,
    (strangeness(errors - r.errors_own.1, r.errors_own.2, 1, r.past) + strangeness(errors - p.errors_peers.1, p.errors_peers.2, 1, p.robots)) / 2 AS errors_score,
    (strangeness(drain - r.drain_own.1, r.drain_own.2, 2, r.past) + strangeness(drain - p.drain_peers.1, p.drain_peers.2, 2, p.robots)) / 2 AS drain_score,
    (strangeness(speed - r.speed_own.1, r.speed_own.2, 0.1, r.past) + strangeness(speed - p.speed_peers.1, p.speed_peers.2, 0.1, p.robots)) / 2 AS speed_score,
    greatest(gap_score, errors_score, drain_score, speed_score) AS score,
    multiIf(score < 1, '', score = gap_score, 'gap', score = errors_score, 'errors', score = drain_score, 'battery drain', 'speed') AS strangest,
    r.gap AS gap_seconds, r.errors AS errors, r.drain AS drain_percent, r.speed AS speed_mean
FROM
(
    SELECT robot_id, hour, gap, errors, drain, speed, past, gap_own, errors_own, drain_own, speed_own
    FROM
    (
        SELECT
            robot_id,
            arraySort(groupArray((hour, gap, errors, drain, speed))) AS of_robot,
            of_robot.1 AS all_hours, of_robot.2 AS gaps, of_robot.3 AS all_errors, of_robot.4 AS drains, of_robot.5 AS speeds,
            arrayMap(i -> least(24, i - 1), arrayEnumerate(all_hours)) AS pasts,
            arrayMap(mean_and_spread, sum_of_24(gaps), sum_of_24(arrayMap(v -> v * v, gaps)), pasts) AS gaps_own,
            arrayMap(mean_and_spread, sum_of_24(all_errors), sum_of_24(arrayMap(v -> v * v, all_errors)), pasts) AS all_errors_own,
            arrayMap(mean_and_spread, sum_of_24(arrayMap(v -> ifNull(v, 0), drains)), sum_of_24(arrayMap(v -> ifNull(v * v, 0), drains)), sum_of_24(arrayMap(v -> toFloat64(v IS NOT NULL), drains))) AS drains_own,
            arrayMap(mean_and_spread, sum_of_24(arrayMap(v -> ifNull(v, 0), speeds)), sum_of_24(arrayMap(v -> ifNull(v * v, 0), speeds)), sum_of_24(arrayMap(v -> toFloat64(v IS NOT NULL), speeds))) AS speeds_own
        FROM hours
        GROUP BY robot_id
    )
    ARRAY JOIN
        all_hours AS hour, gaps AS gap, all_errors AS errors, drains AS drain, speeds AS speed, pasts AS past,
        gaps_own AS gap_own, all_errors_own AS errors_own, drains_own AS drain_own, speeds_own AS speed_own
) AS r
INNER JOIN
(
    SELECT
        hour, count() AS robots,
        (avg(gap), stddevPop(gap)) AS gap_peers, (avg(errors), stddevPop(errors)) AS errors_peers,
        (avg(drain), stddevPop(drain)) AS drain_peers, (avg(speed), stddevPop(speed)) AS speed_peers
    FROM hours
    GROUP BY hour
) AS p ON p.hour = r.hour
COMMENT 'Which robot behaves unlike its own past and unlike its peers? Score 0 to 6 a robot and an hour, last 7 days; formula in sql/README.md.';

-- On a cluster, a minute waits while it does in one of the shards.
CREATE OR REPLACE VIEW warehouse.v_roll_ups{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    w.roll_up AS roll_up,
    maxOrNullIf(w.minute, w.is_computed) AS newest_minute,
    countIf(w.is_left) AS left_minutes,
    countIf(w.is_left AND w.is_late) AS late_minutes,
    minOrNullIf(w.minute, w.is_left AND w.is_late) AS oldest_late
FROM
(
    SELECT
        'telemetry_minute' AS roll_up, m.minute AS minute, p.is_closed AS is_computed,
        minute < now('UTC') - INTERVAL 4 MINUTE AND m.touched_at < now64(3, 'UTC') - INTERVAL 4 MINUTE AS is_late,
        (m.on_time_events > 0 AND NOT p.is_closed) OR m.on_time_events > p.seen_events OR m.touches > p.seen_touches AS is_left
    FROM
    (
        SELECT r.minute AS minute, sum(r.on_time_events) AS on_time_events, sum(r.touches) AS touches, max(r.touched_at) AS touched_at
        FROM warehouse.rollup_touched AS r
        WHERE r.is_robot = 0
        GROUP BY r.minute
    ) AS m
    LEFT JOIN
    (
        SELECT t.minute AS minute, min(t.is_closed) AS is_closed, sum(t.events) AS seen_events, sum(t.seen_touches) AS seen_touches
        FROM warehouse.telemetry_minute AS t FINAL
        WHERE t.is_progress = 1
        GROUP BY t.minute
    ) AS p ON p.minute = m.minute
    UNION ALL
    SELECT
        'floor_cells' AS roll_up, m.at AS minute, c.events_read > 0 AS is_computed,
        minute < now('UTC') - INTERVAL 4 MINUTE AND m.touched_at < now64(3, 'UTC') - INTERVAL 4 MINUTE AS is_late,
        -- computed every two minutes, 20 s after the end of the second
        minute < now('UTC') - INTERVAL 150 SECOND AND m.inserts > c.seen AS is_left
    FROM
    (
        SELECT
            r.minute + toIntervalMinute(arrayJoin([0, 1, 2]) AS later) AS at, sumIf(r.events, later = 0) AS events,
            sum(r.on_time_events) + sum(r.touches) AS inserts, max(r.touched_at) AS touched_at
        FROM warehouse.rollup_touched AS r
        WHERE r.is_robot = 0 AND r.minute > now('UTC') - INTERVAL 90 DAY + INTERVAL 5 MINUTE
        GROUP BY at
        HAVING events > 0
    ) AS m
    LEFT JOIN
    (
        SELECT f.bucket AS bucket, min(f.seen) AS seen, max(f.events_read) AS events_read
        FROM warehouse.floor_cells AS f FINAL
        GROUP BY f.bucket
    ) AS c ON c.bucket = m.at
) AS w
WHERE w.minute < now('UTC') - INTERVAL 75 SECOND
GROUP BY w.roll_up
COMMENT 'How far are the roll-ups? newest_minute: computed for all robots; left_minutes: with events that are not in the roll-up yet; late_minutes: those that should be in it, because they and their last event are older than 4 minutes.';

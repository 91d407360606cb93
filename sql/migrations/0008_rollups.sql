-- What each robot did in each minute and hour, exact under duplicates, late events, replays and both paths at once.
--
-- A materialised view would count duplicates before Replacing removes them. These are refreshable views instead: they
-- compute whole minutes again from telemetry_raw FINAL and append them with a newer version, so any retry is harmless.
--
-- Rules, so that a minute depends on no event more than a minute before it:
--   a state holds until the robot's next event, at most 60 s; the rest of the minute is silence;
--   distance is summed between positions of one map that lie at most 60 s apart, and belongs to the later one's minute;
--   an event without a state that names a task under way counts as `working`.

-- Minutes that changed although they are not of the last moments: late events, replays, clocks that run ahead.
-- Stamped by the server when the row is inserted: `received_at` can be much older after an outage.
CREATE TABLE IF NOT EXISTS {local}.rollup_touched{on_cluster}
(
    touched_at DateTime64(3, 'UTC') CODEC(DoubleDelta, ZSTD(1)),
    robot_id   LowCardinality(String),
    minute     DateTime('UTC') CODEC(Delta, ZSTD(1))
)
ENGINE = {replicated}MergeTree
ORDER BY touched_at
TTL toDateTime(touched_at) + INTERVAL 2 DAY
SETTINGS non_replicated_deduplication_window = 10000;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.rollup_touched_mv{on_cluster} TO {local}.rollup_touched
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT DISTINCT now64(3, 'UTC') AS touched_at, r.robot_id AS robot_id, toStartOfMinute(r.ts) AS minute
FROM {local}.telemetry_raw AS r
WHERE r.ts < now64(3, 'UTC') - INTERVAL 2 MINUTE OR r.ts > now64(3, 'UTC') + INTERVAL 1 MINUTE;

CREATE TABLE IF NOT EXISTS {local}.telemetry_minute{on_cluster}
(
    robot_id            LowCardinality(String),
    minute              DateTime('UTC') CODEC(Delta, ZSTD(1)),
    site_id             LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    map_id              LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    events              UInt32 CODEC(T64, ZSTD(1)),
    distance_metres     Float32 CODEC(ZSTD(1)),
    speed_mean          Nullable(Float32) COMMENT 'm/s, of the reported speeds' CODEC(ZSTD(1)),
    speed_reports       UInt32 COMMENT 'weight of speed_mean' CODEC(T64, ZSTD(1)),
    battery_mean        Nullable(Float32) COMMENT 'percent' CODEC(ZSTD(1)),
    battery_reports     UInt32 COMMENT 'weight of battery_mean' CODEC(T64, ZSTD(1)),
    battery_min         Nullable(Float32) CODEC(ZSTD(1)),
    battery_first       Nullable(Float32) CODEC(ZSTD(1)),
    battery_last        Nullable(Float32) CODEC(ZSTD(1)),
    errors              UInt32 COMMENT 'ERROR events' CODEC(T64, ZSTD(1)),
    stops               UInt32 COMMENT 'changes into error, blocked or manual: what ends a mission without help' CODEC(T64, ZSTD(1)),
    tasks_started       UInt32 CODEC(T64, ZSTD(1)),
    tasks_completed     UInt32 CODEC(T64, ZSTD(1)),
    tasks_failed        UInt32 CODEC(T64, ZSTD(1)),
    seconds_working     Float32 CODEC(ZSTD(1)),
    seconds_idle        Float32 CODEC(ZSTD(1)),
    seconds_charging    Float32 CODEC(ZSTD(1)),
    seconds_blocked     Float32 CODEC(ZSTD(1)),
    seconds_error       Float32 CODEC(ZSTD(1)),
    seconds_manual      Float32 CODEC(ZSTD(1)),
    seconds_maintenance Float32 CODEC(ZSTD(1)),
    seconds_offline     Float32 CODEC(ZSTD(1)),
    seconds_unknown     Float32 COMMENT 'it reported, but no state' CODEC(ZSTD(1)),
    max_gap_seconds     Float32 COMMENT 'longest wait for an event that ended in this minute, at most the minute before it' CODEC(ZSTD(1)),
    computed_at         DateTime64(3, 'UTC') COMMENT 'version: when the computation began' CODEC(Delta, ZSTD(1)),
    INDEX computed_range computed_at TYPE minmax GRANULARITY 4
)
ENGINE = {replicated}ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (robot_id, minute)
TTL minute + INTERVAL 13 MONTH
SETTINGS non_replicated_deduplication_window = 100;

-- Every 30 s: the minutes since the last computation, and those that were touched since.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_minute_mv{on_cluster}
REFRESH EVERY 30 SECOND APPEND TO {local}.telemetry_minute
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    (
        SELECT greatest(max(m.computed_at), now64(3, 'UTC') - INTERVAL 1 DAY)
        FROM {local}.telemetry_minute AS m
        WHERE m.minute > now('UTC') - INTERVAL 2 DAY
    ) AS last_run,
    toStartOfMinute(last_run - INTERVAL 3 MINUTE) AS recent_from,
    touched AS
    (
        -- the state and the distance of a minute reach into the next one
        SELECT DISTINCT t.robot_id AS robot_id, arrayJoin([t.minute, t.minute + INTERVAL 1 MINUTE]) AS minute
        FROM {local}.rollup_touched AS t
        WHERE t.touched_at > last_run - INTERVAL 5 MINUTE
    ),
    (SELECT least(min(t.minute), recent_from) FROM touched AS t) AS earliest,
    events AS
    (
        SELECT
            r.robot_id AS robot_id, r.ts AS ts, r.event_type AS event_type, r.event_id AS event_id, r.site_id AS site_id, r.map_id AS map_id,
            r.x AS x, r.y AS y, r.speed AS speed, r.battery AS battery,
            toStartOfMinute(r.ts) AS minute,
            toString(multiIf(r.state IS NOT NULL, r.state, r.task_id IS NOT NULL AND r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED'), 'working', 'unknown')) AS state
        FROM {local}.telemetry_raw AS r FINAL
        WHERE r.ts >= earliest - INTERVAL 1 MINUTE
          AND
          (
              (r.ts >= recent_from - INTERVAL 1 MINUTE AND r.ts < started_at + INTERVAL 3 MINUTE)
              OR (r.robot_id, toStartOfMinute(r.ts)) IN (SELECT robot_id, minute FROM touched)
              OR (r.robot_id, toStartOfMinute(r.ts)) IN (SELECT robot_id, minute - INTERVAL 1 MINUTE FROM touched)
          )
    ),
    steps AS
    (
        SELECT
            *,
            lagInFrame(ts, 1, toDateTime64(0, 3, 'UTC')) OVER neighbours AS previous_ts,
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            lagInFrame(state, 1, '') OVER neighbours AS previous_state,
            -- of positions: an event without one may lie between two that have
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
    -- one row an event, and one more for the seconds that its state holds in the next minute
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
    )
SELECT
    e.robot_id AS robot_id,
    e.slot AS minute,
    argMaxIf(e.site_id, e.ts, e.spilt = 0) AS site_id,
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
    any(started_at) AS computed_at
FROM slots AS e
WHERE e.slot >= recent_from OR (e.robot_id, e.slot) IN (SELECT robot_id, minute FROM touched)
GROUP BY e.robot_id, e.slot;

-- The same by the hour, for questions over weeks. Sums of minutes; a mean is weighted by what it is the mean of.
CREATE TABLE IF NOT EXISTS {local}.telemetry_hour{on_cluster} AS {local}.telemetry_minute
ENGINE = {replicated}ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(minute)
ORDER BY (robot_id, minute)
TTL minute + INTERVAL 5 YEAR
SETTINGS non_replicated_deduplication_window = 100;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.telemetry_hour_mv{on_cluster}
REFRESH EVERY 5 MINUTE APPEND TO {local}.telemetry_hour
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    (
        SELECT max(h.computed_at) FROM {local}.telemetry_hour AS h
    ) AS last_run,
    changed AS
    (
        SELECT DISTINCT c.robot_id AS robot_id, toStartOfHour(c.minute) AS hour
        FROM {local}.telemetry_minute AS c
        WHERE c.computed_at > last_run - INTERVAL 10 MINUTE
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
    any(started_at) AS computed_at
FROM {local}.telemetry_minute AS m FINAL
WHERE (m.robot_id, toStartOfHour(m.minute)) IN (SELECT robot_id, hour FROM changed)
GROUP BY m.robot_id, toStartOfHour(m.minute);

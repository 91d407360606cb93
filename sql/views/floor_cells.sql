-- What happened where on the floor. As in roll_ups.sql, refreshable views compute five minutes as a whole from
-- telemetry_raw FINAL and replace what was known of them.
--
-- Rules, so that five minutes depend on no event more than two minutes before them:
--   a cell (x, y) covers x to x + 1 and y to y + 1 metres of the map frame, also where they are negative;
--   an event counts where the robot last reported a position, at most 60 s before;
--   the robot stays there until its next event, at most 60 s;
--   it waits while it is `blocked`, or `working` at less than 0.1 m/s;
--   waiting is congestion if another robot reported from the cell or one of its 8 neighbours in the same minute.

-- Every minute: the current five minutes, and at most two hours of five minutes that were touched since they were computed, or
-- never computed in the last day. The oldest computation comes first, so that each is computed eventually, and a backfill of a
-- month takes time, but no more memory than two hours.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.floor_cells_mv{on_cluster}
REFRESH EVERY 1 MINUTE APPEND TO {local}.floor_cells
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    toStartOfFiveMinutes(toDateTime(started_at, 'UTC') + INTERVAL 1 MINUTE) AS newest,
    stale AS
    (
        SELECT n.bucket AS bucket, max(c.last_at) AS known_at
        FROM
        (
            -- rollup_touched has the events that are more than two minutes late
            SELECT newest - toIntervalMinute(5 * number) AS bucket, toDateTime64(bucket, 3, 'UTC') + INTERVAL 8 MINUTE AS needed_at
            FROM numbers(289)
            UNION ALL
            SELECT toStartOfFiveMinutes(t.minute + toIntervalMinute(arrayJoin([0, 1, 2]))) AS bucket, max(t.touched_at) + INTERVAL 30 SECOND AS needed_at
            FROM warehouse.rollup_touched AS t
            GROUP BY bucket
        ) AS n
        LEFT JOIN (SELECT bucket, max(computed_at) AS last_at FROM {local}.floor_cells GROUP BY bucket) AS c ON c.bucket = n.bucket
        GROUP BY n.bucket
        HAVING max(n.needed_at) > known_at
    ),
    newest - INTERVAL 15 MINUTE AS live_from,
    (SELECT argMin(bucket, (known_at, bucket)) FROM stale WHERE bucket < live_from) AS oldest,
    due AS
    (
        SELECT bucket FROM stale WHERE (bucket >= oldest AND bucket < oldest + INTERVAL 2 HOUR) OR bucket >= live_from
    ),
    events AS
    (
        SELECT
            r.robot_id AS robot_id, r.ts AS ts, r.event_id AS event_id, r.event_type AS event_type,
            r.x AS x, r.y AS y, toString(ifNull(r.map_id, '')) AS map_id,
            r.state = 'blocked' OR (r.speed < 0.1
                AND ifNull(r.state, if(r.task_id IS NOT NULL AND r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED'), 'working', '')) = 'working') AS waits,
            JSONExtract(r.meta, 'localization_score', 'Nullable(Float32)') AS score,
            JSONExtract(r.meta, 'deviation_range', 'Nullable(Float32)') AS deviation
        FROM {local}.telemetry_raw AS r FINAL
        WHERE ((r.ts >= oldest - INTERVAL 2 MINUTE AND r.ts < oldest + INTERVAL 125 MINUTE) OR r.ts >= live_from - INTERVAL 2 MINUTE)
          -- a robot whose clock is ahead was somewhere else at that time
          AND r.ts <= r.received_at + INTERVAL 1 MINUTE
          AND (toStartOfFiveMinutes(r.ts) IN (SELECT bucket FROM due) OR toStartOfFiveMinutes(r.ts + INTERVAL 2 MINUTE) IN (SELECT bucket FROM due))
    ),
    steps AS
    (
        SELECT
            *,
            -- anyLast ignores NULL: an event without a position is at the last known one
            anyLast(x) OVER earlier AS at_x,
            anyLast(y) OVER earlier AS at_y,
            anyLastIf(map_id, x IS NOT NULL) OVER earlier AS at_map,
            maxIf(ts, x IS NOT NULL) OVER earlier AS at_ts,
            toStartOfFiveMinutes(ts) AS began,
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            least(60, dateDiff('millisecond', ts, next_ts) / 1000) AS held_seconds,
            dateDiff('millisecond', ts, began + INTERVAL 5 MINUTE) / 1000 AS left_seconds,
            greatest(0, held_seconds - left_seconds) AS spilt_seconds
        FROM events
        WINDOW
            neighbours AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING),
            earlier AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    -- what a robot did in a cell in a minute, in each of the five minutes that it reaches into
    stays AS
    (
        SELECT
            robot_id, at_map AS map_id, toInt32(floor(at_x)) AS cell_x, toInt32(floor(at_y)) AS cell_y, toStartOfMinute(ts) AS minute,
            arrayJoin(if(spilt_seconds > 0, [0, 1], [0])) AS spilt,
            began + toIntervalMinute(5 * spilt) AS bucket,
            sum(if(spilt = 1, spilt_seconds, least(held_seconds, left_seconds)) AS seconds) AS dwell,
            sumIf(seconds, waits) AS waiting,
            countIf(event_type = 'ERROR' AND spilt = 0) AS errors,
            sumIf(ifNull(score, 0), spilt = 0) AS score_sum,
            countIf(score IS NOT NULL AND spilt = 0) AS score_reports,
            sumIf(ifNull(deviation, 0), spilt = 0) AS deviation_sum,
            countIf(deviation IS NOT NULL AND spilt = 0) AS deviation_reports
        FROM steps
        -- positions outside any floor would not fit the type of a cell's coordinate
        WHERE at_ts >= ts - INTERVAL 1 MINUTE AND abs(at_x) < 1e6 AND abs(at_y) < 1e6
        GROUP BY robot_id, map_id, cell_x, cell_y, minute, spilt, bucket
    ),
    -- two robot ids, of all shards, are enough to know whether another robot is there
    presence AS
    (
        SELECT
            toString(ifNull(p.map_id, '')) AS map_id, toInt32(floor(p.x)) AS cell_x, toInt32(floor(p.y)) AS cell_y, toStartOfMinute(p.ts) AS minute,
            min(toString(p.robot_id)) AS first_robot, max(toString(p.robot_id)) AS last_robot
        FROM warehouse.telemetry_raw AS p
        WHERE ((p.ts >= oldest - INTERVAL 2 MINUTE AND p.ts < oldest + INTERVAL 125 MINUTE) OR p.ts >= live_from - INTERVAL 2 MINUTE)
          AND p.ts <= p.received_at + INTERVAL 1 MINUTE
          AND abs(p.x) < 1e6 AND abs(p.y) < 1e6
        GROUP BY map_id, cell_x, cell_y, minute
    ),
    looks AS
    (
        SELECT
            *,
            arrayJoin(if(waiting > 0, [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1)], [(0, 0)])) AS shift,
            toInt32(cell_x + shift.1) AS look_x,
            toInt32(cell_y + shift.2) AS look_y
        FROM stays
    ),
    accompanied AS
    (
        SELECT
            l.bucket AS bucket, l.map_id AS map_id, l.cell_x AS cell_x, l.cell_y AS cell_y,
            any(l.dwell) AS dwell, any(l.waiting) AS waiting, any(l.errors) AS errors, any(l.score_sum) AS score_sum, any(l.score_reports) AS score_reports,
            any(l.deviation_sum) AS deviation_sum, any(l.deviation_reports) AS deviation_reports,
            max(p.last_robot != '' AND (p.first_robot != l.robot_id OR p.last_robot != l.robot_id)) AS has_company
        FROM looks AS l
        LEFT JOIN presence AS p ON p.map_id = l.map_id AND p.cell_x = l.look_x AND p.cell_y = l.look_y AND p.minute = l.minute
        GROUP BY l.robot_id, l.minute, l.spilt, bucket, map_id, cell_x, cell_y
    ),
    cells AS
    (
        SELECT
            bucket, map_id, cell_x, cell_y,
            sum(dwell) AS dwell, sum(waiting) AS waits, sumIf(waiting, has_company) AS congested, sum(errors) AS errors,
            sum(score_sum) AS score, sum(score_reports) AS scores, sum(deviation_sum) AS deviation, sum(deviation_reports) AS deviations
        FROM accompanied
        GROUP BY bucket, map_id, cell_x, cell_y
        ORDER BY bucket, map_id, cell_x, cell_y
    ),
    rows AS
    (
        SELECT
            bucket,
            groupArray(map_id) AS map_ids, groupArray(cell_x) AS xs, groupArray(cell_y) AS ys, groupArray(dwell) AS dwells, groupArray(waits) AS all_waits,
            groupArray(congested) AS all_congested, groupArray(errors) AS all_errors, groupArray(score) AS all_scores, groupArray(scores) AS counts_of_scores,
            groupArray(deviation) AS all_deviations, groupArray(deviations) AS counts_of_deviations
        FROM cells
        GROUP BY bucket
    )
-- Five minutes without events get a row too, so that they are not computed again.
SELECT
    d.bucket AS bucket,
    r.map_ids AS map_id,
    r.xs AS cell_x,
    r.ys AS cell_y,
    r.dwells AS dwell_seconds,
    r.all_waits AS waiting_seconds,
    r.all_congested AS congested_seconds,
    r.all_errors AS errors,
    r.all_scores AS score_sum,
    r.counts_of_scores AS score_reports,
    r.all_deviations AS deviation_sum,
    r.counts_of_deviations AS deviation_reports,
    started_at AS computed_at
FROM due AS d
LEFT JOIN rows AS r ON r.bucket = d.bucket;

-- Sums of five minutes.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.floor_cells_hour_mv{on_cluster}
REFRESH EVERY 5 MINUTE APPEND TO {local}.floor_cells_hour
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    (
        SELECT max(h.computed_at) FROM {local}.floor_cells_hour AS h
    ) AS last_run,
    changed AS
    (
        SELECT DISTINCT toStartOfHour(n.bucket) AS hour
        FROM {local}.floor_cells AS n
        WHERE n.computed_at > last_run - INTERVAL 10 MINUTE
    ),
    cells AS
    (
        SELECT
            toStartOfHour(c.bucket) AS hour, cell_map, column, row,
            sum(dwell) AS sum_dwell, sum(waits) AS sum_waits, sum(congested) AS sum_congested, sum(failures) AS sum_failures,
            sum(score) AS sum_score, sum(scores) AS sum_scores, sum(deviation) AS sum_deviation, sum(deviations) AS sum_deviations
        FROM {local}.floor_cells AS c FINAL
        ARRAY JOIN
            c.map_id AS cell_map, c.cell_x AS column, c.cell_y AS row, c.dwell_seconds AS dwell, c.waiting_seconds AS waits, c.congested_seconds AS congested,
            c.errors AS failures, c.score_sum AS score, c.score_reports AS scores, c.deviation_sum AS deviation, c.deviation_reports AS deviations
        WHERE toStartOfHour(c.bucket) IN (SELECT hour FROM changed)
        GROUP BY hour, cell_map, column, row
        ORDER BY hour, cell_map, column, row
    ),
    rows AS
    (
        SELECT
            hour,
            groupArray(cell_map) AS map_ids, groupArray(column) AS xs, groupArray(row) AS ys, groupArray(sum_dwell) AS dwells, groupArray(sum_waits) AS all_waits,
            groupArray(sum_congested) AS all_congested, groupArray(sum_failures) AS all_errors, groupArray(sum_score) AS all_scores,
            groupArray(sum_scores) AS counts_of_scores, groupArray(sum_deviation) AS all_deviations, groupArray(sum_deviations) AS counts_of_deviations
        FROM cells
        GROUP BY hour
    )
SELECT
    d.hour AS bucket,
    r.map_ids AS map_id,
    r.xs AS cell_x,
    r.ys AS cell_y,
    r.dwells AS dwell_seconds,
    r.all_waits AS waiting_seconds,
    r.all_congested AS congested_seconds,
    r.all_errors AS errors,
    r.all_scores AS score_sum,
    r.counts_of_scores AS score_reports,
    r.all_deviations AS deviation_sum,
    r.counts_of_deviations AS deviation_reports,
    started_at AS computed_at
FROM changed AS d
LEFT JOIN rows AS r ON r.hour = d.hour;

CREATE OR REPLACE VIEW warehouse.v_floor_cells{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    c.bucket AS time,
    nullIf(cell_map, '') AS map_id,
    column + 0.5 AS x,
    row + 0.5 AS y,
    toFloat64(sum(dwell)) AS dwell_seconds,
    toFloat64(sum(waits)) AS waiting_seconds,
    toFloat64(sum(congested)) AS congested_seconds,
    sum(failures) AS errors,
    sum(score) / nullIf(sum(scores), 0) AS localization_score,
    sum(scores) AS score_reports,
    sum(deviation) / nullIf(sum(deviations), 0) AS deviation_metres,
    sum(deviations) AS deviation_reports
FROM warehouse.floor_cells AS c FINAL
ARRAY JOIN
    c.map_id AS cell_map, c.cell_x AS column, c.cell_y AS row, c.dwell_seconds AS dwell, c.waiting_seconds AS waits, c.congested_seconds AS congested,
    c.errors AS failures, c.score_sum AS score, c.score_reports AS scores, c.deviation_sum AS deviation, c.deviation_reports AS deviations
GROUP BY c.bucket, cell_map, column, row
COMMENT 'Where on the floor do robots spend time, wait on each other, fail, and lose their way? One row a 1 m cell (x, y is its middle) and five minutes; filter by time.';

CREATE OR REPLACE VIEW warehouse.v_floor_cell_hours{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    c.bucket AS time,
    nullIf(cell_map, '') AS map_id,
    column + 0.5 AS x,
    row + 0.5 AS y,
    toFloat64(sum(dwell)) AS dwell_seconds,
    toFloat64(sum(waits)) AS waiting_seconds,
    toFloat64(sum(congested)) AS congested_seconds,
    sum(failures) AS errors,
    sum(score) / nullIf(sum(scores), 0) AS localization_score,
    sum(scores) AS score_reports,
    sum(deviation) / nullIf(sum(deviations), 0) AS deviation_metres,
    sum(deviations) AS deviation_reports
FROM warehouse.floor_cells_hour AS c FINAL
ARRAY JOIN
    c.map_id AS cell_map, c.cell_x AS column, c.cell_y AS row, c.dwell_seconds AS dwell, c.waiting_seconds AS waits, c.congested_seconds AS congested,
    c.errors AS failures, c.score_sum AS score, c.score_reports AS scores, c.deviation_sum AS deviation, c.deviation_reports AS deviations
GROUP BY c.bucket, cell_map, column, row
COMMENT 'How long did robots stay and wait in each square metre, hour by hour? For ranges of days, where v_floor_cells would read twelve times as much.';

-- What happened where on the floor. As in roll_ups.sql, refreshable views compute minutes as a whole from events without
-- duplicates and replace what was known of them. v_floor_cells adds them up to five minutes.
--
-- Rules, so that a minute depends on no event more than two minutes before it:
--   a cell (x, y) covers x to x + 1 and y to y + 1 metres of the map frame, also where they are negative;
--   an event counts where the robot last reported a position, at most 60 s before;
--   the robot stays there until its next event, at most 60 s;
--   it waits while it is `blocked`, or `working` at less than 0.1 m/s;
--   waiting is congestion if another robot reported from the cell or one of its 8 neighbours in the same minute.

-- What floor_cells_mv has to do: the current minute and the two before it, and what is left, as much as fits in memory: each limit lets one
-- minute pass. The oldest touched minute is always done, so that none waits forever.
CREATE OR REPLACE VIEW {local}.floor_cells_due{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    toStartOfMinute(toDateTime(started_at, 'UTC')) AS this_minute,
    this_minute - INTERVAL 2 HOUR AS recent_from,
    -- of all replicas of a shard, the active one with the first name computes
    (
        SELECT ifNull(minOrNull(s.replica_name = arrayMin(mapKeys(mapFilter((name, is_active) -> is_active = 1, s.replica_is_active)))), 1)
        FROM system.replicas AS s
        WHERE s.database = '{local}' AND s.table = 'floor_cells'
    ) AND
    (
        -- one that lags would close a minute without events that the others have
        SELECT count() = 0 FROM system.replicas AS d
        WHERE d.database = '{local}' AND d.table IN ('rollup_events', 'telemetry_raw', 'rollup_touched') AND (d.is_readonly OR d.absolute_delay > 10)
    ) AS is_elected
SELECT
    arrayConcat(
        arrayFilter((m, events) -> events <= 400000 OR events = m.events, open_minutes,
            arrayCumSum(m -> if(m.minute >= this_minute - INTERVAL 2 MINUTE, 0, m.events), open_minutes)),
        arrayFilter((m, events) -> events <= 800000 OR events = m.events OR m.minute = recent_touched[-1].minute,
            recent_touched, arrayCumSum(m -> m.events, recent_touched)),
        -- a minute that is no longer in rollup_events reads thousands of rows of each robot: those of two hours together, the oldest first
        arrayFilter((m, events) -> (events <= 400000 OR events = m.events) AND m.minute < old_touched[1].minute + INTERVAL 2 HOUR,
            old_touched, arrayCumSum(m -> m.events, old_touched))) AS due,
    arrayMap(m -> m.minute, due) AS due_minutes,
    -- a minute depends on the two before it, and rollup_events has three hours
    arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - INTERVAL 1 MINUTE, m - INTERVAL 2 MINUTE], arrayFilter(m -> m >= recent_from, due_minutes)))) AS recent,
    arrayFilter(m -> NOT has(recent, m),
        arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - INTERVAL 1 MINUTE, m - INTERVAL 2 MINUTE], arrayFilter(m -> m < recent_from, due_minutes))))) AS older,
    arrayMin(older) AS older_from,
    arrayMax(older) + INTERVAL 1 MINUTE AS older_to
FROM
(
    SELECT
        arrayReverseSort(m -> m.minute, groupArray(CAST((minute, events, sees, is_open, is_touched),
            'Tuple(minute DateTime(\'UTC\'), events UInt64, sees UInt64, is_open Bool, is_touched Bool)'))) AS todo,
        arrayFilter(m -> m.is_open, todo) AS open_minutes,
        arrayFilter(m -> m.is_touched AND m.minute >= recent_from, todo) AS recent_touched,
        arrayReverse(arrayFilter(m -> m.is_touched AND m.minute < recent_from, todo)) AS old_touched
    FROM
    (
        SELECT
            m.at AS minute, m.events AS events,
            m.touched_at <= started_at - INTERVAL 30 SECOND AS is_settled,
            m.on_time AND c.computed_at < toDateTime64(minute, 3, 'UTC') + INTERVAL 75 SECOND AS is_open,
            m.inserts > c.seen AND NOT is_open AND (is_settled OR (c.events_read = 0 AND m.touched_at > c.computed_at)) AS is_touched,
            if(is_settled, greatest(m.inserts, c.seen), c.seen) AS sees
        FROM
        (
            -- a robot stays into the next minute, and an event there counts where the robot was up to a minute before
            SELECT
                r.minute + toIntervalMinute(arrayJoin([0, 1, 2]) AS later) AS at, sumIf(r.events, later = 0) AS events,
                max(r.on_time_events > 0 AND later < 2) AS on_time, sum(r.on_time_events) + sum(r.touches) AS inserts, max(r.touched_at) AS touched_at
            -- of all shards, because robots of different shards meet
            FROM warehouse.rollup_touched AS r
            -- the events of older minutes are being deleted
            WHERE r.is_robot = 0 AND r.minute > this_minute - INTERVAL 90 DAY + INTERVAL 5 MINUTE
            GROUP BY at
        ) AS m
        LEFT JOIN
        (
            SELECT f.bucket AS bucket, max(f.seen) AS seen, max(f.events_read) AS events_read, max(f.computed_at) AS computed_at
            FROM {local}.floor_cells AS f
            GROUP BY f.bucket
        ) AS c ON c.bucket = m.at
        WHERE m.at <= this_minute AND is_elected AND (is_open OR is_touched)
    )
)
COMMENT 'Which minutes does the next refresh of floor_cells compute?';

-- Every two minutes: the current minute, the two that are over (a last time), and minutes that were touched since, once nothing has touched
-- them for 30 s: all robots of them, because they meet each other. After an outage, as much as memory allows.
-- Not every minute: planning takes nearly half of a refresh, and each refresh reads two minutes more than it computes.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.floor_cells_mv{on_cluster}
REFRESH EVERY 2 MINUTE OFFSET 20 SECOND APPEND TO {local}.floor_cells
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS started_at,
    (SELECT (due, due_minutes, recent, older, older_from, older_to) FROM {local}.floor_cells_due) AS plan,
    all_events AS
    (
        SELECT r.* FROM {local}.rollup_events AS r FINAL WHERE r.minute IN (SELECT arrayJoin(plan.3))
        UNION ALL
        SELECT o.* FROM {local}.rollup_stored_events AS o
        WHERE o.minute IN (SELECT arrayJoin(plan.4)) AND o.ts >= plan.5 AND o.ts < plan.6
    ),
    events AS
    (
        SELECT
            a.robot_id AS robot_id, a.ts AS ts, a.event_id AS event_id, a.event_type AS event_type, a.minute AS began,
            a.x AS x, a.y AS y, toString(ifNull(a.map_id, '')) AS map_id,
            a.state = 'blocked' OR ifNull(a.speed < 0.1 AND a.state = 'working', 0) AS waits,
            a.score AS score, a.deviation AS deviation
        FROM all_events AS a
        -- a robot whose clock is ahead was somewhere else at that time
        WHERE NOT a.clock_ahead
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
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            least(60, dateDiff('millisecond', ts, next_ts) / 1000) AS held_seconds,
            dateDiff('millisecond', ts, began + INTERVAL 1 MINUTE) / 1000 AS left_seconds,
            greatest(0, held_seconds - left_seconds) AS spilt_seconds
        FROM events
        WINDOW
            neighbours AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING),
            earlier AS (PARTITION BY robot_id ORDER BY ts, event_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    -- what a robot did in a cell in a minute, and in the next minute that it reaches into
    stays AS
    (
        SELECT
            robot_id, at_map AS map_id, toInt32(floor(at_x)) AS cell_x, toInt32(floor(at_y)) AS cell_y, began AS minute,
            arrayJoin(if(spilt_seconds > 0, [0, 1], [0])) AS spilt,
            began + toIntervalMinute(spilt) AS bucket,
            sum(if(spilt = 1, spilt_seconds, least(held_seconds, left_seconds)) AS seconds) AS dwell,
            sumIf(seconds, waits) AS waiting,
            countIf(event_type = 'ERROR' AND spilt = 0) AS errors,
            sumIf(ifNull(score, 0), spilt = 0) AS score_sum,
            countIf(score IS NOT NULL AND spilt = 0) AS score_reports,
            sumIf(ifNull(deviation, 0), spilt = 0) AS deviation_sum,
            countIf(deviation IS NOT NULL AND spilt = 0) AS deviation_reports,
            count() AS events_read
        FROM steps
        -- positions outside any floor would not fit the type of a cell's coordinate
        WHERE at_ts >= ts - INTERVAL 1 MINUTE AND abs(at_x) < 1e6 AND abs(at_y) < 1e6 AND has(plan.2, bucket)
        GROUP BY robot_id, map_id, cell_x, cell_y, minute, spilt, bucket
    ),
    -- two robot ids, of all shards, are enough to know whether another robot is there
    presence AS
    (
        SELECT
            toString(ifNull(p.map_id, '')) AS map_id, toInt32(floor(p.x)) AS cell_x, toInt32(floor(p.y)) AS cell_y, p.minute AS minute,
            min(toString(p.robot_id)) AS first_robot, max(toString(p.robot_id)) AS last_robot
        FROM
        (
            SELECT minute, robot_id, map_id, x, y FROM warehouse.rollup_events WHERE minute IN (SELECT arrayJoin(plan.3)) AND NOT clock_ahead
            UNION ALL
            SELECT toStartOfMinute(r.ts) AS minute, r.robot_id AS robot_id, r.map_id AS map_id, r.x AS x, r.y AS y
            FROM warehouse.telemetry_raw AS r
            WHERE minute IN (SELECT arrayJoin(plan.4)) AND r.ts >= plan.5 AND r.ts < plan.6 AND r.ts <= r.received_at + INTERVAL 1 MINUTE
        ) AS p
        WHERE abs(p.x) < 1e6 AND abs(p.y) < 1e6
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
            any(l.deviation_sum) AS deviation_sum, any(l.deviation_reports) AS deviation_reports, any(l.events_read) AS events_read,
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
            sum(score_sum) AS score, sum(score_reports) AS scores, sum(deviation_sum) AS deviation, sum(deviation_reports) AS deviations, sum(events_read) AS all_read
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
            groupArray(deviation) AS all_deviations, groupArray(deviations) AS counts_of_deviations, sum(all_read) AS read
        FROM cells
        GROUP BY bucket
    )
-- Minutes without a cell get a row too, so that they are not computed again.
SELECT
    d.minute AS bucket,
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
    d.sees AS seen,
    r.read AS events_read,
    started_at AS computed_at
FROM (SELECT arrayJoin(plan.1) AS d) AS n
LEFT JOIN rows AS r ON r.bucket = n.d.minute
ORDER BY bucket;

-- Sums of minutes: of the hours with a minute that was computed after them, the ten newest and the four oldest.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.floor_cells_hour_mv{on_cluster}
REFRESH EVERY 5 MINUTE APPEND TO {local}.floor_cells_hour
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    changed AS
    (
        SELECT
            m.hour AS hour, m.last_at AS last_at,
            row_number() OVER (ORDER BY m.hour DESC) AS newest, row_number() OVER (ORDER BY m.hour) AS oldest
        FROM (SELECT toStartOfHour(bucket) AS hour, max(computed_at) AS last_at FROM {local}.floor_cells GROUP BY hour) AS m
        LEFT JOIN (SELECT bucket, max(computed_at) AS known_at FROM {local}.floor_cells_hour GROUP BY bucket) AS h ON h.bucket = m.hour
        WHERE m.last_at > h.known_at
        QUALIFY newest <= 10 OR oldest <= 4
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
    n.all_read AS events_read,
    d.last_at AS computed_at
FROM changed AS d
LEFT JOIN rows AS r ON r.hour = d.hour
LEFT JOIN
(
    SELECT toStartOfHour(f.bucket) AS hour, sum(f.events_read) AS all_read
    FROM {local}.floor_cells AS f FINAL
    WHERE hour IN (SELECT hour FROM changed)
    GROUP BY hour
) AS n ON n.hour = d.hour
ORDER BY bucket;

CREATE OR REPLACE VIEW warehouse.v_floor_cells{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    toStartOfFiveMinutes(c.bucket) AS time,
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
GROUP BY time, cell_map, column, row
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
COMMENT 'How long did robots stay and wait in each square metre, hour by hour? For ranges of days, where v_floor_cells would read sixty times as much.';

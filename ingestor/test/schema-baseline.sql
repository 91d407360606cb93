CREATE TABLE warehouse.backfills
(
    `month` UInt32 COMMENT 'YYYYMM, the partition',
    `phase` Enum8('loading' = 1, 'swapped' = 2, 'finished' = 3),
    `source` String COMMENT 'what is being loaded: SHA-256 of a file, or cluster/topic/partition',
    `next` UInt64 COMMENT 'the next line or offset of that source; all before are in the staging table',
    `messages` UInt64 COMMENT 'of that source that are in the staging table',
    `rows` UInt64 COMMENT 'events of the month in those messages',
    `rejected` UInt64 COMMENT 'events against the contract',
    `outside` UInt64 COMMENT 'events of another month',
    `fed_to` DateTime('UTC') COMMENT 'after the swap: the roll-ups and other views know the events before this time',
    `at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = MergeTree
ORDER BY (month, at)
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.backups
(
    `disk` LowCardinality(String) COMMENT 'of the server\'s configuration',
    `name` String,
    `base` String COMMENT 'the backup that this one continues; empty: it is complete by itself',
    `started_at` DateTime64(3, 'UTC'),
    `ended_at` DateTime64(3, 'UTC'),
    `bytes` UInt64 COMMENT 'written to the disk, without its base'
)
ENGINE = MergeTree
ORDER BY started_at
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.dead_letter_repairs
(
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64 CODEC(Delta(8), ZSTD(1)),
    `part` UInt32,
    `content` UInt64 COMMENT 'dead_letters.content: another message may have been at the same place',
    `phase` Enum8('claimed' = 1, 'stored' = 2),
    `payload` String COMMENT 'what is put back; empty when stored' CODEC(ZSTD(3)),
    `judged_at` DateTime64(3, 'UTC') COMMENT 'the clock that the contract judged the payload by',
    `at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    `by` LowCardinality(String) DEFAULT currentUser()
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset, part, content, phase)
TTL toDateTime(at) + toIntervalMonth(13)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE TABLE warehouse.dead_letters
(
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64 CODEC(Delta(8), ZSTD(1)),
    `part` UInt32,
    `reason` LowCardinality(String) COMMENT 'a RejectReason of packages/contract/src/contract.ts',
    `detail` String CODEC(ZSTD(1)),
    `raw` String CODEC(ZSTD(3)),
    `key` String COMMENT 'the Kafka key; empty when there is none' CODEC(ZSTD(1)),
    `received_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    `source` Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5),
    `content` UInt64 MATERIALIZED reinterpretAsUInt64(MD5(concat(key, '\0', raw))) COMMENT 'hash of key and raw'
)
ENGINE = ReplacingMergeTree
ORDER BY (topic, partition, offset, part, content)
TTL toDateTime(received_at) + toIntervalDay(90)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE TABLE warehouse.erasures
(
    `field` String COMMENT 'robot_id, or a path into meta such as meta.operator',
    `salt` String,
    `hash` String COMMENT 'SHA-256 of the salt and the value, hexadecimal',
    `erased_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    `erased_by` String DEFAULT currentUser()
)
ENGINE = ReplacingMergeTree(erased_at)
ORDER BY (field, hash)
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.fleet_settings
(
    `name` String COMMENT 'offline_after_hours: a robot that is silent for longer is offline; default 24',
    `setting` Float64,
    `changed_by` String,
    `changed_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY name
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.floor_cells
(
    `bucket` DateTime('UTC') COMMENT 'start of the minute' CODEC(Delta(4), ZSTD(1)),
    `map_id` Array(LowCardinality(String)) COMMENT 'these arrays have one element a cell; empty without a map' CODEC(ZSTD(1)),
    `cell_x` Array(Int32) CODEC(Delta(4), ZSTD(1)),
    `cell_y` Array(Int32) CODEC(Delta(4), ZSTD(1)),
    `dwell_seconds` Array(Float32) COMMENT 'of all robots together' CODEC(ZSTD(1)),
    `waiting_seconds` Array(Float32) CODEC(ZSTD(1)),
    `congested_seconds` Array(Float32) CODEC(ZSTD(1)),
    `errors` Array(UInt32) COMMENT 'ERROR events' CODEC(ZSTD(1)),
    `score_sum` Array(Float32) COMMENT 'meta.localization_score, 0 to 1' CODEC(ZSTD(1)),
    `score_reports` Array(UInt32) CODEC(ZSTD(1)),
    `deviation_sum` Array(Float32) COMMENT 'meta.deviation_range, metres' CODEC(ZSTD(1)),
    `deviation_reports` Array(UInt32) CODEC(ZSTD(1)),
    `seen` UInt64 DEFAULT 0 COMMENT 'on_time_events and touches of rollup_touched that the computation has seen, of this minute and the two before it' CODEC(T64, ZSTD(1)),
    `events_read` UInt64 COMMENT 'version' CODEC(T64, ZSTD(1)),
    `computed_at` DateTime64(3, 'UTC') COMMENT 'when the computation began; in floor_cells_hour: of the newest minute in it' CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(bucket)
ORDER BY bucket
TTL bucket + toIntervalMonth(13)
SETTINGS non_replicated_deduplication_window = 100, index_granularity = 64, ttl_only_drop_parts = 1;

CREATE VIEW warehouse.floor_cells_due
(
    `due` Array(Tuple(
        minute DateTime('UTC'),
        events UInt64,
        sees UInt64,
        is_open Bool,
        is_touched Bool)),
    `due_minutes` Array(DateTime('UTC')),
    `recent` Array(DateTime('UTC')),
    `older` Array(DateTime('UTC')),
    `older_from` DateTime('UTC'),
    `older_to` DateTime('UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which minutes does the next refresh of floor_cells compute?'
AS WITH
    now64(3, 'UTC') AS started_at,
    toStartOfMinute(toDateTime(started_at, 'UTC')) AS this_minute,
    this_minute - toIntervalHour(2) AS recent_from,
    (
        SELECT ifNull(minOrNull(s.replica_name = arrayMin(mapKeys(mapFilter((name, is_active) -> (is_active = 1), s.replica_is_active)))), 1)
        FROM system.replicas AS s
        WHERE (s.database = 'warehouse') AND (s.`table` = 'floor_cells')
    ) AND (
        SELECT count() = 0
        FROM system.replicas AS d
        WHERE (d.database = 'warehouse') AND (d.`table` IN ('rollup_events', 'telemetry_raw', 'rollup_touched')) AND (d.is_readonly OR (d.absolute_delay > 10))
    ) AS is_elected
SELECT
    arrayConcat(arrayFilter((m, events) -> ((events <= 400000) OR (events = m.events)), open_minutes, arrayCumSum(m -> if(m.minute >= (this_minute - toIntervalMinute(2)), 0, m.events), open_minutes)), arrayFilter((m, events) -> ((events <= 800000) OR (events = m.events) OR (m.minute = tupleElement(recent_touched[-1], 'minute'))), recent_touched, arrayCumSum(m -> m.events, recent_touched)), arrayFilter((m, events) -> (((events <= 400000) OR (events = m.events)) AND (m.minute < (tupleElement(old_touched[1], 'minute') + toIntervalHour(2)))), old_touched, arrayCumSum(m -> m.events, old_touched))) AS due,
    arrayMap(m -> m.minute, due) AS due_minutes,
    arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - toIntervalMinute(1), m - toIntervalMinute(2)], arrayFilter(m -> (m >= recent_from), due_minutes)))) AS recent,
    arrayFilter(m -> (NOT has(recent, m)), arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - toIntervalMinute(1), m - toIntervalMinute(2)], arrayFilter(m -> (m < recent_from), due_minutes))))) AS older,
    arrayMin(older) AS older_from,
    arrayMax(older) + toIntervalMinute(1) AS older_to
FROM
(
    SELECT
        arrayReverseSort(m -> m.minute, groupArray(CAST((minute, events, sees, is_open, is_touched), 'Tuple(minute DateTime(\'UTC\'), events UInt64, sees UInt64, is_open Bool, is_touched Bool)'))) AS todo,
        arrayFilter(m -> m.is_open, todo) AS open_minutes,
        arrayFilter(m -> (m.is_touched AND (m.minute >= recent_from)), todo) AS recent_touched,
        arrayReverse(arrayFilter(m -> (m.is_touched AND (m.minute < recent_from)), todo)) AS old_touched
    FROM
    (
        SELECT
            m.at AS minute,
            m.events AS events,
            m.touched_at <= (started_at - toIntervalSecond(30)) AS is_settled,
            m.on_time AND (c.computed_at < (toDateTime64(minute, 3, 'UTC') + toIntervalSecond(75))) AS is_open,
            (m.inserts > c.seen) AND (NOT is_open) AND (is_settled OR ((c.events_read = 0) AND (m.touched_at > c.computed_at))) AS is_touched,
            if(is_settled, greatest(m.inserts, c.seen), c.seen) AS sees
        FROM
        (
            SELECT
                r.minute + toIntervalMinute(arrayJoin([0, 1, 2]) AS later) AS at,
                sumIf(r.events, later = 0) AS events,
                max((r.on_time_events > 0) AND (later < 2)) AS on_time,
                sum(r.on_time_events) + sum(r.touches) AS inserts,
                max(r.touched_at) AS touched_at
            FROM warehouse.rollup_touched AS r
            WHERE (r.is_robot = 0) AND (r.minute > ((this_minute - toIntervalDay(90)) + toIntervalMinute(5)))
            GROUP BY at
        ) AS m
        LEFT JOIN
        (
            SELECT
                f.bucket AS bucket,
                max(f.seen) AS seen,
                max(f.events_read) AS events_read,
                max(f.computed_at) AS computed_at
            FROM warehouse.floor_cells AS f
            GROUP BY f.bucket
        ) AS c ON c.bucket = m.at
        WHERE (m.at <= this_minute) AND is_elected AND (is_open OR is_touched)
    )
);

CREATE TABLE warehouse.floor_cells_hour
(
    `bucket` DateTime('UTC') COMMENT 'start of the minute' CODEC(Delta(4), ZSTD(1)),
    `map_id` Array(LowCardinality(String)) COMMENT 'these arrays have one element a cell; empty without a map' CODEC(ZSTD(1)),
    `cell_x` Array(Int32) CODEC(Delta(4), ZSTD(1)),
    `cell_y` Array(Int32) CODEC(Delta(4), ZSTD(1)),
    `dwell_seconds` Array(Float32) COMMENT 'of all robots together' CODEC(ZSTD(1)),
    `waiting_seconds` Array(Float32) CODEC(ZSTD(1)),
    `congested_seconds` Array(Float32) CODEC(ZSTD(1)),
    `errors` Array(UInt32) COMMENT 'ERROR events' CODEC(ZSTD(1)),
    `score_sum` Array(Float32) COMMENT 'meta.localization_score, 0 to 1' CODEC(ZSTD(1)),
    `score_reports` Array(UInt32) CODEC(ZSTD(1)),
    `deviation_sum` Array(Float32) COMMENT 'meta.deviation_range, metres' CODEC(ZSTD(1)),
    `deviation_reports` Array(UInt32) CODEC(ZSTD(1)),
    `seen` UInt64 DEFAULT 0 COMMENT 'on_time_events and touches of rollup_touched that the computation has seen, of this minute and the two before it' CODEC(T64, ZSTD(1)),
    `events_read` UInt64 COMMENT 'version' CODEC(T64, ZSTD(1)),
    `computed_at` DateTime64(3, 'UTC') COMMENT 'when the computation began; in floor_cells_hour: of the newest minute in it' CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(bucket)
ORDER BY bucket
TTL bucket + toIntervalMonth(13)
SETTINGS non_replicated_deduplication_window = 100, index_granularity = 64, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW warehouse.floor_cells_hour_mv
REFRESH EVERY 5 MINUTE APPEND TO warehouse.floor_cells_hour
(
    `bucket` DateTime('UTC'),
    `map_id` Array(String),
    `cell_x` Array(Int32),
    `cell_y` Array(Int32),
    `dwell_seconds` Array(Float64),
    `waiting_seconds` Array(Float64),
    `congested_seconds` Array(Float64),
    `errors` Array(UInt64),
    `score_sum` Array(Float64),
    `score_reports` Array(UInt64),
    `deviation_sum` Array(Float64),
    `deviation_reports` Array(UInt64),
    `events_read` UInt64,
    `computed_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    changed AS
    (
        SELECT
            m.hour AS hour,
            m.last_at AS last_at,
            row_number() OVER (ORDER BY m.hour DESC) AS newest,
            row_number() OVER (ORDER BY m.hour ASC) AS oldest
        FROM
        (
            SELECT
                toStartOfHour(bucket) AS hour,
                max(computed_at) AS last_at
            FROM warehouse.floor_cells
            GROUP BY hour
        ) AS m
        LEFT JOIN
        (
            SELECT
                bucket,
                max(computed_at) AS known_at
            FROM warehouse.floor_cells_hour
            GROUP BY bucket
        ) AS h ON h.bucket = m.hour
        WHERE m.last_at > h.known_at
        QUALIFY (newest <= 10) OR (oldest <= 4)
    ),
    cells AS
    (
        SELECT
            toStartOfHour(c.bucket) AS hour,
            cell_map,
            column,
            row,
            sum(dwell) AS sum_dwell,
            sum(waits) AS sum_waits,
            sum(congested) AS sum_congested,
            sum(failures) AS sum_failures,
            sum(score) AS sum_score,
            sum(scores) AS sum_scores,
            sum(deviation) AS sum_deviation,
            sum(deviations) AS sum_deviations
        FROM warehouse.floor_cells AS c
        FINAL
        ARRAY JOIN
            c.map_id AS cell_map,
            c.cell_x AS column,
            c.cell_y AS row,
            c.dwell_seconds AS dwell,
            c.waiting_seconds AS waits,
            c.congested_seconds AS congested,
            c.errors AS failures,
            c.score_sum AS score,
            c.score_reports AS scores,
            c.deviation_sum AS deviation,
            c.deviation_reports AS deviations
        WHERE toStartOfHour(c.bucket) IN (
            SELECT hour
            FROM changed
        )
        GROUP BY
            hour,
            cell_map,
            column,
            row
        ORDER BY
            hour ASC,
            cell_map ASC,
            column ASC,
            row ASC
    ),
    rows AS
    (
        SELECT
            hour,
            groupArray(cell_map) AS map_ids,
            groupArray(column) AS xs,
            groupArray(row) AS ys,
            groupArray(sum_dwell) AS dwells,
            groupArray(sum_waits) AS all_waits,
            groupArray(sum_congested) AS all_congested,
            groupArray(sum_failures) AS all_errors,
            groupArray(sum_score) AS all_scores,
            groupArray(sum_scores) AS counts_of_scores,
            groupArray(sum_deviation) AS all_deviations,
            groupArray(sum_deviations) AS counts_of_deviations
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
    SELECT
        toStartOfHour(f.bucket) AS hour,
        sum(f.events_read) AS all_read
    FROM warehouse.floor_cells AS f
    FINAL
    WHERE hour IN (
        SELECT hour
        FROM changed
    )
    GROUP BY hour
) AS n ON n.hour = d.hour
ORDER BY bucket ASC;

CREATE MATERIALIZED VIEW warehouse.floor_cells_mv
REFRESH EVERY 2 MINUTE OFFSET 20 SECOND APPEND TO warehouse.floor_cells
(
    `bucket` DateTime('UTC'),
    `map_id` Array(String),
    `cell_x` Array(Int32),
    `cell_y` Array(Int32),
    `dwell_seconds` Array(Float64),
    `waiting_seconds` Array(Float64),
    `congested_seconds` Array(Float64),
    `errors` Array(UInt64),
    `score_sum` Array(Float64),
    `score_reports` Array(UInt64),
    `deviation_sum` Array(Float64),
    `deviation_reports` Array(UInt64),
    `seen` UInt64,
    `events_read` UInt64,
    `computed_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    now64(3, 'UTC') AS started_at,
    (
        SELECT (due, due_minutes, recent, older, older_from, older_to)
        FROM warehouse.floor_cells_due
    ) AS plan,
    all_events AS
    (
        SELECT r.*
        FROM warehouse.rollup_events AS r
        FINAL
        WHERE r.minute IN (
            SELECT arrayJoin(plan.3)
        )
        UNION ALL
        SELECT o.*
        FROM warehouse.rollup_stored_events AS o
        WHERE (o.minute IN (
            SELECT arrayJoin(plan.4)
        )) AND (o.ts >= (plan.5)) AND (o.ts < (plan.6))
    ),
    events AS
    (
        SELECT
            a.robot_id AS robot_id,
            a.ts AS ts,
            a.event_id AS event_id,
            a.event_type AS event_type,
            a.minute AS began,
            a.x AS x,
            a.y AS y,
            toString(ifNull(a.map_id, '')) AS map_id,
            (a.state = 'blocked') OR ifNull((a.speed < 0.1) AND (a.state = 'working'), 0) AS waits,
            a.score AS score,
            a.deviation AS deviation
        FROM all_events AS a
        WHERE NOT a.clock_ahead
    ),
    steps AS
    (
        SELECT
            *,
            anyLast(x) OVER earlier AS at_x,
            anyLast(y) OVER earlier AS at_y,
            anyLastIf(map_id, x IS NOT NULL) OVER earlier AS at_map,
            maxIf(ts, x IS NOT NULL) OVER earlier AS at_ts,
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            least(60, dateDiff('millisecond', ts, next_ts) / 1000) AS held_seconds,
            dateDiff('millisecond', ts, began + toIntervalMinute(1)) / 1000 AS left_seconds,
            greatest(0, held_seconds - left_seconds) AS spilt_seconds
        FROM events
        WINDOW
            neighbours AS (PARTITION BY robot_id ORDER BY ts ASC, event_id ASC ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING),
            earlier AS (PARTITION BY robot_id ORDER BY ts ASC, event_id ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    stays AS
    (
        SELECT
            robot_id,
            at_map AS map_id,
            toInt32(floor(at_x)) AS cell_x,
            toInt32(floor(at_y)) AS cell_y,
            began AS minute,
            arrayJoin(if(spilt_seconds > 0, [0, 1], [0])) AS spilt,
            began + toIntervalMinute(spilt) AS bucket,
            sum(if(spilt = 1, spilt_seconds, least(held_seconds, left_seconds)) AS seconds) AS dwell,
            sumIf(seconds, waits) AS waiting,
            countIf((event_type = 'ERROR') AND (spilt = 0)) AS errors,
            sumIf(ifNull(score, 0), spilt = 0) AS score_sum,
            countIf((score IS NOT NULL) AND (spilt = 0)) AS score_reports,
            sumIf(ifNull(deviation, 0), spilt = 0) AS deviation_sum,
            countIf((deviation IS NOT NULL) AND (spilt = 0)) AS deviation_reports,
            count() AS events_read
        FROM steps
        WHERE (at_ts >= (ts - toIntervalMinute(1))) AND (abs(at_x) < 1000000.) AND (abs(at_y) < 1000000.) AND has(plan.2, bucket)
        GROUP BY
            robot_id,
            map_id,
            cell_x,
            cell_y,
            minute,
            spilt,
            bucket
    ),
    presence AS
    (
        SELECT
            toString(ifNull(p.map_id, '')) AS map_id,
            toInt32(floor(p.x)) AS cell_x,
            toInt32(floor(p.y)) AS cell_y,
            p.minute AS minute,
            min(toString(p.robot_id)) AS first_robot,
            max(toString(p.robot_id)) AS last_robot
        FROM
        (
            SELECT
                minute,
                robot_id,
                map_id,
                x,
                y
            FROM warehouse.rollup_events
            WHERE (minute IN (
                SELECT arrayJoin(plan.3)
            )) AND (NOT clock_ahead)
            UNION ALL
            SELECT
                toStartOfMinute(r.ts) AS minute,
                r.robot_id AS robot_id,
                r.map_id AS map_id,
                r.x AS x,
                r.y AS y
            FROM warehouse.telemetry_raw AS r
            WHERE (minute IN (
                SELECT arrayJoin(plan.4)
            )) AND (r.ts >= (plan.5)) AND (r.ts < (plan.6)) AND (r.ts <= (r.received_at + toIntervalMinute(1)))
        ) AS p
        WHERE (abs(p.x) < 1000000.) AND (abs(p.y) < 1000000.)
        GROUP BY
            map_id,
            cell_x,
            cell_y,
            minute
    ),
    looks AS
    (
        SELECT
            *,
            arrayJoin(if(waiting > 0, [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 0), (0, 1), (1, -1), (1, 0), (1, 1)], [(0, 0)])) AS shift,
            toInt32(cell_x + (shift.1)) AS look_x,
            toInt32(cell_y + (shift.2)) AS look_y
        FROM stays
    ),
    accompanied AS
    (
        SELECT
            l.bucket AS bucket,
            l.map_id AS map_id,
            l.cell_x AS cell_x,
            l.cell_y AS cell_y,
            any(l.dwell) AS dwell,
            any(l.waiting) AS waiting,
            any(l.errors) AS errors,
            any(l.score_sum) AS score_sum,
            any(l.score_reports) AS score_reports,
            any(l.deviation_sum) AS deviation_sum,
            any(l.deviation_reports) AS deviation_reports,
            any(l.events_read) AS events_read,
            max((p.last_robot != '') AND ((p.first_robot != l.robot_id) OR (p.last_robot != l.robot_id))) AS has_company
        FROM looks AS l
        LEFT JOIN presence AS p ON (p.map_id = l.map_id) AND (p.cell_x = l.look_x) AND (p.cell_y = l.look_y) AND (p.minute = l.minute)
        GROUP BY
            l.robot_id,
            l.minute,
            l.spilt,
            bucket,
            map_id,
            cell_x,
            cell_y
    ),
    cells AS
    (
        SELECT
            bucket,
            map_id,
            cell_x,
            cell_y,
            sum(dwell) AS dwell,
            sum(waiting) AS waits,
            sumIf(waiting, has_company) AS congested,
            sum(errors) AS errors,
            sum(score_sum) AS score,
            sum(score_reports) AS scores,
            sum(deviation_sum) AS deviation,
            sum(deviation_reports) AS deviations,
            sum(events_read) AS all_read
        FROM accompanied
        GROUP BY
            bucket,
            map_id,
            cell_x,
            cell_y
        ORDER BY
            bucket ASC,
            map_id ASC,
            cell_x ASC,
            cell_y ASC
    ),
    rows AS
    (
        SELECT
            bucket,
            groupArray(map_id) AS map_ids,
            groupArray(cell_x) AS xs,
            groupArray(cell_y) AS ys,
            groupArray(dwell) AS dwells,
            groupArray(waits) AS all_waits,
            groupArray(congested) AS all_congested,
            groupArray(errors) AS all_errors,
            groupArray(score) AS all_scores,
            groupArray(scores) AS counts_of_scores,
            groupArray(deviation) AS all_deviations,
            groupArray(deviations) AS counts_of_deviations,
            sum(all_read) AS read
        FROM cells
        GROUP BY bucket
    )
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
FROM
(
    SELECT arrayJoin(plan.1) AS d
) AS n
LEFT JOIN rows AS r ON r.bucket = n.d.minute
ORDER BY bucket ASC;

CREATE TABLE warehouse.floor_plans
(
    `map_id` String,
    `site_id` String,
    `name` String,
    `image` String COMMENT 'PNG bytes',
    `width` UInt32 COMMENT 'pixels',
    `height` UInt32 COMMENT 'pixels',
    `resolution` Float64 COMMENT 'metres a pixel',
    `origin_x` Float64 COMMENT 'metres, lower-left pixel in the map frame',
    `origin_y` Float64 COMMENT 'metres',
    `origin_yaw` Float64 COMMENT 'radians, counter-clockwise',
    `checksum` String COMMENT 'of what was imported: the same plan twice changes nothing',
    `updated_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY map_id
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.lanes
(
    `map_id` String,
    `lane_id` String,
    `name` String,
    `kind` LowCardinality(String),
    `path` Array(Tuple(
        x Float64,
        y Float64)) COMMENT 'metres, map frame; in the direction of travel',
    `deleted` UInt8 DEFAULT 0 COMMENT '1 hides the lane',
    `updated_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (map_id, lane_id)
SETTINGS index_granularity = 8192;

CREATE VIEW warehouse.newest_whole_minute
(
    `minute` DateTime('UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which is the newest minute of the last hour that v_robot_minutes has to its end? One row; 1970 if there is none.'
AS SELECT max(p.minute) AS minute
FROM warehouse.telemetry_minute AS p
WHERE (p.is_progress = 1) AND (p.minute >= (now('UTC') - toIntervalHour(1))) AND (p.computed_at >= (p.minute + toIntervalSecond(75)));

CREATE TABLE warehouse.path_offset_history
(
    `path` Enum8('ingestor' = 1, 'engine' = 2),
    `topic` LowCardinality(String),
    `partition` Int32,
    `bucket` DateTime('UTC') COMMENT 'start of five minutes' CODEC(Delta(4), ZSTD(1)),
    `first_sample` SimpleAggregateFunction(min, Tuple(
        at DateTime64(3, 'UTC'),
        end_offset Int64,
        committed_offset Int64)),
    `last_sample` SimpleAggregateFunction(max, Tuple(
        at DateTime64(3, 'UTC'),
        end_offset Int64,
        committed_offset Int64))
)
ENGINE = AggregatingMergeTree
ORDER BY (path, topic, partition, bucket)
TTL bucket + toIntervalDay(1)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.path_offset_history_mv TO warehouse.path_offset_history
(
    `path` Enum8('ingestor' = 1, 'engine' = 2),
    `topic` LowCardinality(String),
    `partition` Int32,
    `bucket` DateTime('UTC'),
    `first_sample` Tuple(
        at DateTime64(3, 'UTC'),
        end_offset Int64,
        committed_offset Int64),
    `last_sample` Tuple(
        at DateTime64(3, 'UTC'),
        end_offset Int64,
        committed_offset Int64)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    o.path AS path,
    o.topic AS topic,
    o.partition AS partition,
    toStartOfFiveMinutes(toDateTime(o.sampled_at, 'UTC')) AS bucket,
    min(CAST((o.sampled_at, o.end_offset, o.committed_offset), 'Tuple(at DateTime64(3, \'UTC\'), end_offset Int64, committed_offset Int64)')) AS first_sample,
    max(CAST((o.sampled_at, o.end_offset, o.committed_offset), 'Tuple(at DateTime64(3, \'UTC\'), end_offset Int64, committed_offset Int64)')) AS last_sample
FROM warehouse.path_offsets AS o
GROUP BY
    path,
    topic,
    partition,
    bucket;

CREATE TABLE warehouse.path_offsets
(
    `path` Enum8('ingestor' = 1, 'engine' = 2),
    `topic` LowCardinality(String),
    `partition` Int32,
    `sampled_at` DateTime64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `end_offset` Int64 COMMENT 'offset that the next message of the partition gets' CODEC(Delta(8), ZSTD(1)),
    `committed_offset` Int64 COMMENT 'offset of the first message that the path has not stored' CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree
ORDER BY (sampled_at, path, topic, partition)
TTL toDateTime(sampled_at) + toIntervalDay(1)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE TABLE warehouse.path_progress
(
    `source` Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5),
    `topic` LowCardinality(String),
    `partition` Int32,
    `second` DateTime('UTC') COMMENT 'of arrival',
    `rows` SimpleAggregateFunction(sum, UInt64),
    `max_offset` SimpleAggregateFunction(max, Int64),
    `last_ts` SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    `last_received_at` SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
)
ENGINE = AggregatingMergeTree
ORDER BY (second, source, topic, partition)
TTL second + toIntervalDay(1)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.path_progress_mv TO warehouse.path_progress
(
    `source` Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5),
    `topic` LowCardinality(String),
    `partition` Int32,
    `second` DateTime('UTC'),
    `rows` UInt64,
    `max_offset` Int64,
    `last_ts` DateTime64(3, 'UTC'),
    `last_received_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    source,
    topic,
    partition,
    toDateTime(r.received_at, 'UTC') AS second,
    count() AS rows,
    max(r.offset) AS max_offset,
    max(r.ts) AS last_ts,
    max(r.received_at) AS last_received_at
FROM warehouse.telemetry_raw AS r
GROUP BY
    source,
    topic,
    partition,
    second;

CREATE MATERIALIZED VIEW warehouse.path_progress_stored_mv TO warehouse.path_progress
(
    `source` Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5),
    `topic` LowCardinality(String),
    `partition` Int32,
    `second` DateTime('UTC'),
    `rows` UInt64,
    `max_offset` Int64,
    `last_ts` DateTime64(3, 'UTC'),
    `last_received_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    e.source AS source,
    e.topic AS topic,
    e.partition AS partition,
    e.second AS second,
    count() AS rows,
    max(e.offset) AS max_offset,
    max(e.ts) AS last_ts,
    max(e.received_at) AS last_received_at
FROM
(
    SELECT
        r.source AS source,
        r.topic AS topic,
        r.partition AS partition,
        toDateTime(r.received_at, 'UTC') AS second,
        r.offset AS offset,
        r.ts AS ts,
        r.received_at AS received_at
    FROM warehouse.telemetry_stored AS r
) AS e
LEFT JOIN
(
    SELECT
        p.source AS source,
        p.topic AS topic,
        p.partition AS partition,
        p.second AS second,
        max(p.max_offset) + 1 AS counted_to
    FROM warehouse.path_progress AS p
    WHERE p.second >= (
        SELECT min(toDateTime(t.received_at, 'UTC'))
        FROM warehouse.telemetry_stored AS t
    )
    GROUP BY
        p.source,
        p.topic,
        p.partition,
        p.second
) AS c ON (c.source = e.source) AND (c.topic = e.topic) AND (c.partition = e.partition) AND (c.second = e.second)
WHERE e.offset >= c.counted_to
GROUP BY
    source,
    topic,
    partition,
    second;

CREATE TABLE warehouse.personal_fields
(
    `field` String
)
ENGINE = ReplacingMergeTree
ORDER BY field
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.robot_arrivals
(
    `bucket` DateTime('UTC') COMMENT 'start of ten minutes of arrival' CODEC(Delta(4), ZSTD(1)),
    `robot_id` LowCardinality(String),
    `first_arrival` SimpleAggregateFunction(min, DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
    `last_arrival` SimpleAggregateFunction(max, DateTime64(3, 'UTC')) CODEC(Delta(8), ZSTD(1)),
    `min_delay_ms` SimpleAggregateFunction(min, Int64) COMMENT 'arrival minus event time, milliseconds; negative: the clock is ahead' CODEC(T64, ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (bucket, robot_id)
TTL bucket + toIntervalDay(1)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.robot_arrivals_mv TO warehouse.robot_arrivals
(
    `bucket` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `first_arrival` DateTime64(3, 'UTC'),
    `last_arrival` DateTime64(3, 'UTC'),
    `min_delay_ms` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    toStartOfTenMinutes(toDateTime(r.received_at, 'UTC')) AS bucket,
    r.robot_id AS robot_id,
    min(r.received_at) AS first_arrival,
    max(r.received_at) AS last_arrival,
    min(dateDiff('millisecond', r.ts, r.received_at)) AS min_delay_ms
FROM warehouse.telemetry_raw AS r
WHERE r.source IN ('ingestor', 'engine')
GROUP BY
    bucket,
    robot_id;

CREATE MATERIALIZED VIEW warehouse.robot_arrivals_stored_mv TO warehouse.robot_arrivals
(
    `bucket` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `first_arrival` DateTime64(3, 'UTC'),
    `last_arrival` DateTime64(3, 'UTC'),
    `min_delay_ms` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    toStartOfTenMinutes(toDateTime(r.received_at, 'UTC')) AS bucket,
    r.robot_id AS robot_id,
    min(r.received_at) AS first_arrival,
    max(r.received_at) AS last_arrival,
    min(dateDiff('millisecond', r.ts, r.received_at)) AS min_delay_ms
FROM warehouse.telemetry_stored AS r
WHERE r.source IN ('ingestor', 'engine')
GROUP BY
    bucket,
    robot_id;

CREATE VIEW warehouse.robot_conditions
(
    `robot_id` LowCardinality(String),
    `low_from` DateTime64(3, 'UTC'),
    `low_arrivals` Array(DateTime64(3, 'UTC')),
    `low_battery_since` DateTime64(3, 'UTC'),
    `low_gaps` Array(Float64),
    `low_stored_seconds` Float64,
    `lost_from` DateTime64(3, 'UTC'),
    `lost_arrivals` Array(DateTime64(3, 'UTC')),
    `lost_since` DateTime64(3, 'UTC'),
    `lost_gaps` Array(Float64),
    `lost_stored_seconds` Float64,
    `delay_seconds` Float64,
    `first_other` UInt32,
    `alike` Array(Tuple(
        DateTime64(3, 'UTC'),
        Float64)),
    `is_steady` UInt8,
    `late_in_time` Array(Tuple(
        DateTime64(3, 'UTC'),
        Float64)),
    `behind_seconds` Float64,
    `behind_at` Array(DateTime64(3, 'UTC')),
    `is_behind` UInt8
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Since when has a robot had a low battery or lost its position, and is its delay that of its clock? Only robots that can have one of these.'
AS SELECT
    c.robot_id AS robot_id,
    arrayMin(arrayFilter(at -> (at > c.battery_fine_at), c.battery_low_at)) AS low_from,
    arraySort(arrayFilter(at -> ((at > c.battery_fine_at) AND (at >= low_from)), c.arrivals.1)) AS low_arrivals,
    low_arrivals[1] AS low_battery_since,
    arrayPopFront(arrayDifference(arrayMap(at -> (toUnixTimestamp64Milli(at) / 1000), low_arrivals))) AS low_gaps,
    arraySum(gap -> if(gap <= greatest(60, 3 * arrayReduce('median', low_gaps)), gap, 0), low_gaps) AS low_stored_seconds,
    arrayMin(arrayFilter(at -> (at > c.localized_at), c.lost_at)) AS lost_from,
    arraySort(arrayFilter(at -> ((at > c.localized_at) AND (at >= lost_from)), c.arrivals.1)) AS lost_arrivals,
    lost_arrivals[1] AS lost_since,
    arrayPopFront(arrayDifference(arrayMap(at -> (toUnixTimestamp64Milli(at) / 1000), lost_arrivals))) AS lost_gaps,
    arraySum(gap -> if(gap <= greatest(60, 3 * arrayReduce('median', lost_gaps)), gap, 0), lost_gaps) AS lost_stored_seconds,
    (c.arrivals[1]).2 AS delay_seconds,
    arrayFirstIndex(arrival -> (abs((arrival.2) - delay_seconds) > 15), c.arrivals) AS first_other,
    if(first_other = 0, c.arrivals, arraySlice(c.arrivals, 1, first_other - 1)) AS alike,
    (length(alike) >= 3) AND (dateDiff('second', (alike[-1]).1, (alike[1]).1) >= 30) AS is_steady,
    arrayFilter(arrival -> ((arrival.1) > c.clock_fine_at), c.in_time) AS late_in_time,
    arrayMin(late_in_time.2) AS behind_seconds,
    (arrayFilter(arrival -> ((arrival.2) <= (behind_seconds + 15)), late_in_time)).1 AS behind_at,
    (length(behind_at) >= 3) AND (dateDiff('second', arrayMin(behind_at), arrayMax(behind_at)) >= 30) AS is_behind
FROM
(
    SELECT
        e.robot_id AS robot_id,
        maxIf(e.received_at, (e.battery >= 10) OR (e.state = 'charging')) AS battery_fine_at,
        groupArrayIf(e.received_at, e.battery < 10) AS battery_low_at,
        maxIf(e.received_at, e.localized = 1) AS localized_at,
        groupArrayIf(e.received_at, e.localized = 0) AS lost_at,
        maxIf(e.received_at, e.late_seconds <= 60) AS clock_fine_at,
        groupUniqArrayIf((e.received_at, e.late_seconds), e.is_in_time) AS in_time,
        arrayReverseSort(groupUniqArray((e.received_at, e.late_seconds))) AS arrivals
    FROM
    (
        WITH
            (
                SELECT least(max(w.arrived_at), now64(3, 'UTC'))
                FROM warehouse.robot_latest AS w
            ) AS newest_at
        SELECT
            r.robot_id AS robot_id,
            r.received_at AS received_at,
            r.battery AS battery,
            r.state AS state,
            dateDiff('millisecond', r.ts, r.received_at) / 1000 AS late_seconds,
            r.received_at <= p.in_time_at AS is_in_time,
            if(JSONType(r.meta, 'localized') = 'Bool', toUInt8(JSONExtractBool(r.meta, 'localized')), NULL) AS localized
        FROM warehouse.telemetry_raw AS r
        LEFT JOIN
        (
            SELECT
                s.topic AS topic,
                s.partition AS partition,
                max(s.in_time_at) AS in_time_at
            FROM
            (
                SELECT
                    toString(o.topic) AS topic,
                    o.partition AS partition,
                    arraySort(groupUniqArray((o.sampled_at, o.end_offset, o.committed_offset))) AS samples,
                    arrayMax(arrayMap((sample, previous) -> if(((sample.3) >= (previous.2)) AND (dateDiff('second', previous.1, sample.1) <= 15), sample.1, toDateTime64(0, 3, 'UTC')), samples, arrayPushFront(arrayPopBack(samples), samples[1]))) AS in_time_at
                FROM warehouse.path_offsets AS o
                WHERE o.sampled_at > (now64(3, 'UTC') - toIntervalMinute(20))
                GROUP BY
                    o.path,
                    topic,
                    partition
            ) AS s
            GROUP BY
                s.topic,
                s.partition
        ) AS p ON (p.topic = toString(r.topic)) AND (p.partition = r.partition)
        WHERE (r.received_at > (newest_at - toIntervalMinute(20))) AND (r.source IN ('ingestor', 'engine')) AND (r.robot_id IN (
            SELECT m.robot_id
            FROM
            (
                SELECT
                    n.robot_id AS robot_id,
                    n.battery AS battery,
                    n.meta AS meta,
                    dateDiff('second', n.ts, greatest(n.arrived_at, a.arrived_at)) AS delay,
                    quantileExact(0.5)(delay) OVER () AS usual_delay
                FROM
                (
                    SELECT
                        l.robot_id AS robot_id,
                        max(l.arrived_at) AS arrived_at,
                        argMax(l.ts, l.version) AS ts,
                        argMax(l.battery, l.version) AS battery,
                        argMaxIf(l.meta, l.version, l.x IS NOT NULL) AS meta
                    FROM warehouse.robot_latest AS l
                    GROUP BY l.robot_id
                ) AS n
                LEFT JOIN
                (
                    SELECT
                        a.robot_id AS robot_id,
                        max(a.last_arrival) AS arrived_at
                    FROM warehouse.robot_arrivals AS a
                    WHERE a.bucket >= toStartOfTenMinutes(now('UTC') - toIntervalMinute(10))
                    GROUP BY a.robot_id
                ) AS a ON a.robot_id = n.robot_id
                WHERE greatest(n.arrived_at, a.arrived_at) > (newest_at - toIntervalMinute(20))
            ) AS m
            WHERE (ifNull(m.battery, 100) < 10) OR (m.delay <= -60) OR (m.delay >= greatest(60, m.usual_delay + 45)) OR ((JSONType(m.meta, 'localized') = 'Bool') AND (NOT JSONExtractBool(m.meta, 'localized')))
        ))
    ) AS e
    GROUP BY e.robot_id
) AS c;

CREATE TABLE warehouse.robot_latest
(
    `robot_id` LowCardinality(String),
    `present` UInt16 COMMENT 'which of the nullable fields the event has, a bit each',
    `version` UInt64 COMMENT 'the earlier of ts and arrival in milliseconds, times 2; 1 more when it arrived live, so that a replay of an event does not take its place',
    `ts` DateTime64(3, 'UTC') COMMENT 'event time, as the robot reports it',
    `arrived_at` DateTime64(3, 'UTC') COMMENT '1970 for a replay, repair or backfill: these are not arrivals',
    `topic` LowCardinality(String),
    `partition` Int32,
    `event_type` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `battery` Nullable(Float32),
    `firmware` LowCardinality(Nullable(String)),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `speed` Nullable(Float32),
    `map_id` LowCardinality(Nullable(String)),
    `meta` String COMMENT 'of an event with a position: localisation lives there',
    `state` LowCardinality(Nullable(String)),
    `task_id` Nullable(String),
    `error_code` LowCardinality(Nullable(String)),
    `stored_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'when ClickHouse stored the row, by its own clock: robots and ingestors have others'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (robot_id, present)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.robot_latest_mv TO warehouse.robot_latest
(
    `robot_id` LowCardinality(String),
    `present` UInt16,
    `version` UInt64,
    `ts` DateTime64(3, 'UTC'),
    `arrived_at` DateTime64(3, 'UTC'),
    `topic` LowCardinality(String),
    `partition` Int32,
    `event_type` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `battery` Nullable(Float32),
    `firmware` LowCardinality(Nullable(String)),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `speed` Nullable(Float32),
    `map_id` LowCardinality(Nullable(String)),
    `meta` String,
    `state` LowCardinality(Nullable(String)),
    `task_id` Nullable(String),
    `error_code` LowCardinality(Nullable(String))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    r.source IN ('ingestor', 'engine') AS is_live
SELECT
    r.robot_id AS robot_id,
    toUInt16((((((((((r.site_id IS NOT NULL) + (2 * (r.battery IS NOT NULL))) + (4 * (r.firmware IS NOT NULL))) + (8 * (r.x IS NOT NULL))) + (16 * (r.theta IS NOT NULL))) + (32 * (r.speed IS NOT NULL))) + (64 * (r.map_id IS NOT NULL))) + (128 * (r.state IS NOT NULL))) + (256 * (r.task_id IS NOT NULL))) + (512 * (r.error_code IS NOT NULL))) AS present,
    (bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))), 22) + bitShiftLeft(toUInt64(is_live), 21)) + bitAnd(toUInt64(r.offset), 2097151) AS version,
    r.ts AS ts,
    if(is_live, r.received_at, toDateTime64(0, 3, 'UTC')) AS arrived_at,
    r.topic AS topic,
    r.partition AS partition,
    r.event_type AS event_type,
    r.site_id AS site_id,
    r.battery AS battery,
    r.firmware AS firmware,
    r.x AS x,
    r.y AS y,
    r.theta AS theta,
    r.speed AS speed,
    r.map_id AS map_id,
    if(r.x IS NULL, '', r.meta) AS meta,
    r.state AS state,
    r.task_id AS task_id,
    r.error_code AS error_code
FROM warehouse.telemetry_raw AS r
ORDER BY version DESC
LIMIT 1 BY
    robot_id,
    present;

CREATE MATERIALIZED VIEW warehouse.robot_latest_stored_mv TO warehouse.robot_latest
(
    `robot_id` LowCardinality(String),
    `present` UInt16,
    `version` UInt64,
    `ts` DateTime64(3, 'UTC'),
    `arrived_at` DateTime64(3, 'UTC'),
    `topic` LowCardinality(String),
    `partition` Int32,
    `event_type` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `battery` Nullable(Float32),
    `firmware` LowCardinality(Nullable(String)),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `speed` Nullable(Float32),
    `map_id` LowCardinality(Nullable(String)),
    `meta` String,
    `state` LowCardinality(Nullable(String)),
    `task_id` Nullable(String),
    `error_code` LowCardinality(Nullable(String))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    r.source IN ('ingestor', 'engine') AS is_live
SELECT
    r.robot_id AS robot_id,
    toUInt16((((((((((r.site_id IS NOT NULL) + (2 * (r.battery IS NOT NULL))) + (4 * (r.firmware IS NOT NULL))) + (8 * (r.x IS NOT NULL))) + (16 * (r.theta IS NOT NULL))) + (32 * (r.speed IS NOT NULL))) + (64 * (r.map_id IS NOT NULL))) + (128 * (r.state IS NOT NULL))) + (256 * (r.task_id IS NOT NULL))) + (512 * (r.error_code IS NOT NULL))) AS present,
    (bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))), 22) + bitShiftLeft(toUInt64(is_live), 21)) + bitAnd(toUInt64(r.offset), 2097151) AS version,
    r.ts AS ts,
    if(is_live, r.received_at, toDateTime64(0, 3, 'UTC')) AS arrived_at,
    r.topic AS topic,
    r.partition AS partition,
    r.event_type AS event_type,
    r.site_id AS site_id,
    r.battery AS battery,
    r.firmware AS firmware,
    r.x AS x,
    r.y AS y,
    r.theta AS theta,
    r.speed AS speed,
    r.map_id AS map_id,
    if(r.x IS NULL, '', r.meta) AS meta,
    r.state AS state,
    r.task_id AS task_id,
    r.error_code AS error_code
FROM warehouse.telemetry_stored AS r
ORDER BY version DESC
LIMIT 1 BY
    robot_id,
    present;

CREATE TABLE warehouse.robot_retirements
(
    `robot_id` String,
    `retired` UInt8 COMMENT '0: restored',
    `changed_by` String COMMENT 'as given to the command, or the user of the operating system',
    `reason` String,
    `changed_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(changed_at)
ORDER BY robot_id
SETTINGS index_granularity = 8192;

CREATE VIEW warehouse.robot_rhythms
(
    `robot_id` LowCardinality(String),
    `times` Array(Tuple(
        SimpleAggregateFunction(min, DateTime64(3, 'UTC')),
        SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
        DateTime('UTC'))),
    `gap_seconds` Array(Float64),
    `gaps` UInt64,
    `usual_gap_seconds` Float64,
    `allowed_seconds` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'For how long can each robot be silent? Without a row: 60 s.'
AS SELECT
    a.robot_id AS robot_id,
    arraySort(groupArray((a.first_arrival, a.last_arrival, a.bucket))) AS times,
    arrayFilter(gap -> (gap > 0), arrayMap((next, previous) -> if((next.3) = (previous.3), 0, dateDiff('millisecond', previous.2, next.1) / 1000), arrayPopFront(times), arrayPopBack(times))) AS gap_seconds,
    length(gap_seconds) AS gaps,
    if(gaps = 0, 0, arrayReduce('median', gap_seconds)) AS usual_gap_seconds,
    greatest(60, least(3 * usual_gap_seconds, if(gaps < 3, 3600, inf))) AS allowed_seconds
FROM warehouse.robot_arrivals AS a
WHERE (a.bucket >= (now('UTC') - toIntervalDay(1))) AND (a.robot_id IN (
    SELECT s.robot_id
    FROM warehouse.robot_latest AS s
    GROUP BY s.robot_id
    HAVING max(s.arrived_at) < (now64(3, 'UTC') - toIntervalSecond(30))
))
GROUP BY a.robot_id;

CREATE VIEW warehouse.robot_sites
(
    `robot_id` LowCardinality(String),
    `site_id` Nullable(String)
)
DEFINER = floorwatch_locator SQL SECURITY DEFINER
COMMENT 'At which site is each robot? NULL when it never reported one.'
AS SELECT
    l.robot_id AS robot_id,
    argMax(l.site_id, l.version) AS site_id
FROM warehouse.robot_latest AS l
GROUP BY l.robot_id;

CREATE VIEW warehouse.robot_stands
(
    `robot_id` LowCardinality(String),
    `minutes` Array(UInt32),
    `stands` Array(Array(UInt32)),
    `lengths` Array(UInt64),
    `standing_minutes` UInt64,
    `earlier` Array(UInt64),
    `allowed_minutes` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robots have stood for five minutes or more while they work, and for how long is that usual?'
AS WITH
    (
        SELECT w.minute
        FROM warehouse.newest_whole_minute AS w
    ) AS newest_minute
SELECT
    d.robot_id AS robot_id,
    arraySort(groupArray(intDiv(toUnixTimestamp(d.minute), 60))) AS minutes,
    arraySplit((minute, follows) -> (NOT follows), minutes, arrayMap((minute, previous) -> (minute = (previous + 1)), minutes, arrayPushFront(arrayPopBack(minutes), 0))) AS stands,
    arrayMap(stand -> length(stand), stands) AS lengths,
    lengths[-1] AS standing_minutes,
    arrayFilter(stand_minutes -> (stand_minutes >= 3), arrayPopBack(lengths)) AS earlier,
    if(length(earlier) < 3, 5, greatest(5, least(30, 2 * arrayReduce('quantileExactLow(0.5)', earlier)))) AS allowed_minutes
FROM warehouse.v_robot_minutes AS d
WHERE (d.minute >= (now('UTC') - toIntervalDay(1))) AND (d.minute <= newest_minute) AND (d.distance_metres < 0.2) AND (d.seconds_working > 55) AND (d.robot_id IN (
    SELECT r.robot_id
    FROM warehouse.v_robot_minutes AS r
    WHERE (r.minute > (newest_minute - toIntervalMinute(5))) AND (r.minute <= newest_minute) AND (r.distance_metres < 0.2) AND (r.seconds_working > 55)
    GROUP BY r.robot_id
    HAVING count() = 5
)) AND (d.robot_id NOT IN (
    SELECT n.robot_id
    FROM warehouse.v_robot_minutes AS n
    WHERE (n.minute > newest_minute) AND (n.distance_metres >= 0.2)
))
GROUP BY d.robot_id;

CREATE TABLE warehouse.robot_state_minutes
(
    `inserted_at` DateTime('UTC') COMMENT 'start of the minute of insertion, by the clock of the server' CODEC(Delta(4), ZSTD(1)),
    `robot_id` LowCardinality(String),
    `state` LowCardinality(String) COMMENT 'as reported; `task`: names a task under way, `no task`: names one that ended',
    `minute` UInt32 COMMENT 'of `start`, since 1970' CODEC(Delta(4), ZSTD(1)),
    `last` SimpleAggregateFunction(max, UInt64),
    `before` SimpleAggregateFunction(max, UInt64) COMMENT '0: no event of another state',
    `start` SimpleAggregateFunction(min, UInt64) COMMENT 'not after `before`: unknown'
)
ENGINE = AggregatingMergeTree
ORDER BY (inserted_at, robot_id, state, minute)
TTL inserted_at + toIntervalDay(1)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.robot_state_minutes_mv TO warehouse.robot_state_minutes
(
    `inserted_at` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `state` String,
    `minute` UInt32,
    `last` UInt64,
    `before` UInt64,
    `start` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    toStartOfMinute(now('UTC')) AS inserted_at,
    b.robot_id AS robot_id,
    b.state AS state,
    toUInt32(intDiv(bitShiftRight(bitAnd(start, 9223372036854775807), 22), 60000)) AS minute,
    b.last AS last,
    arrayMax((event, code) -> if(code = b.newest, 0, event), b.events, b.codes) AS before,
    arrayMin(event -> if(event > before, event, b.last), b.events) AS start
FROM
(
    WITH
        ((bitShiftLeft(toUInt64(r.state IS NOT NULL), 63) + bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))), 22)) + bitShiftLeft(toUInt64((r.source IN ('ingestor', 'engine'))), 21)) + bitAnd(toUInt64(r.offset), 2097151) AS version,
        ifNull(r.state, if((r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED')), 'no task', 'task')) AS said
    SELECT
        r.robot_id AS robot_id,
        groupArray(version) AS events,
        groupArray(cityHash64(said)) AS codes,
        max(version) AS last,
        argMax(said, version) AS state,
        cityHash64(state) AS newest
    FROM warehouse.telemetry_raw AS r
    WHERE (r.state IS NOT NULL) OR (r.task_id IS NOT NULL)
    GROUP BY robot_id
) AS b;

CREATE MATERIALIZED VIEW warehouse.robot_state_minutes_stored_mv TO warehouse.robot_state_minutes
(
    `inserted_at` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `state` String,
    `minute` UInt32,
    `last` UInt64,
    `before` UInt64,
    `start` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    toStartOfMinute(now('UTC')) AS inserted_at,
    b.robot_id AS robot_id,
    b.state AS state,
    toUInt32(intDiv(bitShiftRight(bitAnd(start, 9223372036854775807), 22), 60000)) AS minute,
    b.last AS last,
    arrayMax((event, code) -> if(code = b.newest, 0, event), b.events, b.codes) AS before,
    arrayMin(event -> if(event > before, event, b.last), b.events) AS start
FROM
(
    WITH
        ((bitShiftLeft(toUInt64(r.state IS NOT NULL), 63) + bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))), 22)) + bitShiftLeft(toUInt64((r.source IN ('ingestor', 'engine'))), 21)) + bitAnd(toUInt64(r.offset), 2097151) AS version,
        ifNull(r.state, if((r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED')), 'no task', 'task')) AS said
    SELECT
        r.robot_id AS robot_id,
        groupArray(version) AS events,
        groupArray(cityHash64(said)) AS codes,
        max(version) AS last,
        argMax(said, version) AS state,
        cityHash64(state) AS newest
    FROM warehouse.telemetry_stored AS r
    WHERE (r.state IS NOT NULL) OR (r.task_id IS NOT NULL)
    GROUP BY robot_id
) AS b;

CREATE TABLE warehouse.robot_states
(
    `robot_id` LowCardinality(String),
    `state` LowCardinality(String),
    `last` UInt64,
    `before` UInt64,
    `start` UInt64,
    `inserted_at` DateTime('UTC') COMMENT 'the newest minute that was read: minutes from two minutes before it may be missing'
)
ENGINE = ReplacingMergeTree(last)
ORDER BY robot_id
SETTINGS non_replicated_deduplication_window = 100, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.robot_states_mv
REFRESH EVERY 1 MINUTE APPEND TO warehouse.robot_states
(
    `robot_id` LowCardinality(String),
    `state` String,
    `last` UInt64,
    `before` UInt64,
    `start` UInt64,
    `inserted_at` DateTime('UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    combined AS
    (
        SELECT
            s.robot_id AS robot_id,
            argMax(s.state, s.last) AS state,
            max(s.last) AS last,
            greatest(max(s.before), arrayReverseSort(groupArray(s.last))[2]) AS before,
            arrayMin((first_event, last_event) -> if(last_event <= before, 18446744073709551615, greatest(first_event, before)), argMax(s.starts, s.last), argMax(s.lasts, s.last)) AS start,
            max(s.inserted_at) AS inserted_at
        FROM
        (
            SELECT
                u.robot_id AS robot_id,
                u.state AS state,
                max(u.last) AS last,
                max(u.before) AS before,
                groupArray(u.start) AS starts,
                groupArray(u.last) AS lasts,
                max(u.inserted_at) AS inserted_at
            FROM
            (
                SELECT
                    robot_id,
                    state,
                    last,
                    before,
                    start,
                    inserted_at
                FROM warehouse.robot_states
                UNION ALL
                SELECT
                    robot_id,
                    state,
                    last,
                    before,
                    start,
                    inserted_at
                FROM warehouse.robot_state_minutes
                WHERE inserted_at >= (
                    SELECT greatest(max(c.inserted_at), toDateTime(120, 'UTC')) - toIntervalMinute(2)
                    FROM warehouse.robot_states AS c
                )
            ) AS u
            GROUP BY
                robot_id,
                state
        ) AS s
        GROUP BY robot_id
    ),
    lost AS
    (
        SELECT
            l.robot_id AS robot_id,
            l.before AS before
        FROM combined AS l
        WHERE l.start = l.before
    )
SELECT
    c.robot_id AS robot_id,
    c.state AS state,
    c.last AS last,
    c.before AS before,
    if((c.start = c.before) AND (f.start > c.before), f.start, c.start) AS start,
    c.inserted_at AS inserted_at
FROM combined AS c
LEFT JOIN
(
    SELECT
        r.robot_id AS robot_id,
        min(r.event) AS start
    FROM
    (
        SELECT
            e.robot_id AS robot_id,
            ((bitShiftLeft(toUInt64(e.state IS NOT NULL), 63) + bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(e.ts, e.received_at)))), 22)) + bitShiftLeft(toUInt64((e.source IN ('ingestor', 'engine'))), 21)) + bitAnd(toUInt64(e.offset), 2097151) AS event
        FROM warehouse.telemetry_raw AS e
        WHERE (e.robot_id IN (
            SELECT robot_id
            FROM lost
        )) AND (e.ts >= (
            SELECT fromUnixTimestamp64Milli(toInt64(bitShiftRight(min(bitAnd(before, 9223372036854775807)), 22)), 'UTC')
            FROM lost
        )) AND ((e.state IS NOT NULL) OR (e.task_id IS NOT NULL))
    ) AS r
    INNER JOIN lost AS n ON n.robot_id = r.robot_id
    WHERE r.event > n.before
    GROUP BY r.robot_id
) AS f ON f.robot_id = c.robot_id;

CREATE TABLE warehouse.robots
(
    `robot_id` String,
    `model` LowCardinality(String) COMMENT 'becomes meta.model; empty when unknown',
    `site_id` LowCardinality(String) COMMENT 'becomes site_id of events that have none; empty when unknown',
    `fleet` LowCardinality(String) COMMENT 'becomes meta.fleet; empty when unknown',
    `deleted` UInt8 DEFAULT 0 COMMENT '1 hides the robot',
    `updated_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY robot_id
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.rollup_events
(
    `minute` DateTime('UTC') CODEC(DoubleDelta, LZ4),
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC') CODEC(Delta(8), LZ4),
    `event_id` UUID CODEC(NONE),
    `event_type` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `map_id` LowCardinality(Nullable(String)),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` LowCardinality(String) COMMENT '`unknown` without a state and without a task',
    `clock_ahead` Bool COMMENT 'dated more than 60 s after its arrival',
    `score` Nullable(Float32) COMMENT 'meta.localization_score, 0 to 1',
    `deviation` Nullable(Float32) COMMENT 'meta.deviation_range, metres'
)
ENGINE = ReplacingMergeTree
PARTITION BY toStartOfHour(minute)
ORDER BY (minute, robot_id, ts, event_id)
TTL minute + toIntervalHour(3)
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.rollup_events_mv TO warehouse.rollup_events
(
    `minute` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC'),
    `event_id` UUID,
    `event_type` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `map_id` LowCardinality(Nullable(String)),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` LowCardinality(Nullable(String)),
    `clock_ahead` Bool,
    `score` Nullable(Float32),
    `deviation` Nullable(Float32)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    toStartOfMinute(r.ts) AS minute,
    r.robot_id AS robot_id,
    r.ts AS ts,
    r.event_id AS event_id,
    r.event_type AS event_type,
    r.site_id AS site_id,
    r.map_id AS map_id,
    r.x AS x,
    r.y AS y,
    r.speed AS speed,
    r.battery AS battery,
    toLowCardinality(toString(multiIf(r.state IS NOT NULL, r.state, (r.task_id IS NOT NULL) AND (r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED')), 'working', 'unknown'))) AS state,
    toBool(r.ts > (r.received_at + toIntervalMinute(1))) AS clock_ahead,
    (JSONExtract(r.meta, 'Tuple(localization_score Nullable(Float32), deviation_range Nullable(Float32))') AS from_meta).1 AS score,
    from_meta.2 AS deviation
FROM warehouse.telemetry_raw AS r
WHERE r.ts >= (now64(3, 'UTC') - toIntervalHour(3));

CREATE MATERIALIZED VIEW warehouse.rollup_events_stored_mv TO warehouse.rollup_events
(
    `minute` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC'),
    `event_id` UUID,
    `event_type` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `map_id` LowCardinality(Nullable(String)),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` LowCardinality(Nullable(String)),
    `clock_ahead` Bool,
    `score` Nullable(Float32),
    `deviation` Nullable(Float32)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    toStartOfMinute(r.ts) AS minute,
    r.robot_id AS robot_id,
    r.ts AS ts,
    r.event_id AS event_id,
    r.event_type AS event_type,
    r.site_id AS site_id,
    r.map_id AS map_id,
    r.x AS x,
    r.y AS y,
    r.speed AS speed,
    r.battery AS battery,
    toLowCardinality(toString(multiIf(r.state IS NOT NULL, r.state, (r.task_id IS NOT NULL) AND (r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED')), 'working', 'unknown'))) AS state,
    toBool(r.ts > (r.received_at + toIntervalMinute(1))) AS clock_ahead,
    (JSONExtract(r.meta, 'Tuple(localization_score Nullable(Float32), deviation_range Nullable(Float32))') AS from_meta).1 AS score,
    from_meta.2 AS deviation
FROM warehouse.telemetry_stored AS r
WHERE r.ts >= (now64(3, 'UTC') - toIntervalHour(3));

CREATE VIEW warehouse.rollup_stored_events
(
    `minute` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC'),
    `event_id` UUID,
    `event_type` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `map_id` LowCardinality(Nullable(String)),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` LowCardinality(Nullable(String)),
    `clock_ahead` Bool,
    `score` Nullable(Float32),
    `deviation` Nullable(Float32)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What the roll-ups read of each event.'
AS SELECT
    toStartOfMinute(r.ts) AS minute,
    r.robot_id AS robot_id,
    r.ts AS ts,
    r.event_id AS event_id,
    r.event_type AS event_type,
    r.site_id AS site_id,
    r.map_id AS map_id,
    r.x AS x,
    r.y AS y,
    r.speed AS speed,
    r.battery AS battery,
    toLowCardinality(toString(multiIf(r.state IS NOT NULL, r.state, (r.task_id IS NOT NULL) AND (r.event_type NOT IN ('TASK_COMPLETED', 'TASK_FAILED')), 'working', 'unknown'))) AS state,
    toBool(r.ts > (r.received_at + toIntervalMinute(1))) AS clock_ahead,
    JSONExtract(r.meta, 'localization_score', 'Nullable(Float32)') AS score,
    JSONExtract(r.meta, 'deviation_range', 'Nullable(Float32)') AS deviation
FROM warehouse.telemetry_raw AS r
FINAL;

CREATE TABLE warehouse.rollup_touched
(
    `is_robot` UInt8,
    `minute` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `robot_id` LowCardinality(String) COMMENT 'empty in the row of a minute',
    `events` SimpleAggregateFunction(sum, UInt64) CODEC(T64, ZSTD(1)),
    `on_time_events` SimpleAggregateFunction(sum, UInt64) COMMENT 'inserted before the minute was computed: it is computed for all robots' CODEC(T64, ZSTD(1)),
    `touches` SimpleAggregateFunction(sum, UInt64) COMMENT 'of a minute: robots that touched it, counted again by each block of an insert' CODEC(T64, ZSTD(1)),
    `touched_at` SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'time of the server at the last touch' CODEC(Delta(8), ZSTD(1))
)
ENGINE = AggregatingMergeTree
ORDER BY (is_robot, minute, robot_id)
TTL minute + toIntervalDay(95)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.rollup_touched_mv TO warehouse.rollup_touched
(
    `is_robot` UInt8,
    `minute` DateTime('UTC'),
    `robot_id` String,
    `events` UInt64,
    `on_time_events` UInt64,
    `touches` UInt64,
    `touched_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
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
        minute < toStartOfMinute(now('UTC') - toIntervalSecond(5)) AS is_late,
        is_late OR (r.ts > (now64(3, 'UTC') + toIntervalMinute(1))) AS is_touch,
        arrayJoin(if(is_touch, ['', toString(r.robot_id)], [''])) AS key
    FROM warehouse.telemetry_raw AS r
) AS t
GROUP BY
    t.minute,
    t.key;

CREATE MATERIALIZED VIEW warehouse.rollup_touched_stored_mv TO warehouse.rollup_touched
(
    `is_robot` UInt8,
    `minute` DateTime('UTC'),
    `robot_id` String,
    `events` UInt64,
    `on_time_events` UInt64,
    `touches` UInt64,
    `touched_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
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
        minute < toStartOfMinute(now('UTC') - toIntervalSecond(5)) AS is_late,
        is_late OR (r.ts > (now64(3, 'UTC') + toIntervalMinute(1))) AS is_touch,
        arrayJoin(if(is_touch, ['', toString(r.robot_id)], [''])) AS key
    FROM warehouse.telemetry_stored AS r
) AS t
GROUP BY
    t.minute,
    t.key;

CREATE TABLE warehouse.schema_migrations
(
    `version` UInt32,
    `name` String,
    `checksum` String,
    `phase` Enum8('started' = 1, 'failed' = 2, 'finished' = 3),
    `statements` UInt32 COMMENT 'done',
    `duration_ms` UInt64,
    `error` String,
    `at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    `applied_by` String DEFAULT currentUser()
)
ENGINE = MergeTree
ORDER BY (version, at)
SETTINGS index_granularity = 8192
COMMENT 'Which migrations were applied, when, in what time and by whom';

CREATE VIEW warehouse.shard_robot_sites
(
    `robot_id` LowCardinality(String),
    `site_id` Nullable(String)
)
DEFINER = floorwatch_locator SQL SECURITY DEFINER
COMMENT 'At which site is each robot of this shard? NULL when it never reported one.'
AS SELECT
    l.robot_id AS robot_id,
    argMax(l.site_id, l.version) AS site_id
FROM warehouse.robot_latest AS l
GROUP BY l.robot_id;

CREATE VIEW warehouse.silent_robots
(
    `robot_id` LowCardinality(String),
    `silent_seconds` Float64,
    `allowed_seconds` Float64,
    `site` String,
    `place` String,
    `state` String,
    `fleet_robots` UInt64,
    `best` Tuple(
        String,
        String,
        UInt64,
        UInt64,
        UInt64,
        String),
    `best_score` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robots are silent, and which group explains it? best: kind, name, stopped robots, those and the ones that report, all robots, site.'
AS WITH
    (
        SELECT arraySort(groupArray(o.pause))[intDiv(count(), 2) + 1]
        FROM
        (
            SELECT
                arraySort(groupUniqArray(p.sampled_at)) AS times,
                arrayMap((at, previous) -> dateDiff('second', previous, at), arrayPopFront(times), arrayPopBack(times)) AS gaps,
                if(empty(gaps), (times[1], toDateTime64(0, 3, 'UTC')), arrayFilter((pair, gap) -> (gap > greatest(30, 3 * arrayReduce('median', gaps))), arrayZip(arrayPopFront(times), arrayPopBack(times)), gaps)[-1]) AS pause
            FROM warehouse.path_offsets AS p
            WHERE p.sampled_at > (now64(3, 'UTC') - toIntervalMinute(30))
            GROUP BY
                p.path,
                p.topic,
                p.partition
            HAVING max(p.sampled_at) > (now64(3, 'UTC') - toIntervalMinute(1))
        ) AS o
    ) AS last_pause
SELECT
    b.* EXCEPT (is_silent, score, explained),
    if((2 * b.explained) >= (b.best.3), b.score, 0) AS best_score
FROM
(
    SELECT
        e.robot_id AS robot_id,
        any(e.is_silent) AS is_silent,
        any(e.silence) AS silent_seconds,
        any(e.allowed) AS allowed_seconds,
        any(e.site) AS site,
        any(e.place) AS place,
        any(e.last_state) AS state,
        any(e.fleet_robots) AS fleet_robots,
        argMax(tuple(e.grouping.2, e.grouping.3, e.stopped, e.members, e.all_members, e.group_site), tuple(e.score, e.grouping.1)) AS best,
        max(e.score) AS score,
        count() OVER (PARTITION BY best) AS explained
    FROM
    (
        SELECT
            m.*,
            countIf(m.is_member) OVER (PARTITION BY m.grouping) AS stopped,
            countIf(m.is_member OR (NOT m.has_stopped)) OVER (PARTITION BY m.grouping) AS members,
            count() OVER (PARTITION BY m.grouping) AS all_members,
            minIf(m.site, m.site != '') OVER (PARTITION BY m.grouping) AS first_site,
            maxIf(m.site, m.site != '') OVER (PARTITION BY m.grouping) AS last_site,
            if(first_site = last_site, first_site, 'all') AS group_site,
            if(((stopped >= 3) AND (stopped >= (0.6 * members))) OR (((m.grouping.2) = 'fleet') AND (((stopped >= 10) AND (stopped >= (0.2 * members))) OR (stopped = members))), if(m.is_member, stopped * pow(stopped / members, 4), 0), 0) AS score
        FROM
        (
            SELECT
                g.*,
                quantileExactIf(0.5)(g.silence, g.has_stopped) OVER (PARTITION BY g.grouping) AS typical,
                g.has_stopped AND (abs(g.silence - typical) <= 120) AS is_member
            FROM
            (
                SELECT
                    f.robot_id AS robot_id,
                    f.silent_seconds AS silence,
                    if(r.robot_id = '', 60, r.allowed_seconds) AS allowed,
                    silence > (allowed / 2) AS has_stopped,
                    silence > allowed AS is_silent,
                    ifNull(f.site_id, '') AS site,
                    ifNull(f.map_id, '') AS map,
                    ifNull(f.zone_name, '') AS zone,
                    arrayStringConcat(arrayFilter(part -> (part != ''), [zone, map, site]), ', ') AS place,
                    ifNull(f.state, '') AS last_state,
                    count() OVER () AS fleet_robots,
                    min(f.silent_seconds) OVER () AS fleet_silence,
                    f.status = 'offline' AS is_offline,
                    arrayJoin(arrayFilter(each -> ((each.3) != ''), [(7, 'fleet', 'the fleet'), (6, 'site', if(site = '', '', concat('site ', site))), (5, 'floor', if(map = '', '', concat('floor ', map))), (4, 'zone', if(zone = '', '', concat('zone ', zone, if(map = '', '', concat(' on ', map))))), (3, 'model', if(ifNull(k.model, '') = '', '', concat('model ', assumeNotNull(k.model)))), (2, 'firmware', if(ifNull(f.firmware, '') = '', '', concat('firmware ', assumeNotNull(f.firmware))))])) AS grouping
                FROM warehouse.v_fleet_now AS f
                LEFT JOIN warehouse.robot_rhythms AS r ON r.robot_id = f.robot_id
                LEFT JOIN
                (
                    SELECT
                        b.robot_id AS robot_id,
                        toString(b.model) AS model
                    FROM warehouse.robots AS b
                    FINAL
                    WHERE b.deleted = 0
                ) AS k ON k.robot_id = f.robot_id
                WHERE ifNull(f.state, '') NOT IN ('offline', 'maintenance')
            ) AS g
            WHERE (NOT g.is_offline) OR (g.fleet_silence > 60)
        ) AS m
    ) AS e
    WHERE e.has_stopped
    GROUP BY e.robot_id
) AS b
WHERE b.is_silent AND (((last_pause.1) < (now64(3, 'UTC') - toIntervalMinute(1))) OR ((b.silent_seconds - dateDiff('second', last_pause.2, now64(3, 'UTC'))) > (b.allowed_seconds + 120)));

CREATE TABLE warehouse.stations
(
    `map_id` String,
    `station_id` String,
    `name` String,
    `kind` LowCardinality(String),
    `x` Float64 COMMENT 'metres, map frame',
    `y` Float64 COMMENT 'metres',
    `theta` Nullable(Float64) COMMENT 'radians, counter-clockwise; NULL when robots may stand in any direction',
    `deleted` UInt8 DEFAULT 0 COMMENT '1 hides the station',
    `updated_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (map_id, station_id)
SETTINGS index_granularity = 8192;

CREATE TABLE warehouse.stored_ranges
(
    `of_source` Int8 COMMENT 'number of telemetry_raw.source',
    `of_topic` String,
    `of_partition` Int32,
    `first_offset` Int64,
    `last_offset` Int64,
    `from_ts` DateTime64(3, 'UTC') COMMENT 'event times; a short range reads a small part of telemetry_raw',
    `to_ts` DateTime64(3, 'UTC'),
    `newest_ms` Int64 COMMENT '0: all. Otherwise those that arrived at most this long before the newest arrival in path_progress',
    `insert_id` UUID COMMENT 'generateUUIDv4(): ClickHouse drops what an insert that equals an earlier one adds to the targets of the views',
    CONSTRAINT insert_id_is_new CHECK insert_id != toUUID('00000000-0000-0000-0000-000000000000')
)
ENGINE = `Null`;

CREATE MATERIALIZED VIEW warehouse.stored_ranges_mv TO warehouse.telemetry_stored
(
    `event_id` UUID,
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC'),
    `event_type` LowCardinality(String),
    `task_id` Nullable(String),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `map_id` LowCardinality(Nullable(String)),
    `site_id` LowCardinality(Nullable(String)),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` LowCardinality(Nullable(String)),
    `error_code` LowCardinality(Nullable(String)),
    `firmware` LowCardinality(Nullable(String)),
    `meta` String,
    `received_at` DateTime64(3, 'UTC'),
    `source` Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5),
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    event_id,
    robot_id,
    ts,
    event_type,
    task_id,
    x,
    y,
    theta,
    map_id,
    site_id,
    speed,
    battery,
    state,
    error_code,
    firmware,
    meta,
    received_at,
    source,
    topic,
    partition,
    offset
FROM warehouse.stored_ranges AS q
CROSS JOIN
(
    WITH
        if((
            SELECT max(s.newest_ms)
            FROM warehouse.stored_ranges AS s
        ) = 0, toDateTime64(0, 3, 'UTC'), (
            SELECT greatest(max(p.last_received_at), now64(3, 'UTC') - toIntervalDay(1))
            FROM warehouse.path_progress AS p
            WHERE (CAST(p.source, 'Int8') = (
                SELECT any(s.of_source)
                FROM warehouse.stored_ranges AS s
            )) AND (p.topic = (
                SELECT any(s.of_topic)
                FROM warehouse.stored_ranges AS s
            )) AND (p.partition = (
                SELECT any(s.of_partition)
                FROM warehouse.stored_ranges AS s
            ))
        ) - toIntervalMillisecond((
            SELECT max(s.newest_ms)
            FROM warehouse.stored_ranges AS s
        ))) AS arrived_from
    SELECT
        event_id,
        robot_id,
        ts,
        event_type,
        task_id,
        x,
        y,
        theta,
        map_id,
        site_id,
        speed,
        battery,
        state,
        error_code,
        firmware,
        r.meta AS meta,
        r.received_at AS received_at,
        r.source AS source,
        r.topic AS topic,
        r.partition AS partition,
        r.offset AS offset
    FROM warehouse.telemetry_raw AS r
    WHERE ((r.ts >= (
        SELECT min(s.from_ts)
        FROM warehouse.stored_ranges AS s
    )) AND (r.ts <= (
        SELECT max(s.to_ts)
        FROM warehouse.stored_ranges AS s
    ))) AND (r.ts >= (arrived_from - toIntervalHour(1))) AND (r.received_at >= arrived_from) AND ((r.offset >= (
        SELECT min(s.first_offset)
        FROM warehouse.stored_ranges AS s
    )) AND (r.offset <= (
        SELECT max(s.last_offset)
        FROM warehouse.stored_ranges AS s
    ))) AND (r.topic = (
        SELECT any(s.of_topic)
        FROM warehouse.stored_ranges AS s
    )) AND (r.partition = (
        SELECT any(s.of_partition)
        FROM warehouse.stored_ranges AS s
    )) AND (CAST(r.source, 'Int8') = (
        SELECT any(s.of_source)
        FROM warehouse.stored_ranges AS s
    ))
) AS e;

CREATE VIEW warehouse.task_events_mv
(
    `robot_id` LowCardinality(String),
    `task_id` String,
    `event_type` String,
    `ts` DateTime64(3, 'UTC'),
    `started_at` DateTime64(3, 'UTC'),
    `completed_at` DateTime64(3, 'UTC'),
    `outcome` String,
    `task_duration` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How long did finished tasks take? task_duration is in seconds.'
AS SELECT
    robot_id,
    task_id,
    if(outcome = 'completed', 'TASK_COMPLETED', 'TASK_FAILED') AS event_type,
    assumeNotNull(ended_at) AS ts,
    started_at,
    assumeNotNull(ended_at) AS completed_at,
    outcome,
    assumeNotNull(task_duration) AS task_duration
FROM warehouse.v_task_runs
WHERE outcome != 'running';

CREATE TABLE warehouse.task_runs
(
    `robot_id` LowCardinality(String),
    `task_id` String,
    `starts` SimpleAggregateFunction(groupUniqArrayArray, Array(DateTime64(3, 'UTC'))),
    `ends` SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(
        ts DateTime64(3, 'UTC'),
        event_type String,
        map_id String,
        x Float32,
        y Float32,
        error_code String))) COMMENT 'x and y are NaN when the event has no position; error_code is that of a failure',
    `last_ts` SimpleAggregateFunction(max, DateTime64(3, 'UTC')),
    `sites` SimpleAggregateFunction(groupUniqArrayArray, Array(String)) COMMENT 'of its events; a site reader sees tasks with exactly its site'
)
ENGINE = AggregatingMergeTree
ORDER BY (robot_id, task_id)
TTL toDateTime(last_ts) + toIntervalMonth(13)
SETTINGS non_replicated_deduplication_window = 10000, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.task_runs_mv TO warehouse.task_runs
(
    `robot_id` LowCardinality(String),
    `task_id` String,
    `starts` Array(DateTime64(3, 'UTC')),
    `ends` Array(Tuple(
        ts DateTime64(3, 'UTC'),
        event_type String,
        map_id String,
        x Float32,
        y Float32,
        error_code String)),
    `last_ts` DateTime64(3, 'UTC'),
    `sites` Array(String)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    r.robot_id AS robot_id,
    assumeNotNull(r.task_id) AS task_id,
    groupUniqArrayIf(r.ts, r.event_type = 'TASK_STARTED') AS starts,
    groupUniqArrayIf(CAST((r.ts, r.event_type, ifNull(r.map_id, ''), ifNull(r.x, nan), ifNull(r.y, nan), if(r.event_type = 'TASK_FAILED', toString(ifNull(r.error_code, '')), '')), 'Tuple(ts DateTime64(3, \'UTC\'), event_type String, map_id String, x Float32, y Float32, error_code String)'), (r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'))) AS ends,
    max(r.ts) AS last_ts,
    groupUniqArrayIf(toString(ifNull(r.site_id, '')), r.site_id IS NOT NULL) AS sites
FROM warehouse.telemetry_raw AS r
WHERE (r.event_type IN ('TASK_STARTED', 'TASK_COMPLETED', 'TASK_FAILED')) AND (r.task_id IS NOT NULL)
GROUP BY
    r.robot_id,
    r.task_id;

CREATE MATERIALIZED VIEW warehouse.task_runs_stored_mv TO warehouse.task_runs
(
    `robot_id` LowCardinality(String),
    `task_id` String,
    `starts` Array(DateTime64(3, 'UTC')),
    `ends` Array(Tuple(
        ts DateTime64(3, 'UTC'),
        event_type String,
        map_id String,
        x Float32,
        y Float32,
        error_code String)),
    `last_ts` DateTime64(3, 'UTC'),
    `sites` Array(String)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    r.robot_id AS robot_id,
    assumeNotNull(r.task_id) AS task_id,
    groupUniqArrayIf(r.ts, r.event_type = 'TASK_STARTED') AS starts,
    groupUniqArrayIf(CAST((r.ts, r.event_type, ifNull(r.map_id, ''), ifNull(r.x, nan), ifNull(r.y, nan), if(r.event_type = 'TASK_FAILED', toString(ifNull(r.error_code, '')), '')), 'Tuple(ts DateTime64(3, \'UTC\'), event_type String, map_id String, x Float32, y Float32, error_code String)'), (r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'))) AS ends,
    max(r.ts) AS last_ts,
    groupUniqArrayIf(toString(ifNull(r.site_id, '')), r.site_id IS NOT NULL) AS sites
FROM warehouse.telemetry_stored AS r
WHERE (r.event_type IN ('TASK_STARTED', 'TASK_COMPLETED', 'TASK_FAILED')) AND (r.task_id IS NOT NULL)
GROUP BY
    r.robot_id,
    r.task_id;

CREATE TABLE warehouse.telemetry_event_bytes
(
    `raw` String COMMENT 'the bytes of one event',
    `part` UInt32 COMMENT 'its place in the message, from 0',
    `key` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
ENGINE = `Null`;

CREATE MATERIALIZED VIEW warehouse.telemetry_from_kafka TO warehouse.telemetry_messages
(
    `payload` String,
    `key` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    payload,
    _key AS key,
    _topic AS topic,
    toInt32(_partition) AS partition,
    toInt64(_offset) AS offset
FROM warehouse.telemetry_queue;

CREATE TABLE warehouse.telemetry_hour
(
    `is_progress` UInt8 MATERIALIZED robot_id = '' COMMENT 'the row without a robot',
    `robot_id` LowCardinality(String),
    `minute` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `site_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `map_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `events` UInt32 CODEC(T64, ZSTD(1)),
    `distance_metres` Float32 CODEC(ZSTD(1)),
    `speed_mean` Nullable(Float32) COMMENT 'm/s, of the reported speeds' CODEC(ZSTD(1)),
    `speed_reports` UInt32 COMMENT 'weight of speed_mean' CODEC(T64, ZSTD(1)),
    `battery_mean` Nullable(Float32) COMMENT 'percent' CODEC(ZSTD(1)),
    `battery_reports` UInt32 COMMENT 'weight of battery_mean' CODEC(T64, ZSTD(1)),
    `battery_min` Nullable(Float32) CODEC(ZSTD(1)),
    `battery_first` Nullable(Float32) CODEC(ZSTD(1)),
    `battery_last` Nullable(Float32) CODEC(ZSTD(1)),
    `errors` UInt32 COMMENT 'ERROR events' CODEC(T64, ZSTD(1)),
    `stops` UInt32 COMMENT 'changes into error, blocked or manual: what ends a mission without help' CODEC(T64, ZSTD(1)),
    `tasks_started` UInt32 CODEC(T64, ZSTD(1)),
    `tasks_completed` UInt32 CODEC(T64, ZSTD(1)),
    `tasks_failed` UInt32 CODEC(T64, ZSTD(1)),
    `seconds_working` Float32 CODEC(ZSTD(1)),
    `seconds_idle` Float32 CODEC(ZSTD(1)),
    `seconds_charging` Float32 CODEC(ZSTD(1)),
    `seconds_blocked` Float32 CODEC(ZSTD(1)),
    `seconds_error` Float32 CODEC(ZSTD(1)),
    `seconds_manual` Float32 CODEC(ZSTD(1)),
    `seconds_maintenance` Float32 CODEC(ZSTD(1)),
    `seconds_offline` Float32 CODEC(ZSTD(1)),
    `seconds_unknown` Float32 COMMENT 'it reported, but no state' CODEC(ZSTD(1)),
    `max_gap_seconds` Float32 COMMENT 'longest wait for an event that ended in this minute, at most the minute before it' CODEC(ZSTD(1)),
    `clock_ahead_events` UInt32 COMMENT 'events dated more than 60 s after their arrival' CODEC(T64, ZSTD(1)),
    `is_closed` Bool DEFAULT false COMMENT 'of the row without a robot: the minute was over' CODEC(ZSTD(1)),
    `seen_touches` UInt64 DEFAULT 0 COMMENT 'of the row without a robot: see rollup_touched' CODEC(T64, ZSTD(1)),
    `events_read` UInt64 COMMENT 'version' CODEC(T64, ZSTD(1)),
    `computed_at` DateTime64(3, 'UTC') COMMENT 'when the computation began; in telemetry_hour: of the newest minute in it' CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(minute)
ORDER BY (is_progress, robot_id, minute)
TTL minute + toIntervalYear(5)
SETTINGS non_replicated_deduplication_window = 100, ttl_only_drop_parts = 1, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.telemetry_hour_mv
REFRESH EVERY 5 MINUTE APPEND TO warehouse.telemetry_hour
(
    `robot_id` String,
    `minute` DateTime('UTC'),
    `site_id` Nullable(String),
    `map_id` Nullable(String),
    `events` UInt64,
    `distance_metres` Float64,
    `speed_mean` Nullable(Float64),
    `speed_reports` UInt64,
    `battery_mean` Nullable(Float64),
    `battery_reports` UInt64,
    `battery_min` Nullable(Float32),
    `battery_first` Nullable(Float32),
    `battery_last` Nullable(Float32),
    `errors` UInt64,
    `stops` UInt64,
    `tasks_started` UInt64,
    `tasks_completed` UInt64,
    `tasks_failed` UInt64,
    `seconds_working` Float64,
    `seconds_idle` Float64,
    `seconds_charging` Float64,
    `seconds_blocked` Float64,
    `seconds_error` Float64,
    `seconds_manual` Float64,
    `seconds_maintenance` Float64,
    `seconds_offline` Float64,
    `seconds_unknown` Float64,
    `max_gap_seconds` Float32,
    `clock_ahead_events` UInt64,
    `events_read` Variant(Int64, UInt64),
    `computed_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    changed AS
    (
        SELECT
            p.hour AS hour,
            p.last_at AS last_at,
            h.known_at AS known_at,
            row_number() OVER (ORDER BY p.hour > now('UTC') ASC, p.hour DESC) AS newest,
            row_number() OVER (ORDER BY p.hour ASC) AS oldest
        FROM
        (
            SELECT
                toStartOfHour(minute + toIntervalMinute(arrayJoin([0, 1]))) AS hour,
                max(computed_at) AS last_at
            FROM warehouse.telemetry_minute
            WHERE is_progress = 1
            GROUP BY hour
        ) AS p
        LEFT JOIN
        (
            SELECT
                minute,
                max(computed_at) AS known_at
            FROM warehouse.telemetry_hour
            WHERE is_progress = 1
            GROUP BY minute
        ) AS h ON h.minute = p.hour
        WHERE p.last_at > h.known_at
        QUALIFY (newest <= 10) OR (oldest <= 4)
    ),
    robots AS
    (
        SELECT DISTINCT
            c.robot_id AS robot_id,
            toStartOfHour(c.minute) AS hour
        FROM warehouse.telemetry_minute AS c
        INNER JOIN changed AS d ON d.hour = toStartOfHour(c.minute)
        WHERE (c.is_progress = 0) AND (c.computed_at > d.known_at) AND (toStartOfHour(c.minute) IN (
            SELECT hour
            FROM changed
        ))
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
FROM warehouse.telemetry_minute AS m
FINAL
WHERE (m.robot_id, toStartOfHour(m.minute)) IN (
    SELECT
        robot_id,
        hour
    FROM robots
)
GROUP BY
    m.robot_id,
    toStartOfHour(m.minute)
UNION ALL
WITH
    changed AS
    (
        SELECT
            p.hour AS hour,
            p.last_at AS last_at,
            h.known_at AS known_at,
            row_number() OVER (ORDER BY p.hour > now('UTC') ASC, p.hour DESC) AS newest,
            row_number() OVER (ORDER BY p.hour ASC) AS oldest
        FROM
        (
            SELECT
                toStartOfHour(minute + toIntervalMinute(arrayJoin([0, 1]))) AS hour,
                max(computed_at) AS last_at
            FROM warehouse.telemetry_minute
            WHERE is_progress = 1
            GROUP BY hour
        ) AS p
        LEFT JOIN
        (
            SELECT
                minute,
                max(computed_at) AS known_at
            FROM warehouse.telemetry_hour
            WHERE is_progress = 1
            GROUP BY minute
        ) AS h ON h.minute = p.hour
        WHERE p.last_at > h.known_at
        QUALIFY (newest <= 10) OR (oldest <= 4)
    ),
    robots AS
    (
        SELECT DISTINCT
            c.robot_id AS robot_id,
            toStartOfHour(c.minute) AS hour
        FROM warehouse.telemetry_minute AS c
        INNER JOIN changed AS d ON d.hour = toStartOfHour(c.minute)
        WHERE (c.is_progress = 0) AND (c.computed_at > d.known_at) AND (toStartOfHour(c.minute) IN (
            SELECT hour
            FROM changed
        ))
    )
SELECT
    '' AS robot_id,
    d.hour AS minute,
    NULL,
    NULL,
    0,
    0,
    NULL,
    0,
    NULL,
    0,
    NULL,
    NULL,
    NULL,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    toUnixTimestamp64Milli(d.last_at) AS events_read,
    d.last_at AS computed_at
FROM changed AS d;

CREATE MATERIALIZED VIEW warehouse.telemetry_invalid_mv TO warehouse.dead_letters
(
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64,
    `part` UInt32,
    `reason` LowCardinality(String),
    `detail` String,
    `raw` String,
    `key` String,
    `received_at` DateTime64(3, 'UTC'),
    `source` String
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    topic,
    partition,
    offset,
    part,
    reason,
    if(empty(wrong_types), '', concat('wrong JSON type: ', arrayStringConcat(wrong_types, ', '))) AS detail,
    raw,
    key,
    received_at,
    'engine' AS source
FROM warehouse.telemetry_validated
WHERE reason != '';

CREATE TABLE warehouse.telemetry_messages
(
    `payload` String,
    `key` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
ENGINE = `Null`;

CREATE TABLE warehouse.telemetry_minute
(
    `is_progress` UInt8 MATERIALIZED robot_id = '' COMMENT 'the row without a robot',
    `robot_id` LowCardinality(String),
    `minute` DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    `site_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `map_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `events` UInt32 CODEC(T64, ZSTD(1)),
    `distance_metres` Float32 CODEC(ZSTD(1)),
    `speed_mean` Nullable(Float32) COMMENT 'm/s, of the reported speeds' CODEC(ZSTD(1)),
    `speed_reports` UInt32 COMMENT 'weight of speed_mean' CODEC(T64, ZSTD(1)),
    `battery_mean` Nullable(Float32) COMMENT 'percent' CODEC(ZSTD(1)),
    `battery_reports` UInt32 COMMENT 'weight of battery_mean' CODEC(T64, ZSTD(1)),
    `battery_min` Nullable(Float32) CODEC(ZSTD(1)),
    `battery_first` Nullable(Float32) CODEC(ZSTD(1)),
    `battery_last` Nullable(Float32) CODEC(ZSTD(1)),
    `errors` UInt32 COMMENT 'ERROR events' CODEC(T64, ZSTD(1)),
    `stops` UInt32 COMMENT 'changes into error, blocked or manual: what ends a mission without help' CODEC(T64, ZSTD(1)),
    `tasks_started` UInt32 CODEC(T64, ZSTD(1)),
    `tasks_completed` UInt32 CODEC(T64, ZSTD(1)),
    `tasks_failed` UInt32 CODEC(T64, ZSTD(1)),
    `seconds_working` Float32 CODEC(ZSTD(1)),
    `seconds_idle` Float32 CODEC(ZSTD(1)),
    `seconds_charging` Float32 CODEC(ZSTD(1)),
    `seconds_blocked` Float32 CODEC(ZSTD(1)),
    `seconds_error` Float32 CODEC(ZSTD(1)),
    `seconds_manual` Float32 CODEC(ZSTD(1)),
    `seconds_maintenance` Float32 CODEC(ZSTD(1)),
    `seconds_offline` Float32 CODEC(ZSTD(1)),
    `seconds_unknown` Float32 COMMENT 'it reported, but no state' CODEC(ZSTD(1)),
    `max_gap_seconds` Float32 COMMENT 'longest wait for an event that ended in this minute, at most the minute before it' CODEC(ZSTD(1)),
    `clock_ahead_events` UInt32 COMMENT 'events dated more than 60 s after their arrival' CODEC(T64, ZSTD(1)),
    `is_closed` Bool DEFAULT false COMMENT 'of the row without a robot: the minute was over' CODEC(ZSTD(1)),
    `seen_touches` UInt64 DEFAULT 0 COMMENT 'of the row without a robot: see rollup_touched' CODEC(T64, ZSTD(1)),
    `events_read` UInt64 COMMENT 'version' CODEC(T64, ZSTD(1)),
    `computed_at` DateTime64(3, 'UTC') COMMENT 'when the computation began; in telemetry_hour: of the newest minute in it' CODEC(Delta(8), ZSTD(1))
)
ENGINE = ReplacingMergeTree(events_read)
PARTITION BY toYYYYMM(minute)
ORDER BY (is_progress, toStartOfHour(minute), robot_id, minute)
TTL minute + toIntervalMonth(13)
SETTINGS non_replicated_deduplication_window = 100, ttl_only_drop_parts = 1, index_granularity = 8192;

CREATE VIEW warehouse.telemetry_minute_due
(
    `whole` Array(Tuple(
        minute DateTime('UTC'),
        events UInt64,
        cost UInt64,
        sees_events UInt64,
        sees_touches UInt64,
        was_closed Bool,
        is_open Bool,
        is_touched Bool)),
    `touched` Array(Tuple(
        minute DateTime('UTC'),
        events UInt64,
        cost UInt64,
        sees_events UInt64,
        sees_touches UInt64,
        was_closed Bool,
        is_open Bool,
        is_touched Bool)),
    `whole_minutes` Array(DateTime('UTC')),
    `touched_minutes` Array(DateTime('UTC')),
    `recent` Array(DateTime('UTC')),
    `older` Array(DateTime('UTC'))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which minutes does the next refresh of telemetry_minute compute: for all robots (`whole`), and for robots of rollup_touched (`touched`)?'
AS WITH
    now64(3, 'UTC') AS started_at,
    toStartOfMinute(toDateTime(started_at, 'UTC')) AS this_minute,
    this_minute - toIntervalHour(2) AS recent_from,
    (
        SELECT ifNull(minOrNull(s.replica_name = arrayMin(mapKeys(mapFilter((name, is_active) -> (is_active = 1), s.replica_is_active)))), 1)
        FROM system.replicas AS s
        WHERE (s.database = 'warehouse') AND (s.`table` = 'telemetry_minute')
    ) AND (
        SELECT count() = 0
        FROM system.replicas AS d
        WHERE (d.database = 'warehouse') AND (d.`table` IN ('rollup_events', 'telemetry_raw', 'rollup_touched')) AND (d.is_readonly OR (d.absolute_delay > 10))
    ) AS is_elected
SELECT
    arrayFilter((m, events) -> ((events <= 400000) OR (events = m.events)), all_open, arrayCumSum(m -> if(m.minute >= (this_minute - toIntervalMinute(1)), 0, m.events), all_open)) AS whole,
    arrayFilter((m, events) -> ((events <= 400000) OR (events = m.cost) OR (m.minute = tupleElement(all_touched[-1], 'minute'))), all_touched, arrayCumSum(m -> m.cost, all_touched)) AS touched,
    arrayMap(m -> m.minute, whole) AS whole_minutes,
    arrayMap(m -> m.minute, touched) AS touched_minutes,
    arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - toIntervalMinute(1)], arrayFilter(m -> (m >= recent_from), whole_minutes)))) AS recent,
    arrayFilter(m -> (NOT has(recent, m)), arrayDistinct(arrayFlatten(arrayMap(m -> [m, m - toIntervalMinute(1)], arrayFilter(m -> (m < recent_from), whole_minutes))))) AS older
FROM
(
    SELECT
        arrayReverseSort(m -> m.minute, groupArray(CAST((minute, events, cost, sees_events, sees_touches, was_closed, is_open, is_touched), 'Tuple(minute DateTime(\'UTC\'), events UInt64, cost UInt64, sees_events UInt64, sees_touches UInt64, was_closed Bool, is_open Bool, is_touched Bool)'))) AS todo,
        arrayFilter(m -> m.is_open, todo) AS all_open,
        arrayFilter(m -> m.is_touched, todo) AS all_touched
    FROM
    (
        SELECT
            m.at AS minute,
            m.events AS events,
            m.touches AS touches,
            p.was_closed AS was_closed,
            if(m.on_time_events = 0, m.events, least(60 * m.touches, m.events)) AS cost,
            m.on_time AND (minute <= this_minute) AND ((NOT was_closed) OR (m.on_time_events > p.seen_events)) AS is_open,
            m.touched_at <= (started_at - toIntervalSecond(30)) AS is_settled,
            (touches > p.seen_touches) AND (NOT is_open) AND (is_settled OR (m.touched_at > p.computed_at)) AS is_touched,
            if(is_open, greatest(m.on_time_events, p.seen_events), p.seen_events) AS sees_events,
            if(is_settled AND (NOT is_open), greatest(touches, p.seen_touches), p.seen_touches) AS sees_touches
        FROM
        (
            SELECT
                r.minute + toIntervalMinute(arrayJoin([0, 1]) AS later) AS at,
                sumIf(r.events, later = 0) AS events,
                sumIf(r.on_time_events, later = 0) AS on_time_events,
                max(r.on_time_events) > 0 AS on_time,
                sumIf(r.touches, later = 0) AS touches,
                maxIf(r.touched_at, later = 0) AS touched_at
            FROM warehouse.rollup_touched AS r
            WHERE r.is_robot = 0
            GROUP BY at
        ) AS m
        LEFT JOIN
        (
            SELECT
                t.minute AS minute,
                max(t.is_closed) AS was_closed,
                max(t.events) AS seen_events,
                max(t.seen_touches) AS seen_touches,
                max(t.computed_at) AS computed_at
            FROM warehouse.telemetry_minute AS t
            WHERE t.is_progress = 1
            GROUP BY t.minute
        ) AS p ON p.minute = m.at
        WHERE is_elected AND (is_open OR is_touched)
    )
);

CREATE MATERIALIZED VIEW warehouse.telemetry_minute_mv
REFRESH EVERY 1 MINUTE OFFSET 20 SECOND APPEND TO warehouse.telemetry_minute
(
    `robot_id` String,
    `minute` DateTime('UTC'),
    `site_id` Nullable(String),
    `map_id` Nullable(String),
    `events` UInt64,
    `distance_metres` Nullable(Float64),
    `speed_mean` Nullable(Float64),
    `speed_reports` UInt64,
    `battery_mean` Nullable(Float64),
    `battery_reports` UInt64,
    `battery_min` Nullable(Float32),
    `battery_first` Nullable(Float32),
    `battery_last` Nullable(Float32),
    `errors` UInt64,
    `stops` UInt64,
    `tasks_started` UInt64,
    `tasks_completed` UInt64,
    `tasks_failed` UInt64,
    `seconds_working` Float64,
    `seconds_idle` Float64,
    `seconds_charging` Float64,
    `seconds_blocked` Float64,
    `seconds_error` Float64,
    `seconds_manual` Float64,
    `seconds_maintenance` Float64,
    `seconds_offline` Float64,
    `seconds_unknown` Float64,
    `max_gap_seconds` Float64,
    `clock_ahead_events` UInt64,
    `is_closed` Bool,
    `seen_touches` UInt64,
    `events_read` UInt64,
    `computed_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    now64(3, 'UTC') AS started_at,
    (
        SELECT (whole, touched, whole_minutes, touched_minutes, recent, older)
        FROM warehouse.telemetry_minute_due
    ) AS due,
    touched_robots AS
    (
        SELECT
            t.robot_id AS robot_id,
            t.minute + toIntervalMinute(arrayJoin([-1, 0, 1]) AS shift) AS minute,
            shift >= 0 AS is_due
        FROM
        (
            SELECT DISTINCT
                robot_id,
                minute
            FROM warehouse.rollup_touched
            WHERE (is_robot = 1) AND (minute IN (
                SELECT arrayJoin(due.4)
            ))
        ) AS t
    ),
    events AS
    (
        SELECT r.*
        FROM warehouse.rollup_events AS r
        FINAL
        WHERE r.minute IN (
            SELECT arrayJoin(due.5)
        )
        UNION ALL
        SELECT o.*
        FROM warehouse.rollup_stored_events AS o
        WHERE (NOT has(due.5, o.minute)) AND (((o.robot_id, o.minute) IN (
            SELECT
                robot_id,
                minute
            FROM touched_robots
        )) OR (o.minute IN (
            SELECT arrayJoin(due.6)
        )))
    ),
    steps AS
    (
        SELECT
            *,
            lagInFrame(ts, 1, toDateTime64(0, 3, 'UTC')) OVER neighbours AS previous_ts,
            leadInFrame(ts, 1, toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) OVER neighbours AS next_ts,
            lagInFrame(state, 1, '') OVER neighbours AS previous_state,
            maxIf(ts, x IS NOT NULL) OVER earlier AS previous_position_ts,
            anyLast(x) OVER earlier AS previous_x,
            anyLast(y) OVER earlier AS previous_y,
            anyLastIf(toString(ifNull(map_id, '')), x IS NOT NULL) OVER earlier AS previous_map,
            least(60, dateDiff('millisecond', ts, next_ts) / 1000) AS held_seconds,
            dateDiff('millisecond', ts, minute + toIntervalMinute(1)) / 1000 AS left_seconds,
            greatest(0, held_seconds - left_seconds) AS spilt_seconds
        FROM events
        WINDOW
            neighbours AS (PARTITION BY robot_id ORDER BY ts ASC, event_id ASC ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING),
            earlier AS (PARTITION BY robot_id ORDER BY ts ASC, event_id ASC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ),
    slots AS
    (
        SELECT
            *,
            arrayJoin(if(spilt_seconds > 0, [0, 1], [0])) AS spilt,
            minute + toIntervalMinute(spilt) AS slot,
            if(spilt = 1, spilt_seconds, least(held_seconds, left_seconds)) AS seconds,
            if((x IS NOT NULL) AND (previous_x IS NOT NULL) AND (previous_map = ifNull(map_id, '')) AND (ts <= (previous_position_ts + toIntervalMinute(1))), sqrt(pow(toFloat64(x) - previous_x, 2) + pow(toFloat64(y) - previous_y, 2)), 0) AS moved_metres
        FROM steps
    ),
    computed AS
    (
        SELECT
            e.robot_id AS robot_id,
            e.slot AS minute,
            argMax(e.site_id, e.ts) AS site_id,
            argMaxIf(e.map_id, e.ts, e.spilt = 0) AS map_id,
            countIf(e.spilt = 0) AS events,
            sumIf(e.moved_metres, e.spilt = 0) AS distance_metres,
            avgIf(e.speed, e.spilt = 0) AS speed_mean,
            countIf((e.speed IS NOT NULL) AND (e.spilt = 0)) AS speed_reports,
            avgIf(e.battery, e.spilt = 0) AS battery_mean,
            countIf((e.battery IS NOT NULL) AND (e.spilt = 0)) AS battery_reports,
            minIf(e.battery, e.spilt = 0) AS battery_min,
            argMinIf(e.battery, e.ts, e.spilt = 0) AS battery_first,
            argMaxIf(e.battery, e.ts, e.spilt = 0) AS battery_last,
            countIf((e.event_type = 'ERROR') AND (e.spilt = 0)) AS errors,
            countIf((e.state IN ('error', 'blocked', 'manual')) AND (e.previous_state NOT IN ('error', 'blocked', 'manual')) AND (e.previous_ts >= (e.minute - toIntervalMinute(1))) AND (e.spilt = 0)) AS stops,
            countIf((e.event_type = 'TASK_STARTED') AND (e.spilt = 0)) AS tasks_started,
            countIf((e.event_type = 'TASK_COMPLETED') AND (e.spilt = 0)) AS tasks_completed,
            countIf((e.event_type = 'TASK_FAILED') AND (e.spilt = 0)) AS tasks_failed,
            sumIf(e.seconds, e.state = 'working') AS seconds_working,
            sumIf(e.seconds, e.state = 'idle') AS seconds_idle,
            sumIf(e.seconds, e.state = 'charging') AS seconds_charging,
            sumIf(e.seconds, e.state = 'blocked') AS seconds_blocked,
            sumIf(e.seconds, e.state = 'error') AS seconds_error,
            sumIf(e.seconds, e.state = 'manual') AS seconds_manual,
            sumIf(e.seconds, e.state = 'maintenance') AS seconds_maintenance,
            sumIf(e.seconds, e.state = 'offline') AS seconds_offline,
            sumIf(e.seconds, e.state = 'unknown') AS seconds_unknown,
            maxIf(dateDiff('millisecond', greatest(e.previous_ts, toDateTime64(e.minute - toIntervalMinute(1), 3, 'UTC')), e.ts) / 1000, e.spilt = 0) AS max_gap_seconds,
            countIf(e.clock_ahead) AS clock_ahead_events,
            false AS is_closed,
            toUInt64(0) AS seen_touches,
            count() AS events_read,
            started_at AS computed_at
        FROM slots AS e
        WHERE has(due.3, e.slot) OR ((e.robot_id, e.slot) IN (
            SELECT
                robot_id,
                minute
            FROM touched_robots
            WHERE is_due
        ))
        GROUP BY
            e.robot_id,
            e.slot
        UNION ALL
        SELECT
            '' AS robot_id,
            p.minute AS minute,
            NULL,
            NULL,
            p.sees_events AS events,
            0,
            NULL,
            0,
            NULL,
            0,
            NULL,
            NULL,
            NULL,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            p.was_closed OR (p.is_open AND ((p.minute + toIntervalSecond(75)) <= started_at)) AS is_closed,
            p.sees_touches AS seen_touches,
            (2 * (p.sees_events + p.sees_touches)) + is_closed AS events_read,
            started_at AS computed_at
        FROM
        (
            SELECT arrayJoin(arrayConcat(due.1, due.2)) AS p
        )
    )
SELECT *
FROM computed;

CREATE TABLE warehouse.telemetry_queue
(
    `payload` String
)
ENGINE = Kafka(floorwatch_kafka)
SETTINGS kafka_format = 'RawBLOB', kafka_num_consumers = 2, kafka_thread_per_consumer = 1, kafka_max_block_size = 262144, kafka_poll_max_batch_size = 65536, kafka_flush_interval_ms = 1000;

CREATE TABLE warehouse.telemetry_raw
(
    `event_id` UUID COMMENT 'given by the robot, or UUID v5 of topic/partition/offset/part',
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC') COMMENT 'event time, as the robot reports it' CODEC(Delta(8), ZSTD(1)),
    `event_type` LowCardinality(String) COMMENT 'empty when the event has none; unknown types are kept' CODEC(ZSTD(1)),
    `task_id` Nullable(String) CODEC(ZSTD(3)),
    `x` Nullable(Float32) COMMENT 'metres, map frame; NULL together with y: not placed' CODEC(Delta(4), ZSTD(1)),
    `y` Nullable(Float32) COMMENT 'metres, map frame' CODEC(Delta(4), ZSTD(1)),
    `theta` Nullable(Float32) COMMENT 'radians, counter-clockwise from +x, in (-pi, pi]' CODEC(ZSTD(1)),
    `map_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `site_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `speed` Nullable(Float32) COMMENT 'm/s' CODEC(ZSTD(1)),
    `battery` Nullable(Float32) COMMENT 'percent, 0 to 100; NULL is unknown and never 0' CODEC(Delta(4), ZSTD(1)),
    `state` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `error_code` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `firmware` LowCardinality(Nullable(String)) COMMENT 'meta.firmware' CODEC(ZSTD(1)),
    `meta` String COMMENT 'the event\'s meta object as JSON text, empty when absent' CODEC(ZSTD(3)),
    `received_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `source` Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5) COMMENT 'who inserted the row' CODEC(ZSTD(1)),
    `topic` LowCardinality(String) CODEC(ZSTD(1)),
    `partition` Int32 CODEC(Delta(4), ZSTD(1)),
    `offset` Int64 CODEC(Delta(8), ZSTD(1)),
    INDEX offset_range offset TYPE minmax GRANULARITY 1,
    INDEX arrival_range received_at TYPE minmax GRANULARITY 1
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(ts)
ORDER BY (robot_id, ts, event_id)
TTL toDateTime(ts) + toIntervalDay(90)
SETTINGS non_replicated_deduplication_window = 10000, ttl_only_drop_parts = 1, index_granularity = 8192;

CREATE MATERIALIZED VIEW warehouse.telemetry_split_mv TO warehouse.telemetry_event_bytes
(
    `raw` String,
    `part` UInt32,
    `key` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    raw,
    toUInt32(part_number - 1) AS part,
    key,
    topic,
    partition,
    offset
FROM
(
    SELECT
        topic,
        partition,
        offset,
        key,
        length(payload) <= 1048576 AS divisible,
        divisible AND isValidJSON(payload) AS is_one_text,
        if(divisible AND (NOT is_one_text), arrayFilter(l -> (l != ''), arrayMap(l -> trimBoth(l, ' \t\r'), splitByChar('\n', payload))), []) AS lines,
        multiIf(is_one_text, [payload], arrayExists(l -> isValidJSON(l), lines), lines, []) AS texts,
        if(empty(texts), [payload], arrayFlatten(arrayMap(t -> if(match(t, '^(?:\\x{FEFF})?\\s*\\[\\s*[^\\]\\s]') AND isValidJSON(t), arrayMap(element -> trimBoth(arrayStringConcat(if((element[1]) = ',', arrayPopFront(element), element)), ' \t\r\n'), arrayMap(tokens -> arraySplit((token, depth) -> ((token = ',') AND (depth = 0)), tokens, arrayCumSum(token -> multiIf((token IN ('[', '{')), 1, (token IN (']', '}')), -1, 0), tokens)), [extractAll(extract(t, '(?s)\\[(.*)\\]'), '(?s)"(?:[^"\\\\]|\\\\.)*"|[\\[\\]{},]|[^"\\[\\]{},]+')])[1]), [t]), texts))) AS parts
    FROM warehouse.telemetry_messages
    WHERE NOT (startsWith(payload, '{') AND (position(payload, '\n') = 0))
)
ARRAY JOIN
    parts AS raw,
    arrayEnumerate(parts) AS part_number;

CREATE TABLE warehouse.telemetry_stored
(
    `event_id` UUID COMMENT 'given by the robot, or UUID v5 of topic/partition/offset/part',
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC') COMMENT 'event time, as the robot reports it' CODEC(Delta(8), ZSTD(1)),
    `event_type` LowCardinality(String) COMMENT 'empty when the event has none; unknown types are kept' CODEC(ZSTD(1)),
    `task_id` Nullable(String) CODEC(ZSTD(3)),
    `x` Nullable(Float32) COMMENT 'metres, map frame; NULL together with y: not placed' CODEC(Delta(4), ZSTD(1)),
    `y` Nullable(Float32) COMMENT 'metres, map frame' CODEC(Delta(4), ZSTD(1)),
    `theta` Nullable(Float32) COMMENT 'radians, counter-clockwise from +x, in (-pi, pi]' CODEC(ZSTD(1)),
    `map_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `site_id` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `speed` Nullable(Float32) COMMENT 'm/s' CODEC(ZSTD(1)),
    `battery` Nullable(Float32) COMMENT 'percent, 0 to 100; NULL is unknown and never 0' CODEC(Delta(4), ZSTD(1)),
    `state` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `error_code` LowCardinality(Nullable(String)) CODEC(ZSTD(1)),
    `firmware` LowCardinality(Nullable(String)) COMMENT 'meta.firmware' CODEC(ZSTD(1)),
    `meta` String COMMENT 'the event\'s meta object as JSON text, empty when absent' CODEC(ZSTD(3)),
    `received_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') CODEC(Delta(8), ZSTD(1)),
    `source` Enum8('ingestor' = 1, 'engine' = 2, 'repair' = 3, 'backfill' = 4, 'replay' = 5) COMMENT 'who inserted the row' CODEC(ZSTD(1)),
    `topic` LowCardinality(String) CODEC(ZSTD(1)),
    `partition` Int32 CODEC(Delta(4), ZSTD(1)),
    `offset` Int64 CODEC(Delta(8), ZSTD(1))
)
ENGINE = `Null`;

CREATE MATERIALIZED VIEW warehouse.telemetry_valid_mv TO warehouse.telemetry_raw
(
    `event_id` UUID,
    `robot_id` String,
    `ts` DateTime64(3, 'UTC'),
    `event_type` String,
    `task_id` Nullable(String),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `map_id` Nullable(String),
    `site_id` Nullable(String),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` Nullable(String),
    `error_code` Nullable(String),
    `firmware` Nullable(String),
    `meta` String,
    `received_at` DateTime64(3, 'UTC'),
    `source` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    event_id,
    robot_id,
    ts,
    event_type,
    task_id,
    x,
    y,
    theta,
    map_id,
    site_id,
    speed,
    battery,
    state,
    error_code,
    firmware,
    meta,
    received_at,
    'engine' AS source,
    topic,
    partition,
    offset
FROM warehouse.telemetry_validated
WHERE reason = '';

CREATE MATERIALIZED VIEW warehouse.telemetry_validate_mv TO warehouse.telemetry_validated
(
    `event_id` UUID,
    `robot_id` String,
    `ts` DateTime64(3, 'UTC'),
    `event_type` String,
    `task_id` Nullable(String),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `map_id` Nullable(String),
    `site_id` Nullable(String),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` Nullable(String),
    `error_code` Nullable(String),
    `firmware` Nullable(String),
    `meta` String,
    `received_at` DateTime64(3, 'UTC'),
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64,
    `part` UInt32,
    `key` String,
    `raw` String,
    `wrong_types` Array(String),
    `reason` String
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS WITH
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?$' AS iso_8601,
    '^-?[0-9][-+.0-9eE]*$' AS json_number,
    '"(?:event_id|robot_id|event_type|task_id|map_id|site_id|state|error_code)"\\s*:\\s*[^"n\\s]' AS text_without_quotes,
    (text -> ifNull(((ascii(text) >= 45) AND (ascii(text) <= 57)) OR (ascii(text) IN (91, 123)) OR (text IN ('true', 'false')), 0)) AS looks_unquoted
SELECT
    if(e.event_id IS NULL, position_uuid, ifNull(toUUIDOrNull(e.event_id), toUUID('00000000-0000-0000-0000-000000000000'))) AS event_id,
    ifNull(e.robot_id, '') AS robot_id,
    ifNull(event_time, toDateTime64(0, 3, 'UTC')) AS ts,
    ifNull(e.event_type, '') AS event_type,
    e.task_id AS task_id,
    toFloat32(e.x) AS x,
    toFloat32(e.y) AS y,
    toFloat32(multiIf((heading > (-pi())) AND (heading <= pi()), heading, turned <= (-pi()), pi(), turned)) AS theta,
    e.map_id AS map_id,
    e.site_id AS site_id,
    toFloat32(e.speed) AS speed,
    toFloat32(e.battery) AS battery,
    e.state AS state,
    e.error_code AS error_code,
    if(((lengthUTF8(m.firmware) >= 1) AND (lengthUTF8(m.firmware) <= 256)) AND (NOT has(wrong_types, 'firmware')), m.firmware, NULL) AS firmware,
    ifNull(e.meta, '') AS meta,
    now64(3, 'UTC') AS received_at,
    topic,
    partition,
    offset,
    part,
    key,
    raw,
    wrong_types,
    multiIf(length(raw) > 1048576, 'message_too_large', doubtful_shape AND (NOT isValidUTF8(raw)), 'invalid_utf8', doubtful_shape AND (NOT isValidJSON(raw)), 'invalid_json', doubtful_shape AND (JSONType(raw) != 'Object'), 'not_an_object', has(wrong_types, 'event_id') OR ((e.event_id IS NOT NULL) AND ((length(e.event_id) != 36) OR (toUUIDOrNull(e.event_id) IS NULL))), 'event_id_invalid', e.robot_id IS NULL, 'robot_id_missing', has(wrong_types, 'robot_id') OR ((lengthUTF8(e.robot_id) < 1) OR (lengthUTF8(e.robot_id) > 128)), 'robot_id_invalid', e.ts IS NULL, 'ts_missing', has(wrong_types, 'ts') OR (event_time IS NULL), 'ts_invalid', event_time < (now64(3, 'UTC') - toIntervalDay(90)), 'ts_too_old', event_time > (now64(3, 'UTC') + toIntervalDay(1)), 'ts_too_far_ahead', has(wrong_types, 'event_type') OR ((lengthUTF8(e.event_type) < 1) OR (lengthUTF8(e.event_type) > 256)), 'event_type_invalid', has(wrong_types, 'task_id') OR ((lengthUTF8(e.task_id) < 1) OR (lengthUTF8(e.task_id) > 256)), 'task_id_invalid', ((e.x IS NULL) AND (NOT has(wrong_types, 'x'))) != ((e.y IS NULL) AND (NOT has(wrong_types, 'y'))), 'position_incomplete', has(wrong_types, 'x') OR has(wrong_types, 'y') OR (abs(e.x) > 10000000.) OR (abs(e.y) > 10000000.), 'position_invalid', has(wrong_types, 'theta') OR (abs(heading) > 1000000.), 'theta_invalid', has(wrong_types, 'map_id') OR ((lengthUTF8(e.map_id) < 1) OR (lengthUTF8(e.map_id) > 256)), 'map_id_invalid', has(wrong_types, 'site_id') OR ((lengthUTF8(e.site_id) < 1) OR (lengthUTF8(e.site_id) > 256)), 'site_id_invalid', has(wrong_types, 'speed') OR (abs(e.speed) > 10000.), 'speed_invalid', has(wrong_types, 'battery'), 'battery_invalid', (e.battery < 0) OR (e.battery > 100), 'battery_out_of_range', has(wrong_types, 'state') OR (e.state NOT IN ('working', 'idle', 'charging', 'blocked', 'error', 'manual', 'maintenance', 'offline')), 'state_invalid', has(wrong_types, 'error_code') OR ((lengthUTF8(e.error_code) < 1) OR (lengthUTF8(e.error_code) > 256)), 'error_code_invalid', has(wrong_types, 'meta'), 'meta_invalid', '') AS reason
FROM
(
    SELECT
        *,
        (e.robot_id IS NULL) OR (NOT startsWith(raw, '{')) AS doubtful_shape,
        multiMatchAny(raw, ['"(?:x|y|theta|speed|battery)"\\s*:\\s*["tf\\[{]', '"meta"\\s*:\\s*"']) OR (position(raw, '\\') > 0) OR (NOT startsWith(ifNull(e.meta, '{'), '{')) OR ((looks_unquoted(e.robot_id) OR looks_unquoted(e.event_type) OR looks_unquoted(e.task_id) OR looks_unquoted(e.map_id) OR looks_unquoted(e.site_id) OR looks_unquoted(e.error_code)) AND match(raw, text_without_quotes)) OR (match(e.ts, json_number) AND match(raw, '"ts"\\s*:\\s*"')) OR match(e.meta, '"firmware":[^"n]|"heading":["tf\\[{]') AS doubtful_types,
        arrayFilter(f -> multiIf((f IN ('x', 'y', 'theta', 'speed', 'battery')), (JSONType(raw, f) NOT IN ('Int64', 'UInt64', 'Double', 'Null')), f = 'heading', (JSONType(raw, 'meta', f) NOT IN ('Int64', 'UInt64', 'Double')), f = 'firmware', JSONType(raw, 'meta', f) != 'String', f = 'meta', (JSONType(raw, f) NOT IN ('Object', 'Null')), f = 'ts', (JSONType(raw, f) NOT IN ('String', 'Int64', 'UInt64', 'Double', 'Null')) OR ((JSONType(raw, f) = 'String') AND match(e.ts, json_number)), (JSONType(raw, f) NOT IN ('String', 'Null'))), if(doubtful_types, ['event_id', 'robot_id', 'ts', 'event_type', 'task_id', 'x', 'y', 'theta', 'heading', 'map_id', 'site_id', 'speed', 'battery', 'state', 'error_code', 'meta', 'firmware'], [])) AS wrong_types,
        JSONExtract(ifNull(e.meta, ''), 'Tuple(firmware Nullable(String), heading Nullable(Float64))') AS m,
        if((e.theta IS NULL) AND (NOT has(wrong_types, 'heading')), m.heading, e.theta) AS heading,
        heading - ((2 * pi()) * floor((heading + pi()) / (2 * pi()))) AS turned,
        multiIf(match(e.ts, iso_8601), parseDateTime64BestEffortOrNull(e.ts, 3, 'UTC'), match(e.ts, json_number), fromUnixTimestamp64Milli(toInt64(greatest(-1., least(trunc(toFloat64OrZero(e.ts)), 9000000000000.))), 'UTC'), NULL) AS event_time,
        if(e.event_id IS NULL, lower(hex(SHA1(concat(unhex('6ba7b8119dad11d180b400c04fd430c8'), topic, '/', toString(partition), '/', toString(offset), '/', toString(part))))), '') AS h,
        if(e.event_id IS NULL, toUUIDOrZero(concat(substring(h, 1, 8), '-', substring(h, 9, 4), '-5', substring(h, 14, 3), '-', substring('89ab89ab89ab89ab', position('0123456789abcdef', substring(h, 17, 1)), 1), substring(h, 18, 3), '-', substring(h, 21, 12))), toUUID('00000000-0000-0000-0000-000000000000')) AS position_uuid
    FROM
    (
        SELECT
            topic,
            partition,
            offset,
            key,
            raw,
            part,
            JSONExtract(raw, 'Tuple(event_id Nullable(String), robot_id Nullable(String), ts Nullable(String), event_type Nullable(String), task_id Nullable(String), x Nullable(Float64), y Nullable(Float64), theta Nullable(Float64), map_id Nullable(String), site_id Nullable(String), speed Nullable(Float64), battery Nullable(Float64), state Nullable(String), error_code Nullable(String), meta Nullable(String))') AS e
        FROM warehouse.telemetry_event_bytes
    )
);

CREATE TABLE warehouse.telemetry_validated
(
    `event_id` UUID,
    `robot_id` String,
    `ts` DateTime64(3, 'UTC'),
    `event_type` String,
    `task_id` Nullable(String),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `map_id` Nullable(String),
    `site_id` Nullable(String),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` Nullable(String),
    `error_code` Nullable(String),
    `firmware` Nullable(String),
    `meta` String,
    `received_at` DateTime64(3, 'UTC'),
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64,
    `part` UInt32,
    `key` String,
    `raw` String,
    `wrong_types` Array(LowCardinality(String)) COMMENT 'fields whose JSON type the contract forbids',
    `reason` LowCardinality(String) COMMENT 'empty: the event keeps every rule'
)
ENGINE = `Null`;

CREATE MATERIALIZED VIEW warehouse.telemetry_whole_mv TO warehouse.telemetry_event_bytes
(
    `raw` String,
    `part` UInt32,
    `key` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS SELECT
    payload AS raw,
    toUInt32(0) AS part,
    key,
    topic,
    partition,
    offset
FROM warehouse.telemetry_messages
WHERE startsWith(payload, '{') AND (position(payload, '\n') = 0);

CREATE VIEW warehouse.v_alert_dropoff
(
    `robot_id` LowCardinality(String),
    `site` String,
    `place` String,
    `silent_seconds` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which single robots are silent? Empty for robots that a silent group explains.'
AS SELECT
    s.robot_id AS robot_id,
    s.site AS site,
    s.place AS place,
    toFloat64(round(s.silent_seconds)) AS silent_seconds
FROM warehouse.silent_robots AS s
WHERE (s.best_score = 0) AND (s.silent_seconds > (s.allowed_seconds + 20));

CREATE VIEW warehouse.v_alert_engine_view
(
    `reads` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Has path A the view that reads Kafka? 2: yes; 1: no. One row as long as ClickHouse answers.'
AS SELECT 1. + (count() > 0) AS reads
FROM system.tables AS t
WHERE (t.database IN ('warehouse', 'warehouse_local')) AND (t.name = 'telemetry_from_kafka');

CREATE VIEW warehouse.v_alert_flow
(
    `site` LowCardinality(String),
    `problem` String,
    `amount` Float64,
    `usual_amount` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'At which sites do much fewer tasks end than usual?'
AS SELECT
    s.site AS site,
    'tasks finished' AS problem,
    toFloat64(s.tasks_now) AS amount,
    round(usual) AS usual_amount
FROM
(
    WITH
        (
            SELECT w.minute
            FROM warehouse.newest_whole_minute AS w
        ) AS newest_minute
    SELECT
        ifNull(t.site_id, '') AS site,
        sumIf(t.tasks_completed, (t.weeks = 0) AND (t.ago < 10)) AS tasks_now,
        sumIf(t.tasks_completed, (t.weeks = 0) AND (t.ago = 0)) AS newest_tasks,
        sumIf(t.tasks_completed, (t.weeks = 0) AND (t.ago >= 10)) / 3 AS before,
        arrayFilter(tasks -> (tasks > 0), [sumIf(t.tasks_completed, t.weeks = 1), sumIf(t.tasks_completed, t.weeks = 2), sumIf(t.tasks_completed, t.weeks = 3), sumIf(t.tasks_completed, t.weeks = 4)]) AS past,
        if(length(past) >= 2, arrayReduce('median', past), before) AS usual
    FROM
    (
        SELECT
            r.site_id AS site_id,
            r.tasks_completed AS tasks_completed,
            intDiv(dateDiff('minute', r.minute, newest_minute), 7 * 1440) AS weeks,
            dateDiff('minute', r.minute, newest_minute) - ((weeks * 7) * 1440) AS ago
        FROM warehouse.v_robot_minutes AS r
        WHERE (r.minute <= newest_minute) AND ((r.minute > (newest_minute - toIntervalMinute(40))) OR ((r.minute >= ((newest_minute - toIntervalDay(7)) - toIntervalMinute(9))) AND (r.minute <= (newest_minute - toIntervalDay(7)))) OR ((r.minute >= ((newest_minute - toIntervalDay(14)) - toIntervalMinute(9))) AND (r.minute <= (newest_minute - toIntervalDay(14)))) OR ((r.minute >= ((newest_minute - toIntervalDay(21)) - toIntervalMinute(9))) AND (r.minute <= (newest_minute - toIntervalDay(21)))) OR ((r.minute >= ((newest_minute - toIntervalDay(28)) - toIntervalMinute(9))) AND (r.minute <= (newest_minute - toIntervalDay(28)))))
    ) AS t
    WHERE ((t.weeks = 0) AND (t.ago < 40)) OR (((t.weeks >= 1) AND (t.weeks <= 4)) AND (t.ago < 10))
    GROUP BY site
) AS s
WHERE (s.usual >= 20) AND (s.tasks_now < (0.2 * s.usual)) AND ((s.usual < 200) OR (s.newest_tasks < (0.05 * s.usual))) AND ((
    SELECT countIf(f.status NOT IN ('silent', 'offline'))
    FROM warehouse.v_fleet_reports AS f
) > 0);

CREATE VIEW warehouse.v_alert_ingestor
(
    `silent_seconds` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'For how long has no ingestor stored how far it is? No row while one does.'
AS SELECT toFloat64(round(s.seconds)) AS silent_seconds
FROM
(
    SELECT
        dateDiff('millisecond', max(o.sampled_at), now64(3, 'UTC')) / 1000 AS seconds,
        count() AS partitions
    FROM warehouse.v_path_offsets AS o
) AS s
WHERE (s.partitions > 0) AND (s.seconds >= 60) AND (uptime() >= 30);

CREATE VIEW warehouse.v_alert_robots
(
    `robot_id` LowCardinality(String),
    `site` String,
    `place` String,
    `problem` String,
    `amount` Float64,
    `unit` String
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robots report, but need help, and why?'
AS SELECT
    p.robot_id AS robot_id,
    p.site AS site,
    arrayStringConcat(arrayFilter(part -> (part != ''), [if(found.5, p.zone, ''), p.map, p.site]), ', ') AS place,
    found.1 AS problem,
    toFloat64(round(found.3)) AS amount,
    found.4 AS unit
FROM
(
    SELECT
        f.robot_id AS robot_id,
        ifNull(f.site_id, '') AS site,
        ifNull(f.map_id, '') AS map,
        ifNull(f.zone_name, '') AS zone,
        toFloat64((ifNull(f.state_seconds, 0) - greatest(0, f.age_seconds - f.silent_seconds)) - if(f.clock_wrong, 0, greatest(0, f.arrival_delay))) AS in_state,
        e.low_stored_seconds + f.silent_seconds AS low_battery_seconds,
        e.lost_stored_seconds + f.silent_seconds AS lost_seconds,
        if(e.delay_seconds > 0, greatest(0, e.delay_seconds - f.lag_seconds), e.delay_seconds) AS steady_seconds,
        (abs(f.delay_seconds) > 60) AND e.is_steady AND (abs(steady_seconds) > 60) AND ((steady_seconds < 0) OR (f.usual_delay_seconds < 15)) AS is_clock_wrong,
        if(is_clock_wrong, steady_seconds, e.behind_seconds) AS clock_seconds,
        arrayJoin(arrayFilter(each -> (each.2), [('in error', (f.status = 'error') AND (in_state >= 180), in_state, 'seconds', true), ('blocked', (f.status = 'blocked') AND (in_state >= 180), in_state, 'seconds', true), ('low battery and not charging', (f.status != 'charging') AND (ifNull(f.battery, 100) < 10) AND (toUnixTimestamp(e.low_battery_since) > 0) AND (ifNull(low_battery_seconds, 0) >= 30), toFloat64(ifNull(f.battery, 0)), 'percent', false), ('position lost', (ifNull(f.localized, 1) = 0) AND (toUnixTimestamp(e.lost_since) > 0) AND (ifNull(lost_seconds, 0) >= 180), toFloat64(ifNull(f.deviation_metres, 0)), 'metres of possible error', false), ('clock wrong', is_clock_wrong OR (e.is_behind AND (f.arrival_delay >= greatest(60, f.usual_arrival_delay + 45))), clock_seconds, 'seconds behind (negative: ahead)', false), ('working but not moving', (f.status = 'working') AND (m.robot_id != '') AND (m.standing_minutes >= m.allowed_minutes), 60. * m.standing_minutes, 'seconds', true)])) AS found
    FROM
    (
        SELECT
            n.*,
            g.lag_seconds AS lag_seconds,
            toFloat64(ifNull(dateDiff('millisecond', n.ts, n.last_received_at), 0) / 1000) AS arrival_delay,
            if(arrival_delay > 0, greatest(0, arrival_delay - g.lag_seconds), arrival_delay) AS delay_seconds,
            quantileExact(0.5)(delay_seconds) OVER () AS usual_delay_seconds,
            quantileExact(0.5)(arrival_delay) OVER () AS usual_arrival_delay
        FROM warehouse.v_fleet_now AS n
        LEFT JOIN
        (
            SELECT
                r.robot_id AS robot_id,
                o.lag_seconds AS lag_seconds
            FROM
            (
                SELECT
                    l.robot_id AS robot_id,
                    argMax(tuple(toString(l.topic), l.partition), l.version) AS read_from
                FROM warehouse.robot_latest AS l
                GROUP BY l.robot_id
            ) AS r
            INNER JOIN
            (
                SELECT
                    tuple(toString(p.topic), p.partition) AS read_from,
                    min(p.lag_seconds) AS lag_seconds
                FROM warehouse.v_path_offsets AS p
                WHERE p.sampled_at > (now64(3, 'UTC') - toIntervalMinute(1))
                GROUP BY read_from
            ) AS o ON o.read_from = r.read_from
        ) AS g ON g.robot_id = n.robot_id
    ) AS f
    LEFT JOIN warehouse.robot_stands AS m ON m.robot_id = f.robot_id
    LEFT JOIN warehouse.robot_conditions AS e ON e.robot_id = f.robot_id
    WHERE f.status NOT IN ('silent', 'offline', 'maintenance')
) AS p;

CREATE VIEW warehouse.v_alert_silent_groups
(
    `kind` String,
    `name` String,
    `severity` String,
    `site` String,
    `stopped_robots` Float64,
    `robots` Float64,
    `share_percent` Float64,
    `silent_seconds` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which groups of robots (fleet, site, floor, zone, model, firmware) are silent? The smallest group that explains the silence.'
AS SELECT
    s.best.1 AS kind,
    s.best.2 AS name,
    if((kind IN ('fleet', 'site')) OR (max(s.best.5) >= (0.1 * max(s.fleet_robots))), 'critical', 'warning') AS severity,
    any(s.best.6) AS site,
    toFloat64(max(s.best.3)) AS stopped_robots,
    toFloat64(max(s.best.4)) AS robots,
    round((100 * stopped_robots) / robots) AS share_percent,
    min(s.silent_seconds) AS silent_seconds
FROM warehouse.silent_robots AS s
WHERE s.best_score > 0
GROUP BY
    kind,
    name
HAVING max(s.silent_seconds - s.allowed_seconds) > 20;

CREATE VIEW warehouse.v_alert_slow_robots
(
    `robot_id` LowCardinality(String),
    `site` String,
    `place` String,
    `percent` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robots report, but send much less than usual?'
AS SELECT
    n.robot_id AS robot_id,
    ifNull(n.site_id, '') AS site,
    arrayStringConcat(arrayFilter(part -> (part != ''), [ifNull(n.map_id, ''), site]), ', ') AS place,
    toFloat64(round((100 * n.now_events) / n.usual_events)) AS percent
FROM
(
    SELECT
        g.robot_id AS robot_id,
        g.site_id AS site_id,
        g.map_id AS map_id,
        (g.minutes[1]).2 AS is_moving,
        arrayFilter(each -> ((each.2) = is_moving), g.minutes) AS alike,
        if((length(g.minutes) > 1) AND (((g.minutes[2]).2) = is_moving), greatest((g.minutes[1]).3, (g.minutes[2]).3), 0) AS now_events,
        arraySlice(alike.3, 3) AS before,
        if(length(before) < 10, 0, arrayReduce('quantileExact(0.25)', before)) AS usual_events
    FROM
    (
        SELECT
            m.robot_id AS robot_id,
            argMax(m.site_id, m.minute) AS site_id,
            argMax(m.map_id, m.minute) AS map_id,
            arrayReverseSort(groupArray((m.minute, m.seconds_working > 30, m.events))) AS minutes
        FROM warehouse.v_robot_minutes AS m
        WHERE (m.minute >= (now('UTC') - toIntervalDay(1))) AND (m.minute < toStartOfMinute(now('UTC') - toIntervalSecond(20))) AND (m.robot_id IN (
            SELECT c.robot_id
            FROM
            (
                SELECT
                    r.robot_id AS robot_id,
                    toStartOfMinute(now('UTC') - toIntervalSecond(20)) AS this_minute,
                    maxIf(r.events, (r.minute >= (this_minute - toIntervalMinute(2))) AND (r.minute < this_minute)) AS now_events,
                    max(r.events) AS most_events
                FROM warehouse.v_robot_minutes AS r
                WHERE r.minute >= (now('UTC') - toIntervalMinute(15))
                GROUP BY r.robot_id
            ) AS c
            LEFT JOIN
            (
                SELECT
                    h.robot_id AS robot_id,
                    max(h.events) / 60 AS most_events
                FROM warehouse.v_robot_hours AS h
                WHERE h.hour >= (now('UTC') - toIntervalDay(1))
                GROUP BY h.robot_id
            ) AS d ON d.robot_id = c.robot_id
            WHERE (c.now_events > 0) AND ((5 * c.now_events) < greatest(c.most_events, d.most_events))
        ))
        GROUP BY m.robot_id
    ) AS g
    WHERE ((g.minutes[1]).1) >= (now('UTC') - toIntervalMinute(3))
) AS n
WHERE (n.now_events > 0) AND ((5 * n.now_events) < n.usual_events) AND (n.robot_id IN (
    SELECT w.robot_id
    FROM warehouse.v_fleet_reports AS w
    WHERE w.status NOT IN ('silent', 'offline', 'maintenance', 'charging')
));

CREATE VIEW warehouse.v_alert_storage
(
    `check` String,
    `subject` String,
    `severity` String,
    `problem` String,
    `remedy` String,
    `amount` Float64,
    `unit` String
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What is wrong with the storage, and what to do?'
AS SELECT
    h.check AS check,
    h.subject AS subject,
    h.status AS severity,
    replaceRegexpAll(h.problem, '[0-9]+', '#') AS problem,
    h.remedy AS remedy,
    ifNull(h.value, 0) AS amount,
    h.unit AS unit
FROM warehouse.v_health AS h
WHERE (h.status != 'ok') AND (h.check NOT IN ('path_lag', 'dead_letters')) AND (NOT ((h.check = 'backup') AND (h.value IS NULL)));

CREATE VIEW warehouse.v_battery_distribution
(
    `from_percent` Float64,
    `to_percent` Float64,
    `robots` UInt64,
    `charging` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How are the batteries of the fleet distributed right now? Robots by steps of 10 percent.'
AS SELECT
    10 * least(9, floor(assumeNotNull(f.battery) / 10)) AS from_percent,
    from_percent + 10 AS to_percent,
    count() AS robots,
    countIf(f.status = 'charging') AS charging
FROM warehouse.v_fleet_reports AS f
WHERE f.battery IS NOT NULL
GROUP BY from_percent;

CREATE VIEW warehouse.v_battery_health
(
    `robot_id` LowCardinality(String),
    `hours` UInt64,
    `drain_percent_per_hour_7d` Nullable(Float64),
    `drain_percent_per_hour_before` Nullable(Float64),
    `drain_change` Nullable(Float64),
    `drain_trend_per_day` Nullable(Float64),
    `lowest_percent` Nullable(Float32)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which batteries are wearing out? Percent of charge that an hour of work costs, the last 7 days against the 23 before.'
AS SELECT
    h.robot_id AS robot_id,
    countIf(h.battery_first IS NOT NULL) AS hours,
    avgIf(drain, h.minute >= (now('UTC') - toIntervalDay(7))) AS drain_percent_per_hour_7d,
    avgIf(drain, h.minute < (now('UTC') - toIntervalDay(7))) AS drain_percent_per_hour_before,
    drain_percent_per_hour_7d - drain_percent_per_hour_before AS drain_change,
    if(isFinite((simpleLinearRegressionIf(toUnixTimestamp(h.minute) / 86400, drain, drain IS NOT NULL)).1 AS slope), slope, NULL) AS drain_trend_per_day,
    min(h.battery_min) AS lowest_percent
FROM
(
    SELECT
        robot_id,
        minute,
        battery_first,
        battery_min,
        if((seconds_charging = 0) AND (seconds_working >= 600), ((battery_first - battery_last) * 3600) / seconds_working, NULL) AS drain
    FROM warehouse.telemetry_hour
    FINAL
    WHERE (is_progress = 0) AND (minute >= (now('UTC') - toIntervalDay(30)))
) AS h
GROUP BY h.robot_id;

CREATE VIEW warehouse.v_dead_letter_reasons
(
    `reason` LowCardinality(String),
    `dead_letters` UInt64,
    `repaired` UInt64,
    `last_hour` UInt64,
    `first_received_at` DateTime64(3, 'UTC'),
    `last_received_at` DateTime64(3, 'UTC'),
    `last_sample` Nullable(String)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How many events were invalid for each reason, how many of them were repaired, and what did the latest look like?'
AS WITH
    latest AS
    (
        SELECT
            l.reason AS reason,
            count() AS dead_letters,
            countIf(l.repaired_at IS NOT NULL) AS repaired,
            countIf(l.received_at > (now64(3, 'UTC') - toIntervalHour(1))) AS last_hour,
            min(l.received_at) AS first_at,
            max(l.received_at) AS last_at,
            argMax((l.topic, l.partition, l.offset, l.part), (l.received_at, l.topic, l.partition, l.offset, l.part)) AS last_key
        FROM warehouse.v_dead_letters AS l
        GROUP BY reason
    )
SELECT
    n.reason AS reason,
    n.dead_letters AS dead_letters,
    n.repaired AS repaired,
    n.last_hour AS last_hour,
    n.first_at AS first_received_at,
    n.last_at AS last_received_at,
    substring(s.sample, 1, 1024) AS last_sample
FROM latest AS n
LEFT JOIN
(
    SELECT
        v.topic AS topic,
        v.partition AS partition,
        v.offset AS offset,
        v.part AS part,
        v.sample AS sample
    FROM warehouse.v_dead_letters AS v
    WHERE (v.topic, v.partition, v.offset, v.part) IN (
        SELECT k.last_key
        FROM latest AS k
    )
) AS s ON (s.topic, s.partition, s.offset, s.part) = n.last_key;

CREATE VIEW warehouse.v_dead_letters
(
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64,
    `part` UInt32,
    `reason` LowCardinality(String),
    `detail` String,
    `raw_bytes` UInt64,
    `sample` Nullable(String),
    `key` String,
    `received_at` DateTime64(3, 'UTC'),
    `path` String,
    `repaired_at` Nullable(DateTime64(3, 'UTC'))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which events were invalid, why, what did they look like, and when were they repaired? `sample` is the first 4 kB of the bytes without personal values.'
AS WITH
    (
        SELECT arrayStringConcat(arrayMap(f -> regexpQuoteMeta(f), groupUniqArray(p.field)), '|')
        FROM warehouse.personal_fields AS p
    ) AS personal,
    concat('(?is)(["\']?(?:', personal, ')["\']?\\s*[:=]\\s*)("(?:[^"\\\\]|\\\\.)*(?:"|$)|\'(?:[^\'\\\\]|\\\\.)*(?:\'|$)|[\\[{].*|[^,}\\]\\s]*)') AS personal_value,
    '(?is)\\\\u00(?:4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9a]).*' AS escaped_letter
SELECT
    d.topic AS topic,
    d.partition AS partition,
    d.offset AS offset,
    d.part AS part,
    d.reason AS reason,
    d.detail AS detail,
    length(d.raw) AS raw_bytes,
    substring(replaceRegexpAll(replaceRegexpOne(toValidUTF8(substring(d.raw, 1, 16384)), escaped_letter, '[hidden]'), if(personal = '', '$^', personal_value), '\\1"[personal]"'), 1, 4096) AS sample,
    d.key AS key,
    d.received_at AS received_at,
    toString(d.source) AS path,
    if(r.stored_at < d.received_at, NULL, nullIf(r.stored_at, toDateTime64(0, 3, 'UTC'))) AS repaired_at
FROM
(
    SELECT
        *,
        content
    FROM warehouse.dead_letters
    FINAL
) AS d
LEFT JOIN
(
    SELECT
        s.topic AS topic,
        s.partition AS partition,
        s.offset AS offset,
        s.part AS part,
        s.content AS content,
        max(s.at) AS stored_at
    FROM warehouse.dead_letter_repairs AS s
    WHERE s.phase = 'stored'
    GROUP BY
        topic,
        partition,
        offset,
        part,
        content
) AS r ON (r.topic = d.topic) AND (r.partition = d.partition) AND (r.offset = d.offset) AND (r.part = d.part) AND (r.content = d.content);

CREATE VIEW warehouse.v_deployments
(
    `time` DateTime64(3, 'UTC'),
    `time_end` DateTime64(3, 'UTC'),
    `title` String,
    `text` String
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'When was the schema changed, and by which steps? One row a run of ingestor migrate that changed something. For annotations.'
AS SELECT
    min(d.at) AS time,
    max(d.at) AS time_end,
    if(countIf(d.phase = 'failed') > 0, 'Schema: a step failed', 'Schema changed') AS title,
    concat(toString(uniqExact(d.version, d.name)), if(uniqExact(d.version, d.name) = 1, ' step: ', ' steps: '), arrayStringConcat(arraySlice(groupUniqArray(5)(d.name), 1, 5), ', '), if(uniqExact(d.version, d.name) > 5, ', …', '')) AS text
FROM
(
    SELECT
        s.version AS version,
        s.name AS name,
        s.phase AS phase,
        s.at AS at,
        sum(s.is_first) OVER (ORDER BY s.at ASC, s.version ASC, s.name ASC) AS run
    FROM
    (
        SELECT
            m.version AS version,
            m.name AS name,
            toString(m.phase) AS phase,
            m.at AS at,
            toUInt32(dateDiff('second', lagInFrame(m.at, 1, toDateTime64(0, 3, 'UTC')) OVER (ORDER BY m.at ASC, m.version ASC, m.name ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), m.at) > 300) AS is_first
        FROM warehouse.schema_migrations AS m
        WHERE m.phase != 'started'
    ) AS s
) AS d
GROUP BY d.run;

CREATE VIEW warehouse.v_events
(
    `event_id` UUID,
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC'),
    `event_type` LowCardinality(String),
    `task_id` Nullable(String),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `map_id` LowCardinality(Nullable(String)),
    `site_id` LowCardinality(Nullable(String)),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` LowCardinality(Nullable(String)),
    `error_code` LowCardinality(Nullable(String)),
    `firmware` LowCardinality(Nullable(String)),
    `meta` String,
    `received_at` DateTime64(3, 'UTC'),
    `clock_ahead` UInt8,
    `source` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `offset` Int64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What exactly did a robot report? Filter by robot_id and ts. Personal keys of meta are left out. clock_ahead: dated more than 60 s after its arrival.'
AS SELECT
    event_id,
    robot_id,
    ts,
    event_type,
    task_id,
    x,
    y,
    theta,
    map_id,
    site_id,
    speed,
    battery,
    state,
    error_code,
    firmware,
    if(meta = '', '', concat('{', arrayStringConcat(arrayMap(kv -> concat(toJSONString(kv.1), ':', kv.2), arrayFilter(kv -> ((kv.1) NOT IN (
        SELECT field
        FROM warehouse.personal_fields
    )), JSONExtractKeysAndValuesRaw(meta))), ','), '}')) AS meta,
    received_at,
    ts > (received_at + toIntervalMinute(1)) AS clock_ahead,
    toString(source) AS source,
    topic,
    partition,
    offset
FROM warehouse.telemetry_raw
FINAL;

CREATE VIEW warehouse.v_fleet_changes
(
    `robot_id` LowCardinality(String),
    `reported_at` DateTime64(3, 'UTC'),
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `map_id` Nullable(String),
    `age_seconds` Float64,
    `silent_seconds` Float64,
    `position_age_seconds` Nullable(Float64),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` Nullable(String),
    `status` Nullable(String),
    `error_code` Nullable(String),
    `task_id` Nullable(String)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robots arrived in the last 5 s, and what did they last report? The columns mean the same as those of v_fleet_now.'
AS SELECT
    n.robot_id AS robot_id,
    fromUnixTimestamp64Milli(toInt64(bitShiftRight(n.last_version, 22)), 'UTC') AS reported_at,
    n.x AS x,
    n.y AS y,
    n.theta AS theta,
    nullIf(n.last_map, '') AS map_id,
    greatest(0, dateDiff('millisecond', n.arrived_at, now64(3, 'UTC')) / 1000) AS age_seconds,
    toFloat64(0) AS silent_seconds,
    if(n.x IS NULL, NULL, greatest(0, dateDiff('millisecond', if(abs(dateDiff('millisecond', n.position_time, n.position_arrived_at)) > 60000, n.position_arrived_at, n.position_time), now64(3, 'UTC')) / 1000)) AS position_age_seconds,
    n.speed AS speed,
    n.battery AS battery,
    n.state AS state,
    multiIf(n.state IS NOT NULL, n.state, n.last_task != '', 'working', 'unknown') AS status,
    nullIf(n.last_error, '') AS error_code,
    nullIf(n.last_task, '') AS task_id
FROM
(
    SELECT
        robot_id,
        max(l.version) AS last_version,
        max(l.arrived_at) AS arrived_at,
        argMaxIf(l.ts, l.version, l.x IS NOT NULL) AS position_time,
        argMaxIf(l.arrived_at, l.version, l.x IS NOT NULL) AS position_arrived_at,
        argMax(l.x, l.version) AS x,
        argMax(l.y, l.version) AS y,
        argMax(l.theta, l.version) AS theta,
        argMax(l.speed, l.version) AS speed,
        argMax(l.battery, l.version) AS battery,
        argMaxIf(toString(ifNull(l.map_id, '')), l.version, l.x IS NOT NULL) AS last_map,
        argMax(l.state, l.version) AS state,
        argMaxIf(if((l.event_type IN ('TASK_COMPLETED', 'TASK_FAILED')), '', ifNull(l.task_id, '')), l.version, (l.state IS NOT NULL) OR (l.task_id IS NOT NULL)) AS last_task,
        argMaxIf(toString(ifNull(l.error_code, '')), l.version, (l.state IS NOT NULL) OR (l.error_code IS NOT NULL)) AS last_error
    FROM warehouse.robot_latest AS l
    GROUP BY robot_id
    HAVING max((l.stored_at > (now64(3, 'UTC') - toIntervalSecond(5))) AND (l.arrived_at > (l.stored_at - toIntervalMinute(1))))
) AS n;

CREATE VIEW warehouse.v_fleet_dropoff
(
    `silent_seconds` Float64,
    `robots` UInt64,
    `silent_robots` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'For how long has no robot in service arrived, as far as the pipeline has got? One row; none while no robot is known. 0 if all robots reported offline or maintenance.'
AS SELECT
    if(countIf((ifNull(f.state, '') NOT IN ('offline', 'maintenance'))) = 0, 0, min(f.silent_seconds)) AS silent_seconds,
    count() AS robots,
    countIf(status = 'silent') AS silent_robots
FROM warehouse.v_fleet_reports AS f
HAVING robots > 0;

CREATE VIEW warehouse.v_fleet_now
(
    `robot_id` LowCardinality(String),
    `site_id` Nullable(String),
    `map_id` Nullable(String),
    `zone_id` Nullable(String),
    `zone_name` Nullable(String),
    `reported_state_since` Nullable(DateTime64(3, 'UTC')),
    `state_since` Nullable(DateTime64(3, 'UTC')),
    `state_seconds` Nullable(Float64),
    `ts` DateTime64(3, 'UTC'),
    `last_received_at` Nullable(DateTime64(3, 'UTC')),
    `seen_at` DateTime64(3, 'UTC'),
    `age_seconds` Float64,
    `silent_seconds` Float64,
    `clock_offset_seconds` Nullable(Float64),
    `clock_wrong` UInt8,
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `position_ts` Nullable(DateTime64(3, 'UTC')),
    `position_age_seconds` Nullable(Float64),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` Nullable(String),
    `status` Nullable(String),
    `placed` UInt8,
    `not_placed_reason` String,
    `error_code` Nullable(String),
    `task_id` Nullable(String),
    `firmware` Nullable(String),
    `last_event_type` String,
    `localized` Nullable(UInt8),
    `localization_score` Nullable(Float32),
    `deviation_metres` Nullable(Float32),
    `reported_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Where is each robot in service (site, map, zone), what does it do and since when, and how old is that? One row a robot, the silent ones too. state_since: first event of its state after the last event of another one (reported_state_since), but of a silent robot 60 s after its last arrival; age_seconds: since its last arrival; silent_seconds: the same, less what the pipeline lags; clock_offset_seconds: arrival minus event time, negative when its clock is ahead.'
AS WITH
    (
        SELECT tuple(groupArray(m.map_id), groupArray(m.lefts), groupArray(m.rights), groupArray(m.bottoms), groupArray(m.tops), groupArrayArray(m.polygons), groupArrayArray(m.zone_ids), groupArrayArray(m.names), arrayPushFront(arrayCumSum(groupArray(length(m.zone_ids))), 0))
        FROM
        (
            SELECT
                z.map_id AS map_id,
                arraySort(groupArray((abs(polygonAreaCartesian([arrayMap(corner -> (corner.x, corner.y), z.polygon)])), z.zone_id, z.name, z.polygon))) AS by_area,
                by_area.2 AS zone_ids,
                by_area.3 AS names,
                by_area.4 AS polygons,
                arrayMap(polygon -> arrayMin(polygon.x), polygons) AS lefts,
                arrayMap(polygon -> arrayMax(polygon.x), polygons) AS rights,
                arrayMap(polygon -> arrayMin(polygon.y), polygons) AS bottoms,
                arrayMap(polygon -> arrayMax(polygon.y), polygons) AS tops
            FROM warehouse.zones AS z
            FINAL
            WHERE z.deleted = 0
            GROUP BY z.map_id
        ) AS m
    ) AS maps,
    indexOf(maps.1, ifNull(f.map_id, '')) AS map,
    (maps.9)[map] AS before_map,
    arrayFilter((nth, left, right, bottom, top) -> ((assumeNotNull(f.x) >= left) AND (assumeNotNull(f.x) <= right) AND (assumeNotNull(f.y) >= bottom) AND (assumeNotNull(f.y) <= top)), arrayEnumerate((maps.2)[map]), (maps.2)[map], (maps.3)[map], (maps.4)[map], (maps.5)[map]) AS boxes,
    if(f.placed, arrayFirst(nth -> pointInPolygon((assumeNotNull(f.x), assumeNotNull(f.y)), (maps.6)[before_map + nth]), boxes), 0) AS zone
SELECT
    f.robot_id AS robot_id,
    ifNull(f.site_id, nullIf(p.site_id, '')) AS site_id,
    f.map_id AS map_id,
    if(zone = 0, NULL, (maps.7)[before_map + zone]) AS zone_id,
    if(zone = 0, NULL, (maps.8)[before_map + zone]) AS zone_name,
    if(c.since = 0, NULL, fromUnixTimestamp64Milli(toInt64(bitShiftRight(bitAnd(c.since, 9223372036854775807), 22)) + if(f.clock_wrong, greatest(0, toInt64(1000 * ifNull(f.clock_offset_seconds, 0))), 0), 'UTC')) AS reported_state_since,
    if((f.status = 'silent') OR ((f.status = 'offline') AND (ifNull(f.state, '') != 'offline')), f.seen_at + toIntervalSecond(60), reported_state_since) AS state_since,
    greatest(0, dateDiff('millisecond', state_since, now64(3, 'UTC')) / 1000) AS state_seconds,
    f.* EXCEPT (robot_id, site_id, map_id)
FROM warehouse.v_fleet_reports AS f
LEFT JOIN
(
    SELECT
        robot_id,
        groupArray(u.last) AS lasts,
        groupArray(u.code) AS codes,
        groupArray(u.before) AS befores,
        groupArray(u.start) AS starts,
        groupArray(u.read_to) AS reads,
        codes[indexOf(lasts, arrayMax(lasts))] AS newest,
        arrayMax((last_event, code, other_event) -> if(code = newest, other_event, last_event), lasts, codes, befores) AS before,
        has(reads, before) AS is_known,
        arrayMin((last_event, code, first_event) -> if((code != newest) OR (last_event <= before) OR ((first_event <= before) AND is_known), 18446744073709551615, greatest(first_event, before)), lasts, codes, starts) AS since
    FROM
    (
        SELECT
            robot_id,
            cityHash64(state) AS code,
            last,
            before,
            start,
            if(start > before, before, 1) AS read_to
        FROM warehouse.robot_states
        UNION ALL
        SELECT
            robot_id,
            cityHash64(state) AS code,
            last,
            before,
            start,
            1
        FROM warehouse.robot_state_minutes
        WHERE inserted_at >= (
            SELECT greatest(max(c.inserted_at), toDateTime(120, 'UTC')) - toIntervalMinute(2)
            FROM warehouse.robot_states AS c
        )
    ) AS u
    GROUP BY robot_id
) AS c ON c.robot_id = f.robot_id
LEFT JOIN
(
    SELECT
        map_id,
        site_id
    FROM warehouse.floor_plans
    FINAL
) AS p ON p.map_id = f.map_id;

CREATE VIEW warehouse.v_fleet_reports
(
    `robot_id` LowCardinality(String),
    `ts` DateTime64(3, 'UTC'),
    `last_received_at` Nullable(DateTime64(3, 'UTC')),
    `seen_at` DateTime64(3, 'UTC'),
    `age_seconds` Float64,
    `silent_seconds` Float64,
    `clock_offset_seconds` Nullable(Float64),
    `clock_wrong` UInt8,
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `theta` Nullable(Float32),
    `map_id` Nullable(String),
    `site_id` Nullable(String),
    `position_ts` Nullable(DateTime64(3, 'UTC')),
    `position_age_seconds` Nullable(Float64),
    `speed` Nullable(Float32),
    `battery` Nullable(Float32),
    `state` Nullable(String),
    `status` Nullable(String),
    `placed` UInt8,
    `not_placed_reason` String,
    `error_code` Nullable(String),
    `task_id` Nullable(String),
    `firmware` Nullable(String),
    `last_event_type` String,
    `localized` Nullable(UInt8),
    `localization_score` Nullable(Float32),
    `deviation_metres` Nullable(Float32),
    `reported_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What did each robot in service last report, and how old is that? v_fleet_now without zone and state_since, for counts.'
AS WITH
    now64(3, 'UTC') AS asked_at,
    (
        SELECT if(argMax(c.setting, c.changed_at) > 0, argMax(c.setting, c.changed_at), 24)
        FROM warehouse.fleet_settings AS c
        WHERE c.name = 'offline_after_hours'
    ) AS offline_after_hours,
    progress AS
    (
        SELECT
            o.topic AS topic,
            o.partition AS partition,
            max(if((o.sampled_at < (now64(3, 'UTC') - toIntervalMinute(1))) AND (p.topic != ''), now64(3, 'UTC'), o.stored_to)) AS stored_to,
            max(if(o.sampled_at < (now64(3, 'UTC') - toIntervalMinute(1)), 0, dateDiff('millisecond', o.last_growth_at, o.sampled_at) / 1000)) AS idle_seconds,
            min(o.lag_seconds) AS lag_seconds
        FROM warehouse.v_path_offsets AS o
        LEFT JOIN
        (
            SELECT DISTINCT
                toString(g.source) AS path,
                g.topic AS topic,
                g.partition AS partition
            FROM warehouse.path_progress AS g
            WHERE g.second > (now('UTC') - toIntervalMinute(1))
        ) AS p ON (p.path = o.path) AND (p.topic = o.topic) AND (p.partition = o.partition)
        GROUP BY
            o.topic,
            o.partition
    ),
    arrivals AS
    (
        SELECT
            a.robot_id AS robot_id,
            max(a.last_arrival) AS last_arrival,
            min(a.min_delay_ms) AS delay_ms,
            dateDiff('millisecond', min(a.first_arrival), max(a.last_arrival)) / 1000 AS heard_seconds
        FROM warehouse.robot_arrivals AS a
        WHERE a.bucket >= toStartOfTenMinutes(now('UTC') - toIntervalMinute(20))
        GROUP BY a.robot_id
    )
SELECT
    n.robot_id AS robot_id,
    n.last_ts AS ts,
    nullIf(greatest(n.arrived_at, a.last_arrival), toDateTime64(0, 3, 'UTC')) AS last_received_at,
    ifNull(last_received_at, fromUnixTimestamp64Milli(toInt64(bitShiftRight(n.last_version, 22)), 'UTC')) AS seen_at,
    greatest(0, dateDiff('millisecond', seen_at, asked_at) / 1000) AS age_seconds,
    greatest(0, dateDiff('millisecond', seen_at, if(g.topic = '', asked_at, g.stored_to)) / 1000, g.idle_seconds) AS silent_seconds,
    multiIf(last_received_at IS NULL, NULL, (if(a.robot_id = '', n.delay_ms, a.delay_ms) > 60000) AND (a.heard_seconds < 30), NULL, a.robot_id = '', n.delay_ms, (g.lag_seconds > 15) AND (a.delay_ms > 0), NULL, a.delay_ms) / 1000 AS clock_offset_seconds,
    ifNull(abs(clock_offset_seconds) > 60, 0) AS clock_wrong,
    n.x AS x,
    n.y AS y,
    n.theta AS theta,
    nullIf(n.last_map, '') AS map_id,
    n.site_id AS site_id,
    if(placed, n.position_time, NULL) AS position_ts,
    if(placed, greatest(0, ((dateDiff('millisecond', n.position_time, asked_at) / 1000) - if(clock_wrong, clock_offset_seconds, 0))), NULL) AS position_age_seconds,
    n.speed AS speed,
    n.battery AS battery,
    n.state AS state,
    multiIf((n.state = 'offline') OR (silent_seconds > (3600 * offline_after_hours)), 'offline', silent_seconds > 60, 'silent', n.state IS NOT NULL, n.state, n.last_task != '', 'working', 'unknown') AS status,
    n.x IS NOT NULL AS placed,
    if(placed, '', 'no position') AS not_placed_reason,
    nullIf(n.last_error, '') AS error_code,
    nullIf(n.last_task, '') AS task_id,
    n.firmware AS firmware,
    n.last_event_type AS last_event_type,
    if(JSONType(n.last_meta, 'localized') = 'Bool', toUInt8(JSONExtractBool(n.last_meta, 'localized')), NULL) AS localized,
    JSONExtract(n.last_meta, 'localization_score', 'Nullable(Float32)') AS localization_score,
    JSONExtract(n.last_meta, 'deviation_range', 'Nullable(Float32)') AS deviation_metres,
    fromUnixTimestamp64Milli(toInt64(bitShiftRight(n.last_version, 22)), 'UTC') AS reported_at
FROM
(
    SELECT
        robot_id,
        max(l.version) AS last_version,
        argMax(l.ts, l.version) AS last_ts,
        max(l.arrived_at) AS arrived_at,
        minIf(dateDiff('millisecond', l.ts, l.arrived_at), l.arrived_at > toDateTime64(0, 3, 'UTC')) AS delay_ms,
        argMax(l.topic, l.version) AS last_topic,
        argMax(l.partition, l.version) AS last_partition,
        argMax(l.event_type, l.version) AS last_event_type,
        argMax(l.site_id, l.version) AS site_id,
        argMax(l.battery, l.version) AS battery,
        argMax(l.firmware, l.version) AS firmware,
        argMaxIf(l.ts, l.version, l.x IS NOT NULL) AS position_time,
        argMax(l.x, l.version) AS x,
        argMax(l.y, l.version) AS y,
        argMax(l.theta, l.version) AS theta,
        argMax(l.speed, l.version) AS speed,
        argMaxIf(toString(ifNull(l.map_id, '')), l.version, l.x IS NOT NULL) AS last_map,
        argMaxIf(l.meta, l.version, l.x IS NOT NULL) AS last_meta,
        argMax(l.state, l.version) AS state,
        argMaxIf(if((l.event_type IN ('TASK_COMPLETED', 'TASK_FAILED')), '', ifNull(l.task_id, '')), l.version, (l.state IS NOT NULL) OR (l.task_id IS NOT NULL)) AS last_task,
        argMaxIf(toString(ifNull(l.error_code, '')), l.version, (l.state IS NOT NULL) OR (l.error_code IS NOT NULL)) AS last_error
    FROM warehouse.robot_latest AS l
    WHERE l.robot_id NOT IN (
        SELECT t.robot_id
        FROM warehouse.robot_retirements AS t
        FINAL
        WHERE t.retired = 1
    )
    GROUP BY robot_id
) AS n
LEFT JOIN arrivals AS a ON a.robot_id = n.robot_id
LEFT JOIN progress AS g ON (g.topic = n.last_topic) AND (g.partition = n.last_partition);

CREATE VIEW warehouse.v_fleet_status
(
    `status` Nullable(String),
    `robots` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How many robots are in each state right now? One row a state that occurs.'
AS SELECT
    status,
    count() AS robots
FROM warehouse.v_fleet_reports
GROUP BY status;

CREATE VIEW warehouse.v_fleet_summary
(
    `robots` UInt64,
    `online` UInt64,
    `working` UInt64,
    `idle` UInt64,
    `charging` UInt64,
    `blocked` UInt64,
    `error` UInt64,
    `manual` UInt64,
    `maintenance` UInt64,
    `offline` UInt64,
    `silent` UInt64,
    `unknown` UInt64,
    `placed` UInt64,
    `not_placed` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How many robots in service are in each state right now? One row.'
AS SELECT
    count() AS robots,
    countIf((status != 'silent') AND (status != 'offline')) AS online,
    countIf(status = 'working') AS working,
    countIf(status = 'idle') AS idle,
    countIf(status = 'charging') AS charging,
    countIf(status = 'blocked') AS blocked,
    countIf(status = 'error') AS error,
    countIf(status = 'manual') AS manual,
    countIf(status = 'maintenance') AS maintenance,
    countIf(status = 'offline') AS offline,
    countIf(status = 'silent') AS silent,
    countIf(status = 'unknown') AS unknown,
    countIf(f.placed) AS placed,
    countIf(NOT f.placed) AS not_placed
FROM warehouse.v_fleet_reports AS f;

CREATE VIEW warehouse.v_floor_cell_hours
(
    `time` DateTime('UTC'),
    `map_id` LowCardinality(Nullable(String)),
    `x` Float64,
    `y` Float64,
    `dwell_seconds` Float64,
    `waiting_seconds` Float64,
    `congested_seconds` Float64,
    `errors` UInt64,
    `localization_score` Nullable(Float64),
    `score_reports` UInt64,
    `deviation_metres` Nullable(Float64),
    `deviation_reports` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How long did robots stay and wait in each square metre, hour by hour? For ranges of days, where v_floor_cells would read sixty times as much.'
AS SELECT
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
FROM warehouse.floor_cells_hour AS c
FINAL
ARRAY JOIN
    c.map_id AS cell_map,
    c.cell_x AS column,
    c.cell_y AS row,
    c.dwell_seconds AS dwell,
    c.waiting_seconds AS waits,
    c.congested_seconds AS congested,
    c.errors AS failures,
    c.score_sum AS score,
    c.score_reports AS scores,
    c.deviation_sum AS deviation,
    c.deviation_reports AS deviations
GROUP BY
    c.bucket,
    cell_map,
    column,
    row;

CREATE VIEW warehouse.v_floor_cells
(
    `time` DateTime('UTC'),
    `map_id` LowCardinality(Nullable(String)),
    `x` Float64,
    `y` Float64,
    `dwell_seconds` Float64,
    `waiting_seconds` Float64,
    `congested_seconds` Float64,
    `errors` UInt64,
    `localization_score` Nullable(Float64),
    `score_reports` UInt64,
    `deviation_metres` Nullable(Float64),
    `deviation_reports` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Where on the floor do robots spend time, wait on each other, fail, and lose their way? One row a 1 m cell (x, y is its middle) and five minutes; filter by time.'
AS SELECT
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
FROM warehouse.floor_cells AS c
FINAL
ARRAY JOIN
    c.map_id AS cell_map,
    c.cell_x AS column,
    c.cell_y AS row,
    c.dwell_seconds AS dwell,
    c.waiting_seconds AS waits,
    c.congested_seconds AS congested,
    c.errors AS failures,
    c.score_sum AS score,
    c.score_reports AS scores,
    c.deviation_sum AS deviation,
    c.deviation_reports AS deviations
GROUP BY
    time,
    cell_map,
    column,
    row;

CREATE VIEW warehouse.v_floor_plans
(
    `map_id` String,
    `site_id` String,
    `name` String,
    `image_base64` String,
    `width` UInt32,
    `height` UInt32,
    `resolution` Float64,
    `origin_x` Float64,
    `origin_y` Float64,
    `origin_yaw` Float64,
    `checksum` String,
    `updated_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which floor plans are there, and where does each lie in the map frame?'
AS SELECT
    map_id,
    site_id,
    name,
    base64Encode(image) AS image_base64,
    width,
    height,
    resolution,
    origin_x,
    origin_y,
    origin_yaw,
    checksum,
    updated_at
FROM warehouse.floor_plans
FINAL;

CREATE VIEW warehouse.v_health
(
    `check` String,
    `subject` String,
    `status` String,
    `value` Nullable(Float64),
    `threshold` Nullable(Float64),
    `unit` String,
    `problem` String,
    `remedy` String
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What is wrong with the storage and the paths, how bad, and what to do? One row a check; ask for status != \'ok\'.'
AS WITH
    text -> replaceRegexpAll(substring(text, 1, 300), '\'[^\']*(\'|$)', '\'…\'') AS without_values,
    ((value, warning, critical) -> multiIf(value >= critical, 2, value >= warning, 1, 0)) AS grade_of_high,
    refreshes AS
    (
        SELECT
            'refresh' AS check,
            r.view AS subject,
            least(dateDiff('second', ifNull(r.last_success_time, toDateTime(0)), now()), uptime()) AS value,
            if(r.view LIKE '%hour%', 1800, 600) AS threshold,
            'seconds since the last success' AS unit,
            multiIf((r.status = 'Disabled') OR (value >= threshold), 2, r.exception != '', 1, 0) AS grade,
            multiIf(r.status = 'Disabled', 'The view is stopped: its table does not change.', r.exception != '', concat('The last refresh failed: ', without_values(r.exception)), 'The roll-up is not up to date.') AS problem,
            if(r.status = 'Disabled', concat('As floorwatch_owner, run SYSTEM START VIEW ', r.database, '.', r.view, '.'), concat('Check memory and load. As floorwatch_owner, run SYSTEM REFRESH VIEW ', r.database, '.', r.view, '. The next refresh catches up.')) AS remedy
        FROM system.view_refreshes AS r
        WHERE r.database IN ('warehouse', 'warehouse_local')
    ),
    parts AS
    (
        SELECT
            'parts' AS check,
            argMax(concat(p.`table`, ' partition ', p.partition), p.parts) AS subject,
            toInt64(max(p.parts)) AS value,
            (
                SELECT intDiv(toInt64OrZero(any(s.value)), 2)
                FROM system.merge_tree_settings AS s
                WHERE s.name = 'parts_to_delay_insert'
            ) AS threshold,
            'active parts in a partition' AS unit,
            grade_of_high(value, threshold, threshold * 2) AS grade,
            'Merges are slower than inserts; at twice this number, ClickHouse slows inserts.' AS problem,
            'Check CPU and disk. Make batches larger (BATCH_MAX_MS), and look for a client with many small inserts.' AS remedy
        FROM
        (
            SELECT
                a.`table` AS `table`,
                a.partition AS partition,
                count() AS parts
            FROM system.parts AS a
            WHERE a.active AND (a.database IN ('warehouse', 'warehouse_local'))
            GROUP BY
                a.`table`,
                a.partition
        ) AS p
    ),
    broken_parts AS
    (
        SELECT
            'broken_parts' AS check,
            ifNull(argMax(d.`table`, d.reason), '') AS subject,
            toInt64(count()) AS value,
            1 AS threshold,
            'detached parts' AS unit,
            toUInt8(if(value > 0, 2, 0)) AS grade,
            'ClickHouse set aside parts that it could not read: rows are missing.' AS problem,
            'Check the disk. Restore a backup (as floorwatch_owner), or replay the time from Kafka. Then drop the detached parts (as floorwatch_owner).' AS remedy
        FROM system.detached_parts AS d
        WHERE (d.database IN ('warehouse', 'warehouse_local')) AND (d.reason LIKE 'broken%')
    ),
    merges AS
    (
        SELECT
            'merge' AS check,
            argMax(m.`table`, m.elapsed) AS subject,
            toInt64(max(m.elapsed)) AS value,
            7200 AS threshold,
            'seconds' AS unit,
            grade_of_high(value, threshold, threshold * 6) AS grade,
            'A merge runs for hours.' AS problem,
            'Check its progress in system.merges (as floorwatch_owner), the disk, and the memory of the server.' AS remedy
        FROM system.merges AS m
        WHERE m.database IN ('warehouse', 'warehouse_local')
    ),
    mutations AS
    (
        SELECT
            'mutation' AS check,
            argMin(u.`table`, u.create_time) AS subject,
            if(count() = 0, 0, dateDiff('second', min(u.create_time), now())) AS value,
            3600 AS threshold,
            'seconds' AS unit,
            if(max(u.latest_fail_reason) != '', 2, grade_of_high(value, threshold, threshold * 12)) AS grade,
            if(max(u.latest_fail_reason) != '', concat('A deletion or update fails: ', without_values(max(u.latest_fail_reason))), 'A deletion or update (such as `ingestor erase`) does not end.') AS problem,
            'See system.mutations (as floorwatch_owner). Remove the cause; ClickHouse then continues. KILL MUTATION gives it up.' AS remedy
        FROM system.mutations AS u
        WHERE (u.database IN ('warehouse', 'warehouse_local')) AND (NOT u.is_done)
    ),
    disks AS
    (
        SELECT
            'disk' AS check,
            d.name AS subject,
            round((100 * d.free_space) / d.total_space, 1) AS value,
            15 AS threshold,
            'percent free' AS unit,
            multiIf(value < 5, 2, value < threshold, 1, 0) AS grade,
            'The disk is nearly full; a full disk stops inserts, and events then wait in Kafka.' AS problem,
            'Add space. Or, as floorwatch_owner, move old partitions (sql/storage/tiered.sql) or shorten a TTL.' AS remedy
        FROM system.disks AS d
        WHERE (NOT d.is_remote) AND (d.total_space > 0)
    ),
    disk_time AS
    (
        SELECT
            'disk_time' AS check,
            'default' AS subject,
            round(least(8760., d.free_space / greatest(1e-9, g.rows_per_hour * s.bytes_per_event)), 1) AS value,
            48 AS threshold,
            'hours until full' AS unit,
            multiIf(value < 6, 2, value < threshold, 1, 0) AS grade,
            'At the rate of the last hour, the disk of the data is full soon.' AS problem,
            'Add space, move old partitions (sql/storage/tiered.sql, as floorwatch_owner), or find out who sends more than usual (v_pipeline).' AS remedy
        FROM
        (
            SELECT min(f.free_space) AS free_space
            FROM system.disks AS f
            WHERE f.name = 'default'
        ) AS d
        CROSS JOIN
        (
            SELECT sum(p.rows) AS rows_per_hour
            FROM warehouse.path_progress AS p
            WHERE p.second > (now('UTC') - toIntervalHour(1))
        ) AS g
        CROSS JOIN
        (
            SELECT if((sumIf(a.rows, a.`table` = 'telemetry_raw') AS events) < 100000, 100, sum(a.bytes_on_disk) / events) AS bytes_per_event
            FROM system.parts AS a
            WHERE a.active AND (a.database IN ('warehouse', 'warehouse_local'))
        ) AS s
    ),
    replicas AS
    (
        SELECT
            c.1 AS check,
            subject,
            c.2 AS value,
            c.3 AS threshold,
            c.4 AS unit,
            toUInt8(if(value >= threshold, c.5, 0)) AS grade,
            c.6 AS problem,
            c.7 AS remedy
        FROM
        (
            SELECT
                argMax(r.`table`, (r.is_readonly * 1000000000) + r.queue_size) AS subject,
                arrayJoin([('replica_readonly', toInt64(countIf(r.is_readonly)), 1, 'tables', 2, 'Tables are read-only: this server cannot reach ZooKeeper or Keeper, and inserts fail.', 'Check Keeper and the network. SYSTEM RESTART REPLICA (as floorwatch_owner) reconnects a table.'), ('replica_queue', toInt64(max(r.queue_size)), 1000, 'entries', 1, 'A replica lags: entries wait in its replication queue.', 'See last_exception in system.replication_queue (as floorwatch_owner), and check network and disk.'), ('replica_delay', toInt64(max(r.absolute_delay)), 300, 'seconds', 1, 'A replica is behind the others: it answers with old data.', 'See system.replicas and system.replication_queue (as floorwatch_owner).')]) AS c
            FROM system.replicas AS r
            WHERE r.database IN ('warehouse', 'warehouse_local')
        )
    ),
    engine AS
    (
        SELECT
            'kafka_engine' AS check,
            'telemetry_from_kafka' AS subject,
            if(v.views = 0, 0, least(dateDiff('second', c.last_poll_time, now()), uptime())) AS value,
            60 AS threshold,
            if(v.views = 0, 'views', 'seconds since the last poll') AS unit,
            multiIf(v.views = 0, if(o.samples > 0, 2, 0), (c.missing > 0) OR (value >= threshold), 2, c.recent_exception != '', 1, 0) AS grade,
            multiIf(v.views = 0, 'Its consumer group is measured, but the view that reads Kafka does not exist or is detached.', c.missing > 0, 'The Kafka table misses a table or view that it feeds, so it does not read.', value >= threshold, 'ClickHouse does not poll Kafka.', concat('The last exception: ', without_values(c.recent_exception))) AS problem,
            'Run `ingestor migrate` as floorwatch_owner with the right INGEST_PATH, and check that the brokers are reachable from ClickHouse.' AS remedy
        FROM
        (
            SELECT
                max(k.last_poll_time) AS last_poll_time,
                sum(length(k.missing_dependencies)) AS missing,
                max(if(notEmpty(k.exceptions.time) AND ((k.exceptions.time[-1]) > (now() - toIntervalMinute(10))), k.exceptions.text[-1], '')) AS recent_exception
            FROM system.kafka_consumers AS k
            WHERE (k.database IN ('warehouse', 'warehouse_local')) AND (k.`table` = 'telemetry_queue')
        ) AS c
        CROSS JOIN
        (
            SELECT count() AS views
            FROM system.tables AS t
            WHERE (t.database IN ('warehouse', 'warehouse_local')) AND (t.name = 'telemetry_from_kafka')
        ) AS v
        CROSS JOIN
        (
            SELECT count() AS samples
            FROM warehouse.path_offsets AS p
            WHERE (p.path = 'engine') AND (p.sampled_at > (now64(3, 'UTC') - toIntervalMinute(1)))
        ) AS o
    ),
    lag AS
    (
        SELECT
            'path_lag' AS check,
            p.path AS subject,
            max(p.lag_seconds) AS value,
            60 AS threshold,
            'seconds' AS unit,
            grade_of_high(value, threshold, 600) AS grade,
            'Events are stored late.' AS problem,
            'See v_pipeline and `ingestor check`: is the path running, and are Kafka and ClickHouse fast enough?' AS remedy
        FROM warehouse.v_path_offsets AS p
        WHERE p.sampled_at > (now64(3, 'UTC') - toIntervalMinute(5))
        GROUP BY p.path
    ),
    dead AS
    (
        SELECT
            'dead_letters' AS check,
            toString(l.reason) AS subject,
            round((100 * l.letters) / greatest(1, l.letters + e.events), 2) AS value,
            1 AS threshold,
            'percent of the last 10 minutes' AS unit,
            grade_of_high(value, threshold, 20) AS grade,
            concat('Events are invalid; most often: ', subject, '.') AS problem,
            'See v_dead_letter_reasons. After the sender is corrected: `ingestor dead-letters requeue` as floorwatch_owner.' AS remedy
        FROM
        (
            SELECT
                count() AS letters,
                topK(1)(d.reason)[1] AS reason
            FROM warehouse.dead_letters AS d
            WHERE d.received_at > (now64(3, 'UTC') - toIntervalMinute(10))
        ) AS l
        CROSS JOIN
        (
            SELECT sum(p.rows) AS events
            FROM warehouse.path_progress AS p
            WHERE p.second > (now('UTC') - toIntervalMinute(10))
        ) AS e
    ),
    backup AS
    (
        SELECT
            'backup' AS check,
            argMax(b.name, b.ended_at) AS subject,
            if(count() = 0, NULL, round(dateDiff('second', max(b.ended_at), now64(3, 'UTC')) / 3600, 1)) AS value,
            26 AS threshold,
            'hours since the last backup' AS unit,
            if(ifNull(value, threshold) >= threshold, 1, 0) AS grade,
            if(count() = 0, 'There is no backup.', 'The last backup is old.') AS problem,
            if(has((
                SELECT groupArray(k.name)
                FROM system.disks AS k
            ), if(count() = 0, 'backups', argMax(b.disk, b.ended_at))), 'Run `ingestor backup` as floorwatch_owner, at best every night (sql/README.md).', 'ClickHouse has no disk for backups. Copy sql/server/backups.example.xml into its config.d, set CLICKHOUSE_BACKUP_PATH and restart it. Then run `ingestor backup` as floorwatch_owner every night (sql/README.md).') AS remedy
        FROM warehouse.backups AS b
    ),
    erased AS
    (
        SELECT
            'erased' AS check,
            '' AS subject,
            toInt64(uniqExact(l.robot_id)) AS value,
            1 AS threshold,
            'robots' AS unit,
            toUInt8(value > 0) AS grade,
            'Robots that were erased are stored again: Kafka, a replay or a backup still had them.' AS problem,
            'Stop the source, then run `ingestor erase --robot` for them again, as floorwatch_owner.' AS remedy
        FROM warehouse.robot_latest AS l
        WHERE ((
            SELECT count()
            FROM warehouse.erasures AS c
        ) > 0) AND (lower(hex(SHA256(concat((
            SELECT any(s.salt)
            FROM warehouse.erasures AS s
        ), toString(l.robot_id))))) IN (
            SELECT h.hash
            FROM warehouse.erasures AS h
            WHERE h.field = 'robot_id'
        ))
    ),
    schema AS
    (
        SELECT
            'migration' AS check,
            argMax(n.name, n.phase != 'finished') AS subject,
            toInt64(countIf(n.phase != 'finished')) AS value,
            1 AS threshold,
            'steps' AS unit,
            toUInt8(value > 0) AS grade,
            'A migration or a view was applied only in part.' AS problem,
            'Run `ingestor migrate` as floorwatch_owner; it says what to do.' AS remedy
        FROM
        (
            SELECT
                m.version AS version,
                m.name AS name,
                toString(argMax(m.phase, (m.at, m.phase))) AS phase
            FROM warehouse.schema_migrations AS m
            GROUP BY
                m.version,
                m.name
        ) AS n
    )
SELECT
    a.check AS check,
    a.subject AS subject,
    ['ok', 'warning', 'critical'][a.grade + 1] AS status,
    a.value AS value,
    a.threshold AS threshold,
    a.unit AS unit,
    if(a.grade = 0, '', a.problem) AS problem,
    if(a.grade = 0, '', a.remedy) AS remedy
FROM
(
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM refreshes
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM parts
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM broken_parts
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM merges
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM mutations
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM disks
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM disk_time
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM replicas
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM engine
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM lag
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM dead
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM backup
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM erased
    UNION ALL
    SELECT
        check,
        subject,
        toNullable(toFloat64(value)) AS value,
        toFloat64(threshold) AS threshold,
        unit,
        toUInt8(grade) AS grade,
        problem,
        remedy
    FROM schema
) AS a
ORDER BY
    a.grade DESC,
    check ASC,
    subject ASC;

CREATE VIEW warehouse.v_lanes
(
    `map_id` String,
    `lane_id` String,
    `name` String,
    `kind` LowCardinality(String),
    `path` Array(Tuple(
        x Float64,
        y Float64)),
    `updated_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which lanes does each map have?'
AS SELECT
    map_id,
    lane_id,
    name,
    kind,
    path,
    updated_at
FROM warehouse.lanes
FINAL
WHERE deleted = 0;

CREATE VIEW warehouse.v_path_offsets
(
    `path` String,
    `topic` LowCardinality(String),
    `partition` Int32,
    `sampled_at` DateTime64(3, 'UTC'),
    `end_offset` Int64,
    `committed_offset` Int64,
    `lag_messages` Int64,
    `stored_to` DateTime64(3, 'UTC'),
    `last_growth_at` DateTime64(3, 'UTC'),
    `lag_seconds` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How far has each path stored each partition? All that was produced until stored_to is stored; nothing was produced after last_growth_at. One row a path and partition.'
AS WITH
    toDateTime64(0, 3, 'UTC') AS never
SELECT
    toString(s.path) AS path,
    s.topic AS topic,
    s.partition AS partition,
    s.last_at AS sampled_at,
    s.last_end AS end_offset,
    s.last_committed AS committed_offset,
    greatest(0, end_offset - committed_offset) AS lag_messages,
    greatest(arrayMax((at, end) -> if(end <= s.last_committed, at, never), s.times, s.ends), s.first_at) AS stored_to,
    greatest(arrayMin((at, end) -> if(end = s.last_end, at, s.last_at), s.times, s.ends), arrayMax((at, end) -> if(end != s.last_end, at, never), s.times, s.ends)) AS last_growth_at,
    greatest(0, dateDiff('millisecond', stored_to, sampled_at) / 1000) AS lag_seconds
FROM
(
    SELECT
        o.path AS path,
        o.topic AS topic,
        o.partition AS partition,
        max(o.sampled_at) AS last_at,
        min(o.sampled_at) AS first_at,
        argMax(o.end_offset, o.sampled_at) AS last_end,
        argMax(o.committed_offset, o.sampled_at) AS last_committed,
        groupArray(o.sampled_at) AS times,
        groupArray(o.end_offset) AS ends
    FROM
    (
        SELECT
            r.path AS path,
            r.topic AS topic,
            r.partition AS partition,
            r.sampled_at AS sampled_at,
            r.end_offset AS end_offset,
            r.committed_offset AS committed_offset
        FROM warehouse.path_offsets AS r
        WHERE r.sampled_at > (now64(3, 'UTC') - toIntervalMinute(10))
        UNION ALL
        SELECT
            h.path,
            h.topic,
            h.partition,
            sample.1,
            sample.2,
            sample.3
        FROM warehouse.path_offset_history AS h
        ARRAY JOIN [h.first_sample, h.last_sample] AS sample
        WHERE (h.bucket > (now('UTC') - toIntervalDay(1))) AND ((sample.1) > (now64(3, 'UTC') - toIntervalDay(1)))
    ) AS o
    GROUP BY
        o.path,
        o.topic,
        o.partition
) AS s;

CREATE VIEW warehouse.v_pipeline
(
    `path` String,
    `rows_per_second` Float64,
    `rows_per_second_1m` Float64,
    `last_received_at` Nullable(DateTime64(3, 'UTC')),
    `last_ts` Nullable(DateTime64(3, 'UTC')),
    `seconds_since_received` Nullable(Int64),
    `dead_letters_5m` UInt64,
    `consumers` UInt64,
    `assigned_partitions` UInt64,
    `lag_messages` Nullable(Int64),
    `lag_seconds` Nullable(Float64),
    `last_poll_time` Nullable(DateTime),
    `last_commit_time` Nullable(DateTime),
    `exceptions` UInt64,
    `last_exception` String,
    `last_exception_time` Nullable(DateTime),
    `missing_dependencies` UInt64,
    `rebalances` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Does telemetry flow through each path, how fast, and what stands in its way? One row a path; consumer columns are those of the Kafka engine.'
AS WITH
    consumers AS
    (
        SELECT
            'engine' AS path,
            count() AS consumers,
            sum(length(c.assignments.partition_id)) AS assigned_partitions,
            max(c.last_poll_time) AS last_poll_time,
            max(c.last_commit_time) AS last_commit_time,
            sum(length(c.exceptions.time)) AS exceptions,
            argMax(if(empty(c.exceptions.text), '', c.exceptions.text[-1]), if(empty(c.exceptions.time), toDateTime(0), c.exceptions.time[-1])) AS last_exception,
            max(if(empty(c.exceptions.time), toDateTime(0), c.exceptions.time[-1])) AS last_exception_time,
            sum(length(c.missing_dependencies)) AS missing_dependencies,
            sum(c.num_rebalance_revocations) AS rebalances
        FROM system.kafka_consumers AS c
        WHERE (c.database IN ('warehouse', 'warehouse_local')) AND (c.`table` = 'telemetry_queue')
    ),
    progress AS
    (
        SELECT
            toString(p.source) AS path,
            sumIf(p.rows, p.second > (now('UTC') - toIntervalMinute(5))) / 300 AS rows_per_second,
            sumIf(p.rows, p.second > (now('UTC') - toIntervalMinute(1))) / 60 AS rows_per_second_1m,
            CAST(max(p.last_received_at), 'DateTime64(3, \'UTC\')') AS last_received_at,
            CAST(max(p.last_ts), 'DateTime64(3, \'UTC\')') AS last_ts
        FROM warehouse.path_progress AS p
        GROUP BY p.source
    ),
    offsets AS
    (
        SELECT
            o.path AS path,
            sum(o.lag_messages) AS lag_messages,
            max(o.lag_seconds) AS lag_seconds
        FROM warehouse.v_path_offsets AS o
        WHERE o.sampled_at > (now64(3, 'UTC') - toIntervalMinute(1))
        GROUP BY o.path
    ),
    refused AS
    (
        SELECT
            toString(d.source) AS path,
            count() AS dead_letters_5m
        FROM warehouse.dead_letters AS d
        WHERE d.received_at > (now64(3, 'UTC') - toIntervalMinute(5))
        GROUP BY d.source
    )
SELECT
    n.path AS path,
    p.rows_per_second AS rows_per_second,
    p.rows_per_second_1m AS rows_per_second_1m,
    nullIf(p.last_received_at, toDateTime64(0, 3, 'UTC')) AS last_received_at,
    nullIf(p.last_ts, toDateTime64(0, 3, 'UTC')) AS last_ts,
    dateDiff('second', last_received_at, now64(3, 'UTC')) AS seconds_since_received,
    r.dead_letters_5m AS dead_letters_5m,
    c.consumers AS consumers,
    c.assigned_partitions AS assigned_partitions,
    if(o.path = '', NULL, o.lag_messages) AS lag_messages,
    if(o.path = '', NULL, o.lag_seconds) AS lag_seconds,
    nullIf(c.last_poll_time, toDateTime(0)) AS last_poll_time,
    nullIf(c.last_commit_time, toDateTime(0)) AS last_commit_time,
    c.exceptions AS exceptions,
    c.last_exception AS last_exception,
    nullIf(c.last_exception_time, toDateTime(0)) AS last_exception_time,
    c.missing_dependencies AS missing_dependencies,
    c.rebalances AS rebalances
FROM
(
    SELECT arrayJoin(['engine', 'ingestor']) AS path
) AS n
LEFT JOIN progress AS p ON p.path = n.path
LEFT JOIN refused AS r ON r.path = n.path
LEFT JOIN consumers AS c ON c.path = n.path
LEFT JOIN offsets AS o ON o.path = n.path;

CREATE VIEW warehouse.v_reliability
(
    `robot_id` LowCardinality(String),
    `failures` UInt64,
    `operating_hours` Float64,
    `mtbf_hours` Nullable(Float64),
    `mttr_minutes` Nullable(Float64),
    `missions` UInt64,
    `missions_before_intervention` Nullable(Float64)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How long does each robot run between failures (MTBF), how long until it runs again (MTTR), how many missions lie between? Last 30 days; a failure is a change into error, blocked or manual.'
AS SELECT
    h.robot_id AS robot_id,
    sum(h.stops) AS failures,
    sum(h.seconds_working + h.seconds_idle) / 3600 AS operating_hours,
    operating_hours / nullIf(failures, 0) AS mtbf_hours,
    (sum((h.seconds_error + h.seconds_blocked) + h.seconds_manual) / 60) / nullIf(failures, 0) AS mttr_minutes,
    sum(h.tasks_completed) AS missions,
    missions / nullIf(failures, 0) AS missions_before_intervention
FROM warehouse.telemetry_hour AS h
FINAL
WHERE (h.is_progress = 0) AND (h.minute >= (now('UTC') - toIntervalDay(30)))
GROUP BY h.robot_id;

CREATE VIEW warehouse.v_robot_anomaly
(
    `robot_id` LowCardinality(String),
    `hour` DateTime('UTC'),
    `gap_score` Nullable(Float64),
    `errors_score` Nullable(Float64),
    `drain_score` Nullable(Float64),
    `speed_score` Nullable(Float64),
    `score` Nullable(Float64),
    `strangest` String,
    `gap_seconds` Float64,
    `errors` Float64,
    `drain_percent` Nullable(Float64),
    `speed_mean` Nullable(Float64)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robot behaves unlike its own past and unlike its peers? Score 0 to 6 a robot and an hour, last 7 days; formula in sql/README.md.'
AS WITH
    (deviation, spread, floor, n) -> if((n < 3) OR isNull(deviation), 0, least(6, abs(deviation) / greatest(spread, floor))) AS strangeness,
    (numbers -> arrayPopBack(arrayPushFront(arrayCumSum(numbers), 0.))) AS sum_before,
    (numbers -> arrayMap((sum, older) -> (sum - older), sum_before(numbers), arraySlice(arrayConcat(arrayWithConstant(24, 0.), sum_before(numbers)), 1, length(numbers)))) AS sum_of_24,
    ((sum, squares, reports) -> (sum / nullIf(reports, 0), sqrt(greatest(0, (squares / nullIf(reports, 0)) - pow(sum / nullIf(reports, 0), 2))))) AS mean_and_spread,
    hours AS
    (
        SELECT
            h.robot_id AS robot_id,
            h.minute AS hour,
            toFloat64(h.max_gap_seconds) AS gap,
            toFloat64(h.errors) AS errors,
            if(h.seconds_charging > 0, NULL, toFloat64(h.battery_first - h.battery_last)) AS drain,
            toFloat64(h.speed_mean) AS speed
        FROM warehouse.telemetry_hour AS h
        FINAL
        WHERE (h.is_progress = 0) AND (h.minute >= (now('UTC') - toIntervalDay(7))) AND (h.clock_ahead_events = 0)
    )
SELECT
    r.robot_id AS robot_id,
    r.hour AS hour,
    (strangeness(gap - (r.gap_own.1), r.gap_own.2, 5, r.past) + strangeness(gap - (p.gap_peers.1), p.gap_peers.2, 5, p.robots)) / 2 AS gap_score,
    (strangeness(errors - (r.errors_own.1), r.errors_own.2, 1, r.past) + strangeness(errors - (p.errors_peers.1), p.errors_peers.2, 1, p.robots)) / 2 AS errors_score,
    (strangeness(drain - (r.drain_own.1), r.drain_own.2, 2, r.past) + strangeness(drain - (p.drain_peers.1), p.drain_peers.2, 2, p.robots)) / 2 AS drain_score,
    (strangeness(speed - (r.speed_own.1), r.speed_own.2, 0.1, r.past) + strangeness(speed - (p.speed_peers.1), p.speed_peers.2, 0.1, p.robots)) / 2 AS speed_score,
    greatest(gap_score, errors_score, drain_score, speed_score) AS score,
    multiIf(score < 1, '', score = gap_score, 'gap', score = errors_score, 'errors', score = drain_score, 'battery drain', 'speed') AS strangest,
    r.gap AS gap_seconds,
    r.errors AS errors,
    r.drain AS drain_percent,
    r.speed AS speed_mean
FROM
(
    SELECT
        robot_id,
        hour,
        gap,
        errors,
        drain,
        speed,
        past,
        gap_own,
        errors_own,
        drain_own,
        speed_own
    FROM
    (
        SELECT
            robot_id,
            arraySort(groupArray((hour, gap, errors, drain, speed))) AS of_robot,
            of_robot.1 AS all_hours,
            of_robot.2 AS gaps,
            of_robot.3 AS all_errors,
            of_robot.4 AS drains,
            of_robot.5 AS speeds,
            arrayMap(i -> least(24, i - 1), arrayEnumerate(all_hours)) AS pasts,
            arrayMap(mean_and_spread, sum_of_24(gaps), sum_of_24(arrayMap(v -> (v * v), gaps)), pasts) AS gaps_own,
            arrayMap(mean_and_spread, sum_of_24(all_errors), sum_of_24(arrayMap(v -> (v * v), all_errors)), pasts) AS all_errors_own,
            arrayMap(mean_and_spread, sum_of_24(arrayMap(v -> ifNull(v, 0), drains)), sum_of_24(arrayMap(v -> ifNull(v * v, 0), drains)), sum_of_24(arrayMap(v -> toFloat64(v IS NOT NULL), drains))) AS drains_own,
            arrayMap(mean_and_spread, sum_of_24(arrayMap(v -> ifNull(v, 0), speeds)), sum_of_24(arrayMap(v -> ifNull(v * v, 0), speeds)), sum_of_24(arrayMap(v -> toFloat64(v IS NOT NULL), speeds))) AS speeds_own
        FROM hours
        GROUP BY robot_id
    )
    ARRAY JOIN
        all_hours AS hour,
        gaps AS gap,
        all_errors AS errors,
        drains AS drain,
        speeds AS speed,
        pasts AS past,
        gaps_own AS gap_own,
        all_errors_own AS errors_own,
        drains_own AS drain_own,
        speeds_own AS speed_own
) AS r
INNER JOIN
(
    SELECT
        hour,
        count() AS robots,
        (avg(gap), stddevPop(gap)) AS gap_peers,
        (avg(errors), stddevPop(errors)) AS errors_peers,
        (avg(drain), stddevPop(drain)) AS drain_peers,
        (avg(speed), stddevPop(speed)) AS speed_peers
    FROM hours
    GROUP BY hour
) AS p ON p.hour = r.hour;

CREATE VIEW warehouse.v_robot_hours
(
    `hour` DateTime('UTC'),
    `robot_id` LowCardinality(String),
    `site_id` LowCardinality(Nullable(String)),
    `map_id` LowCardinality(Nullable(String)),
    `events` UInt32,
    `distance_metres` Float32,
    `speed_mean` Nullable(Float32),
    `speed_reports` UInt32,
    `battery_mean` Nullable(Float32),
    `battery_reports` UInt32,
    `battery_min` Nullable(Float32),
    `battery_first` Nullable(Float32),
    `battery_last` Nullable(Float32),
    `errors` UInt32,
    `stops` UInt32,
    `tasks_started` UInt32,
    `tasks_completed` UInt32,
    `tasks_failed` UInt32,
    `seconds_working` Float32,
    `seconds_idle` Float32,
    `seconds_charging` Float32,
    `seconds_blocked` Float32,
    `seconds_error` Float32,
    `seconds_manual` Float32,
    `seconds_maintenance` Float32,
    `seconds_offline` Float32,
    `seconds_unknown` Float32,
    `max_gap_seconds` Float32,
    `clock_ahead_events` UInt32,
    `seconds_silent` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What did each robot do in each hour? Filter by `hour`; for ranges of days and more.'
AS SELECT
    h.minute AS hour,
    * EXCEPT (minute, is_closed, seen_touches, events_read, computed_at),
    greatest(0, ((((((((3600 - seconds_working) - seconds_idle) - seconds_charging) - seconds_blocked) - seconds_error) - seconds_manual) - seconds_maintenance) - seconds_offline) - seconds_unknown) AS seconds_silent
FROM warehouse.telemetry_hour AS h
FINAL
WHERE h.is_progress = 0;

CREATE VIEW warehouse.v_robot_minutes
(
    `robot_id` LowCardinality(String),
    `minute` DateTime('UTC'),
    `site_id` LowCardinality(Nullable(String)),
    `map_id` LowCardinality(Nullable(String)),
    `events` UInt32,
    `distance_metres` Float32,
    `speed_mean` Nullable(Float32),
    `speed_reports` UInt32,
    `battery_mean` Nullable(Float32),
    `battery_reports` UInt32,
    `battery_min` Nullable(Float32),
    `battery_first` Nullable(Float32),
    `battery_last` Nullable(Float32),
    `errors` UInt32,
    `stops` UInt32,
    `tasks_started` UInt32,
    `tasks_completed` UInt32,
    `tasks_failed` UInt32,
    `seconds_working` Float32,
    `seconds_idle` Float32,
    `seconds_charging` Float32,
    `seconds_blocked` Float32,
    `seconds_error` Float32,
    `seconds_manual` Float32,
    `seconds_maintenance` Float32,
    `seconds_offline` Float32,
    `seconds_unknown` Float32,
    `max_gap_seconds` Float32,
    `clock_ahead_events` UInt32,
    `computed_at` DateTime64(3, 'UTC'),
    `seconds_silent` Float64,
    `battery_change` Nullable(Float64)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What did each robot do in each minute? Filter by `minute` (and `robot_id`).'
AS SELECT
    * EXCEPT (is_closed, seen_touches, events_read),
    greatest(0, ((((((((60 - seconds_working) - seconds_idle) - seconds_charging) - seconds_blocked) - seconds_error) - seconds_manual) - seconds_maintenance) - seconds_offline) - seconds_unknown) AS seconds_silent,
    battery_last - battery_first AS battery_change
FROM warehouse.telemetry_minute
FINAL
WHERE is_progress = 0;

CREATE VIEW warehouse.v_robot_roster
(
    `robot_id` String,
    `service` String,
    `retired_at` Nullable(DateTime64(3, 'UTC')),
    `retired_by` Nullable(String),
    `retired_reason` Nullable(String),
    `last_received_at` Nullable(DateTime64(3, 'UTC')),
    `map_id` Nullable(String),
    `firmware` Nullable(String),
    `site_id` Nullable(String),
    `model` LowCardinality(Nullable(String)),
    `fleet` LowCardinality(Nullable(String))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robots are known, which are retired, by whom, when and why, and do retired ones still report?'
AS SELECT
    k.robot_id AS robot_id,
    multiIf(t.retired = 0, 'in service', last_received_at > retired_at, 'retired, but reports', 'retired') AS service,
    if(t.retired = 1, t.changed_at, NULL) AS retired_at,
    if(t.retired = 1, t.changed_by, NULL) AS retired_by,
    if(t.retired = 1, t.reason, NULL) AS retired_reason,
    nullIf(l.arrived_at, toDateTime64(0, 3, 'UTC')) AS last_received_at,
    l.map_id AS map_id,
    l.firmware AS firmware,
    ifNull(l.site_id, nullIf(r.site_id, '')) AS site_id,
    nullIf(r.model, '') AS model,
    nullIf(r.fleet, '') AS fleet
FROM
(
    SELECT toString(robot_id) AS robot_id
    FROM warehouse.robot_latest
    UNION DISTINCT
    SELECT robot_id
    FROM warehouse.robots
    FINAL
    WHERE deleted = 0
    UNION DISTINCT
    SELECT robot_id
    FROM warehouse.robot_retirements
) AS k
LEFT JOIN
(
    SELECT
        toString(robot_id) AS robot_id,
        max(arrived_at) AS arrived_at,
        argMax(firmware, version) AS firmware,
        argMax(site_id, version) AS site_id,
        argMax(map_id, version) AS map_id
    FROM warehouse.robot_latest
    GROUP BY robot_id
) AS l ON l.robot_id = k.robot_id
LEFT JOIN
(
    SELECT
        robot_id,
        model,
        site_id,
        fleet
    FROM warehouse.robots
    FINAL
    WHERE deleted = 0
) AS r ON r.robot_id = k.robot_id
LEFT JOIN
(
    SELECT
        robot_id,
        retired,
        changed_by,
        reason,
        changed_at
    FROM warehouse.robot_retirements
    FINAL
) AS t ON t.robot_id = k.robot_id;

CREATE VIEW warehouse.v_robots
(
    `robot_id` String,
    `model` LowCardinality(String),
    `site_id` LowCardinality(String),
    `fleet` LowCardinality(String),
    `updated_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which model is each robot, and to which site and fleet does it belong?'
AS SELECT
    robot_id,
    model,
    site_id,
    fleet,
    updated_at
FROM warehouse.robots
FINAL
WHERE deleted = 0;

CREATE VIEW warehouse.v_roll_ups
(
    `roll_up` String,
    `newest_minute` Nullable(DateTime('UTC')),
    `left_minutes` UInt64,
    `late_minutes` UInt64,
    `oldest_late` Nullable(DateTime('UTC'))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How far are the roll-ups? newest_minute: computed for all robots; left_minutes: with events that are not in the roll-up yet; late_minutes: those that should be in it, because they and their last event are older than 4 minutes.'
AS SELECT
    w.roll_up AS roll_up,
    maxOrNullIf(w.minute, w.is_computed) AS newest_minute,
    countIf(w.is_left) AS left_minutes,
    countIf(w.is_left AND w.is_late) AS late_minutes,
    minOrNullIf(w.minute, w.is_left AND w.is_late) AS oldest_late
FROM
(
    SELECT
        'telemetry_minute' AS roll_up,
        m.minute AS minute,
        p.is_closed AS is_computed,
        (minute < (now('UTC') - toIntervalMinute(4))) AND (m.touched_at < (now64(3, 'UTC') - toIntervalMinute(4))) AS is_late,
        ((m.on_time_events > 0) AND (NOT p.is_closed)) OR (m.on_time_events > p.seen_events) OR (m.touches > p.seen_touches) AS is_left
    FROM
    (
        SELECT
            r.minute AS minute,
            sum(r.on_time_events) AS on_time_events,
            sum(r.touches) AS touches,
            max(r.touched_at) AS touched_at
        FROM warehouse.rollup_touched AS r
        WHERE r.is_robot = 0
        GROUP BY r.minute
    ) AS m
    LEFT JOIN
    (
        SELECT
            t.minute AS minute,
            min(t.is_closed) AS is_closed,
            sum(t.events) AS seen_events,
            sum(t.seen_touches) AS seen_touches
        FROM warehouse.telemetry_minute AS t
        FINAL
        WHERE t.is_progress = 1
        GROUP BY t.minute
    ) AS p ON p.minute = m.minute
    UNION ALL
    SELECT
        'floor_cells' AS roll_up,
        m.at AS minute,
        c.events_read > 0 AS is_computed,
        (minute < (now('UTC') - toIntervalMinute(4))) AND (m.touched_at < (now64(3, 'UTC') - toIntervalMinute(4))) AS is_late,
        (minute < (now('UTC') - toIntervalSecond(150))) AND (m.inserts > c.seen) AS is_left
    FROM
    (
        SELECT
            r.minute + toIntervalMinute(arrayJoin([0, 1, 2]) AS later) AS at,
            sumIf(r.events, later = 0) AS events,
            sum(r.on_time_events) + sum(r.touches) AS inserts,
            max(r.touched_at) AS touched_at
        FROM warehouse.rollup_touched AS r
        WHERE (r.is_robot = 0) AND (r.minute > ((now('UTC') - toIntervalDay(90)) + toIntervalMinute(5)))
        GROUP BY at
        HAVING events > 0
    ) AS m
    LEFT JOIN
    (
        SELECT
            f.bucket AS bucket,
            min(f.seen) AS seen,
            max(f.events_read) AS events_read
        FROM warehouse.floor_cells AS f
        FINAL
        GROUP BY f.bucket
    ) AS c ON c.bucket = m.at
) AS w
WHERE w.minute < (now('UTC') - toIntervalSecond(75))
GROUP BY w.roll_up;

CREATE VIEW warehouse.v_state_shares
(
    `minute` DateTime('UTC'),
    `state` String,
    `seconds` Float64,
    `percent` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'In which states did robots spend each minute, of those that reported in it or shortly before? Percents of a minute sum to 100. Over a range: sum(seconds) of a state / sum(seconds) of all.'
AS SELECT
    minute,
    share.1 AS state,
    share.2 AS seconds,
    (100 * seconds) / all_seconds AS percent
FROM
(
    SELECT
        m.minute AS minute,
        60. * count() AS all_seconds,
        [('working', sum(m.seconds_working)), ('idle', sum(m.seconds_idle)), ('charging', sum(m.seconds_charging)), ('blocked', sum(m.seconds_blocked)), ('error', sum(m.seconds_error)), ('manual', sum(m.seconds_manual)), ('maintenance', sum(m.seconds_maintenance)), ('offline', sum(m.seconds_offline)), ('unknown', sum(m.seconds_unknown))] AS reported,
        arrayPushBack(reported, ('silent', greatest(0, all_seconds - arraySum(r -> (r.2), reported)))) AS shares
    FROM warehouse.telemetry_minute AS m
    FINAL
    WHERE (m.is_progress = 0) AND (m.minute < toStartOfMinute(now('UTC'))) AND (m.clock_ahead_events = 0)
    GROUP BY m.minute
)
ARRAY JOIN shares AS share;

CREATE VIEW warehouse.v_stations
(
    `map_id` String,
    `station_id` String,
    `name` String,
    `kind` LowCardinality(String),
    `x` Float64,
    `y` Float64,
    `theta` Nullable(Float64),
    `updated_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which stations does each map have?'
AS SELECT
    map_id,
    station_id,
    name,
    kind,
    x,
    y,
    theta,
    updated_at
FROM warehouse.stations
FINAL
WHERE deleted = 0;

CREATE VIEW warehouse.v_task_ends
(
    `robot_id` LowCardinality(String),
    `task_id` String,
    `started_at` DateTime64(3, 'UTC'),
    `ended_at` DateTime64(3, 'UTC'),
    `outcome` String,
    `task_duration` Float64,
    `error_code` Nullable(String),
    `site_id` Nullable(String),
    `map_id` Nullable(String),
    `zone_id` Nullable(String),
    `zone_name` Nullable(String),
    `model` LowCardinality(Nullable(String))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Where did each finished run of a task end (site, map, zone), by which model, how long did it take, and why did it fail? Filter by ended_at.'
AS WITH
    (
        SELECT tuple(groupArray(m.map_id), groupArray(m.lefts), groupArray(m.rights), groupArray(m.bottoms), groupArray(m.tops), groupArrayArray(m.polygons), groupArrayArray(m.zone_ids), groupArrayArray(m.names), arrayPushFront(arrayCumSum(groupArray(length(m.zone_ids))), 0))
        FROM
        (
            SELECT
                z.map_id AS map_id,
                arraySort(groupArray((abs(polygonAreaCartesian([arrayMap(corner -> (corner.x, corner.y), z.polygon)])), z.zone_id, z.name, z.polygon))) AS by_area,
                by_area.2 AS zone_ids,
                by_area.3 AS names,
                by_area.4 AS polygons,
                arrayMap(polygon -> arrayMin(polygon.x), polygons) AS lefts,
                arrayMap(polygon -> arrayMax(polygon.x), polygons) AS rights,
                arrayMap(polygon -> arrayMin(polygon.y), polygons) AS bottoms,
                arrayMap(polygon -> arrayMax(polygon.y), polygons) AS tops
            FROM warehouse.zones AS z
            FINAL
            WHERE z.deleted = 0
            GROUP BY z.map_id
        ) AS m
    ) AS maps,
    indexOf(maps.1, t.map_id) AS map,
    (maps.9)[map] AS before_map,
    arrayFilter((nth, left, right, bottom, top) -> ifNull((t.x >= left) AND (t.x <= right) AND (t.y >= bottom) AND (t.y <= top), 0), arrayEnumerate((maps.2)[map]), (maps.2)[map], (maps.3)[map], (maps.4)[map], (maps.5)[map]) AS boxes,
    arrayFirst(nth -> pointInPolygon((ifNull(t.x, 0), ifNull(t.y, 0)), (maps.6)[before_map + nth]), boxes) AS zone
SELECT
    t.robot_id AS robot_id,
    t.task_id AS task_id,
    t.started_at AS started_at,
    assumeNotNull(t.ended_at) AS ended_at,
    t.outcome AS outcome,
    assumeNotNull(t.task_duration) AS task_duration,
    t.error_code AS error_code,
    coalesce(t.site_id, nullIf(p.site_id, ''), nullIf(r.site_id, '')) AS site_id,
    nullIf(t.map_id, '') AS map_id,
    if(zone = 0, NULL, (maps.7)[before_map + zone]) AS zone_id,
    if(zone = 0, NULL, (maps.8)[before_map + zone]) AS zone_name,
    nullIf(r.model, '') AS model
FROM
(
    SELECT *
    FROM warehouse.v_task_runs
    WHERE outcome != 'running'
) AS t
LEFT JOIN
(
    SELECT
        map_id,
        site_id
    FROM warehouse.floor_plans
    FINAL
) AS p ON p.map_id = t.map_id
LEFT JOIN
(
    SELECT
        robot_id,
        site_id,
        model
    FROM warehouse.robots
    FINAL
    WHERE deleted = 0
) AS r ON r.robot_id = t.robot_id;

CREATE VIEW warehouse.v_task_runs
(
    `robot_id` LowCardinality(String),
    `task_id` String,
    `started_at` DateTime64(3, 'UTC'),
    `ended_at` Nullable(DateTime64(3, 'UTC')),
    `outcome` String,
    `task_duration` Nullable(Float64),
    `map_id` String,
    `x` Nullable(Float32),
    `y` Nullable(Float32),
    `error_code` Nullable(String),
    `site_id` Nullable(String)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How long did each run of a task take (task_duration, seconds), how did it end, and why (error_code of the event TASK_FAILED)? Running ones have no end yet.'
AS SELECT
    robot_id,
    task_id,
    started_at,
    if(nth = 0, NULL, sorted_ends.ts[nth]) AS ended_at,
    multiIf(nth = 0, 'running', (sorted_ends.event_type[nth]) = 'TASK_COMPLETED', 'completed', 'failed') AS outcome,
    dateDiff('millisecond', started_at, ended_at) / 1000 AS task_duration,
    sorted_ends.map_id[nth] AS map_id,
    if((nth = 0) OR isNaN(sorted_ends.x[nth]), NULL, sorted_ends.x[nth]) AS x,
    if((nth = 0) OR isNaN(sorted_ends.y[nth]), NULL, sorted_ends.y[nth]) AS y,
    if(nth = 0, NULL, nullIf(sorted_ends.error_code[nth], '')) AS error_code,
    if(length(sites) = 1, sites[1], NULL) AS site_id
FROM
(
    SELECT
        t.robot_id AS robot_id,
        t.task_id AS task_id,
        started_at,
        sorted_ends,
        sites,
        arrayFirstIndex(e -> ((e >= started_at) AND (e < next_start)), sorted_ends.ts) AS nth
    FROM
    (
        SELECT
            robot_id,
            task_id,
            CAST(r.sites, 'Array(String)') AS sites,
            arraySort(CAST(r.starts, 'Array(DateTime64(3, \'UTC\'))')) AS sorted_starts,
            arrayPushBack(arrayPopFront(sorted_starts), toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) AS next_starts,
            arraySort(CAST(r.ends, 'Array(Tuple(ts DateTime64(3, \'UTC\'), event_type String, map_id String, x Float32, y Float32, error_code String))')) AS sorted_ends
        FROM warehouse.task_runs AS r
        FINAL
        WHERE notEmpty(r.starts)
    ) AS t
    ARRAY JOIN
        sorted_starts AS started_at,
        next_starts AS next_start
);

CREATE VIEW warehouse.v_task_times
(
    `robot_id` LowCardinality(String),
    `runs` UInt64,
    `failed` UInt64,
    `mean_seconds` Nullable(Float64),
    `p50_seconds` Nullable(Float64),
    `p95_seconds` Nullable(Float64)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How long do tasks take, by robot, over the last 24 hours? Other ranges: v_task_runs.'
AS SELECT
    robot_id,
    count() AS runs,
    countIf(outcome = 'failed') AS failed,
    avg(task_duration) AS mean_seconds,
    quantileExactInclusive(0.5)(task_duration) AS p50_seconds,
    quantileExactInclusive(0.95)(task_duration) AS p95_seconds
FROM warehouse.v_task_runs
WHERE ended_at >= (now64(3, 'UTC') - toIntervalDay(1))
GROUP BY robot_id;

CREATE VIEW warehouse.v_task_times_by_zone
(
    `map_id` String,
    `zone_id` String,
    `zone_name` String,
    `runs` UInt64,
    `failed` UInt64,
    `mean_seconds` Nullable(Float64),
    `p50_seconds` Float64,
    `p95_seconds` Float64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How long do tasks take, by the zone where they end, over the last 24 hours?'
AS WITH
    shapes AS
    (
        SELECT
            map_id,
            zone_id,
            name,
            polygon,
            row_number() OVER (ORDER BY map_id ASC, zone_id ASC) AS zone,
            arrayMin(polygon.x) AS left,
            arrayMax(polygon.x) AS right,
            arrayMin(polygon.y) AS bottom,
            arrayMax(polygon.y) AS top
        FROM warehouse.zones
        FINAL
        WHERE deleted = 0
    ),
    (
        SELECT (arrayPushBack(groupArray(map_id), ''), arrayPushBack(groupArray(side), 1.))
        FROM
        (
            SELECT
                map_id,
                greatest(1., max(greatest(right - left, top - bottom)) / 16) AS side
            FROM shapes
            GROUP BY map_id
        )
    ) AS maps
SELECT
    z.map_id AS map_id,
    z.zone_id AS zone_id,
    z.name AS zone_name,
    r.runs AS runs,
    r.failed AS failed,
    r.mean_seconds AS mean_seconds,
    r.percentiles[1] AS p50_seconds,
    r.percentiles[2] AS p95_seconds
FROM
(
    SELECT
        c.zone AS zone,
        count() AS runs,
        countIf(t.outcome = 'failed') AS failed,
        avg(t.task_duration) AS mean_seconds,
        quantilesExactInclusive(0.5, 0.95)(t.task_duration) AS percentiles
    FROM
    (
        SELECT
            outcome,
            task_duration,
            assumeNotNull(x) AS x,
            assumeNotNull(y) AS y,
            transform(map_id, maps.1, arrayEnumerate(maps.1), 0) AS map,
            transform(map, arrayEnumerate(maps.1), maps.2, 1.) AS side,
            cityHash64(map, floor(x / side) + 0., floor(y / side) + 0.) AS cell
        FROM warehouse.v_task_runs
        WHERE (ended_at >= (now64(3, 'UTC') - toIntervalDay(1))) AND (x IS NOT NULL)
    ) AS t
    INNER JOIN
    (
        SELECT
            zone,
            polygon,
            transform(map_id, maps.1, arrayEnumerate(maps.1), 0) AS map,
            transform(map, arrayEnumerate(maps.1), maps.2, 1.) AS side,
            arrayJoin(range(toInt64(floor(left / side)), toInt64(floor(right / side)) + 1)) AS cell_x,
            arrayJoin(range(toInt64(floor(bottom / side)), toInt64(floor(top / side)) + 1)) AS cell_y,
            cityHash64(map, toFloat64(cell_x), toFloat64(cell_y)) AS cell
        FROM shapes
    ) AS c ON c.cell = t.cell
    WHERE (c.map = t.map) AND pointInPolygon((t.x, t.y), c.polygon)
    GROUP BY c.zone
) AS r
INNER JOIN shapes AS z ON z.zone = r.zone;

CREATE VIEW warehouse.v_telemetry_dropoff
(
    `robot_id` LowCardinality(String),
    `silent_seconds` Float64,
    `allowed_seconds` Float64,
    `last_ts` DateTime64(3, 'UTC'),
    `site_id` Nullable(String),
    `map_id` Nullable(String),
    `zone_id` Nullable(String),
    `zone_name` Nullable(String),
    `state` Nullable(String),
    `state_since` Nullable(DateTime64(3, 'UTC'))
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which robots fell silent while others still report? Empty when the whole fleet is silent: that is one alert, not thousands.'
AS SELECT
    f.robot_id AS robot_id,
    f.silent_seconds AS silent_seconds,
    if(r.robot_id = '', 60, r.allowed_seconds) AS allowed_seconds,
    f.ts AS last_ts,
    f.site_id AS site_id,
    f.map_id AS map_id,
    f.zone_id AS zone_id,
    f.zone_name AS zone_name,
    f.state AS state,
    f.reported_state_since AS state_since
FROM
(
    SELECT
        robot_id,
        silent_seconds,
        ts,
        site_id,
        map_id,
        zone_id,
        zone_name,
        status,
        state,
        reported_state_since,
        min(silent_seconds) OVER () AS fleet_silent_seconds
    FROM warehouse.v_fleet_now
) AS f
LEFT JOIN warehouse.robot_rhythms AS r ON r.robot_id = f.robot_id
WHERE (f.status = 'silent') AND (silent_seconds > allowed_seconds) AND (ifNull(f.state, '') NOT IN ('offline', 'maintenance')) AND (f.fleet_silent_seconds <= 60);

CREATE VIEW warehouse.v_throughput
(
    `minute` DateTime('UTC'),
    `events` UInt64,
    `robots` UInt64,
    `tasks_started` UInt64,
    `tasks_completed` UInt64,
    `tasks_failed` UInt64,
    `distance_metres` Float64,
    `errors` UInt64,
    `computed_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How much did the fleet do in each minute: events, tasks, metres, errors? A minute that is not over is there with a part of its events: computed_at is then before its end.'
AS SELECT
    m.minute AS minute,
    sum(m.events) AS events,
    countIf(m.events > 0) AS robots,
    sum(m.tasks_started) AS tasks_started,
    sum(m.tasks_completed) AS tasks_completed,
    sum(m.tasks_failed) AS tasks_failed,
    sum(m.distance_metres) AS distance_metres,
    sum(m.errors) AS errors,
    min(m.computed_at) AS computed_at
FROM warehouse.telemetry_minute AS m
FINAL
WHERE (m.is_progress = 0) AND (m.clock_ahead_events = 0)
GROUP BY m.minute;

CREATE VIEW warehouse.v_utilisation
(
    `robot_id` LowCardinality(String),
    `hour` DateTime('UTC'),
    `seconds_working` Float32,
    `seconds_reported` Float64,
    `percent` Nullable(Float64)
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'What part of its reported time did each robot work, by the hour? Over a range: sum(seconds_working) / sum(seconds_reported).'
AS SELECT
    h.robot_id AS robot_id,
    h.minute AS hour,
    h.seconds_working AS seconds_working,
    (((((((h.seconds_working + h.seconds_idle) + h.seconds_charging) + h.seconds_blocked) + h.seconds_error) + h.seconds_manual) + h.seconds_maintenance) + h.seconds_offline) + h.seconds_unknown AS seconds_reported,
    (100 * seconds_working) / nullIf(seconds_reported, 0) AS percent
FROM warehouse.telemetry_hour AS h
FINAL
WHERE h.is_progress = 0;

CREATE VIEW warehouse.v_zone_occupancy
(
    `map_id` String,
    `zone_id` String,
    `zone_name` String,
    `kind` LowCardinality(String),
    `robots` UInt64,
    `stuck` UInt64
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'How many robots in service are in each zone right now, and how many of them are stuck?'
AS SELECT
    z.map_id AS map_id,
    z.zone_id AS zone_id,
    z.name AS zone_name,
    z.kind AS kind,
    countIf(f.placed AND pointInPolygon((f.x, f.y), z.polygon) AS inside) AS robots,
    countIf(inside AND f.is_stuck) AS stuck
FROM
(
    SELECT
        map_id,
        zone_id,
        name,
        kind,
        polygon,
        arrayMin(polygon.x) AS left,
        arrayMax(polygon.x) AS right,
        arrayMin(polygon.y) AS bottom,
        arrayMax(polygon.y) AS top
    FROM warehouse.zones
    FINAL
    WHERE deleted = 0
) AS z
LEFT JOIN
(
    SELECT
        map_id,
        placed,
        assumeNotNull(x) AS x,
        assumeNotNull(y) AS y,
        status IN ('blocked', 'error') AS is_stuck
    FROM warehouse.v_fleet_reports
    WHERE placed AND (silent_seconds <= 60)
) AS f ON (f.map_id = z.map_id) AND (f.x >= z.left) AND (f.x <= z.right) AND (f.y >= z.bottom) AND (f.y <= z.top)
GROUP BY
    map_id,
    zone_id,
    zone_name,
    kind;

CREATE VIEW warehouse.v_zones
(
    `map_id` String,
    `zone_id` String,
    `name` String,
    `kind` LowCardinality(String),
    `polygon` Array(Tuple(
        x Float64,
        y Float64)),
    `updated_at` DateTime64(3, 'UTC')
)
DEFINER = floorwatch_definer SQL SECURITY DEFINER
COMMENT 'Which zones does each map have?'
AS SELECT
    map_id,
    zone_id,
    name,
    kind,
    polygon,
    updated_at
FROM warehouse.zones
FINAL
WHERE deleted = 0;

CREATE TABLE warehouse.zones
(
    `map_id` String,
    `zone_id` String,
    `name` String,
    `kind` LowCardinality(String),
    `polygon` Array(Tuple(
        x Float64,
        y Float64)) COMMENT 'metres, map frame; closed by itself',
    `deleted` UInt8 DEFAULT 0 COMMENT '1 hides the zone',
    `updated_at` DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (map_id, zone_id)
SETTINGS index_granularity = 8192;

-- What each robot does right now. These views read robot_latest, so their cost follows the number of robots.
-- Planning takes most of the time of such a query: name few columns, and read few views.
--
-- A robot's clock can be wrong, but its arrival is measured by the pipeline. So:
--   silence, drop-off and "last seen" use arrivals, as far as the path has stored it (v_path_offsets): a pipeline that lags is one
--   lag alert and not a silent fleet;
--   `robot_latest` versions by the earlier of event time and arrival: an event from the future cannot freeze a robot;
--   replays, repairs and backfills change what is known of a robot, but they are not arrivals.

-- Only the newest rows of each block: the others would be merged away.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_latest_mv{on_cluster} TO {local}.robot_latest
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH r.source IN ('ingestor', 'engine') AS is_live
SELECT
    r.robot_id AS robot_id,
    toUInt16((r.site_id IS NOT NULL) + 2 * (r.battery IS NOT NULL) + 4 * (r.firmware IS NOT NULL) + 8 * (r.x IS NOT NULL)
        + 16 * (r.theta IS NOT NULL) + 32 * (r.speed IS NOT NULL) + 64 * (r.map_id IS NOT NULL) + 128 * (r.state IS NOT NULL)
        + 256 * (r.task_id IS NOT NULL) + 512 * (r.error_code IS NOT NULL)) AS present,
    bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))), 22) + bitShiftLeft(toUInt64(is_live), 21)
        + bitAnd(toUInt64(r.offset), 2097151) AS version,
    r.ts AS ts,
    if(is_live, r.received_at, toDateTime64(0, 3, 'UTC')) AS arrived_at,
    r.topic AS topic, r.partition AS partition,
    r.event_type AS event_type, r.site_id AS site_id, r.battery AS battery,
    r.firmware AS firmware, r.x AS x, r.y AS y, r.theta AS theta, r.speed AS speed, r.map_id AS map_id,
    if(r.x IS NULL, '', r.meta) AS meta, r.state AS state, r.task_id AS task_id, r.error_code AS error_code
FROM {local}.telemetry_raw AS r
ORDER BY version DESC
LIMIT 1 BY robot_id, present;

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_arrivals_mv{on_cluster} TO {local}.robot_arrivals
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    toStartOfTenMinutes(toDateTime(r.received_at, 'UTC')) AS bucket,
    r.robot_id AS robot_id,
    min(r.received_at) AS first_arrival,
    max(r.received_at) AS last_arrival,
    min(dateDiff('millisecond', r.ts, r.received_at)) AS min_delay_ms
FROM {local}.telemetry_raw AS r
WHERE r.source IN ('ingestor', 'engine')
GROUP BY bucket, robot_id;

-- Per block: the newest state of each robot, the newest event of another state, and the oldest event of the state after it.
-- Arrays per robot take two thirds of the time of groups per robot and state. A collision of two hashes joins two states.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_state_minutes_mv{on_cluster} TO {local}.robot_state_minutes
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
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
        bitShiftLeft(toUInt64(r.state IS NOT NULL), 63)
            + bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(r.ts, r.received_at)))), 22)
            + bitShiftLeft(toUInt64(r.source IN ('ingestor', 'engine')), 21) + bitAnd(toUInt64(r.offset), 2097151) AS version,
        ifNull(r.state, if(r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'), 'no task', 'task')) AS said
    SELECT
        r.robot_id AS robot_id,
        groupArray(version) AS events,
        groupArray(cityHash64(said)) AS codes,
        max(version) AS last,
        argMax(said, version) AS state,
        cityHash64(state) AS newest
    FROM {local}.telemetry_raw AS r
    WHERE r.state IS NOT NULL OR r.task_id IS NOT NULL
    GROUP BY robot_id
) AS b;

-- Combines the minutes with all before. v_fleet_now does the same for the minutes since then. If this does not run, v_fleet_now
-- reads more minutes, up to a day. A start that is lost is read from the events: of the few robots with a late event of another
-- state, or that left their state for less than a minute.
CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.robot_states_mv{on_cluster}
REFRESH EVERY 1 MINUTE APPEND TO {local}.robot_states
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
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
                u.robot_id AS robot_id, u.state AS state, max(u.last) AS last, max(u.before) AS before,
                groupArray(u.start) AS starts, groupArray(u.last) AS lasts, max(u.inserted_at) AS inserted_at
            FROM
            (
                SELECT robot_id, state, last, before, start, inserted_at FROM {local}.robot_states
                UNION ALL
                SELECT robot_id, state, last, before, start, inserted_at FROM {local}.robot_state_minutes
                WHERE inserted_at >= (SELECT greatest(max(c.inserted_at), toDateTime(120, 'UTC')) - INTERVAL 2 MINUTE FROM {local}.robot_states AS c)
            ) AS u
            GROUP BY robot_id, state
        ) AS s
        GROUP BY robot_id
    ),
    lost AS (SELECT l.robot_id AS robot_id, l.before AS before FROM combined AS l WHERE l.start = l.before)
SELECT
    c.robot_id AS robot_id, c.state AS state, c.last AS last, c.before AS before,
    if(c.start = c.before AND f.start > c.before, f.start, c.start) AS start,
    c.inserted_at AS inserted_at
FROM combined AS c
LEFT JOIN
(
    SELECT r.robot_id AS robot_id, min(r.event) AS start
    FROM
    (
        SELECT
            e.robot_id AS robot_id,
            bitShiftLeft(toUInt64(e.state IS NOT NULL), 63)
                + bitShiftLeft(toUInt64(greatest(0, toUnixTimestamp64Milli(least(e.ts, e.received_at)))), 22)
                + bitShiftLeft(toUInt64(e.source IN ('ingestor', 'engine')), 21) + bitAnd(toUInt64(e.offset), 2097151) AS event
        FROM {local}.telemetry_raw AS e
        WHERE e.robot_id IN (SELECT robot_id FROM lost)
          AND e.ts >= (SELECT fromUnixTimestamp64Milli(toInt64(bitShiftRight(min(bitAnd(before, 9223372036854775807)), 22)), 'UTC') FROM lost)
          AND (e.state IS NOT NULL OR e.task_id IS NOT NULL)
    ) AS r
    INNER JOIN lost AS n ON n.robot_id = r.robot_id
    WHERE r.event > n.before
    GROUP BY r.robot_id
) AS f ON f.robot_id = c.robot_id;

-- Silence counts from a robot's last arrival up to what its partition's path has stored (v_path_offsets), or, where nothing was
-- produced for longer, from the last growth of the partition. Where no path reports its offsets, or a path delivers but no longer
-- reports, silence counts up to now. `clock_offset_seconds` is the smallest delay of the last 20 to 30 minutes. While the path lags,
-- a delay is the path's and says nothing about the clock. Arrivals of less than half a minute can be events that the robot kept while it
-- had no network: if all are late, the clock is not known. A clock is wrong by more than 60 s: ages of event times are then corrected by
-- the offset.
CREATE OR REPLACE VIEW warehouse.v_fleet_reports{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    now64(3, 'UTC') AS asked_at,
    (SELECT if(argMax(c.setting, c.changed_at) > 0, argMax(c.setting, c.changed_at), 24) FROM warehouse.fleet_settings AS c WHERE c.name = 'offline_after_hours') AS offline_after_hours,
    -- the path that is farther ahead defines how far a partition is stored
    progress AS
    (
        SELECT
            o.topic AS topic,
            o.partition AS partition,
            max(if(o.sampled_at < now64(3, 'UTC') - INTERVAL 1 MINUTE AND p.topic != '', now64(3, 'UTC'), o.stored_to)) AS stored_to,
            max(if(o.sampled_at < now64(3, 'UTC') - INTERVAL 1 MINUTE, 0, dateDiff('millisecond', o.last_growth_at, o.sampled_at) / 1000)) AS idle_seconds,
            min(o.lag_seconds) AS lag_seconds
        FROM warehouse.v_path_offsets AS o
        LEFT JOIN
        (
            SELECT DISTINCT toString(g.source) AS path, g.topic AS topic, g.partition AS partition
            FROM warehouse.path_progress AS g
            WHERE g.second > now('UTC') - INTERVAL 1 MINUTE
        ) AS p ON p.path = o.path AND p.topic = o.topic AND p.partition = o.partition
        GROUP BY o.topic, o.partition
    ),
    arrivals AS
    (
        SELECT
            a.robot_id AS robot_id, max(a.last_arrival) AS last_arrival, min(a.min_delay_ms) AS delay_ms,
            dateDiff('millisecond', min(a.first_arrival), max(a.last_arrival)) / 1000 AS heard_seconds
        FROM warehouse.robot_arrivals AS a
        WHERE a.bucket >= toStartOfTenMinutes(now('UTC') - INTERVAL 20 MINUTE)
        GROUP BY a.robot_id
    )
SELECT
    n.robot_id AS robot_id,
    n.last_ts AS ts,
    nullIf(greatest(n.arrived_at, a.last_arrival), toDateTime64(0, 3, 'UTC')) AS last_received_at,
    -- for a robot that was only replayed, repaired or backfilled, only the event time is known
    ifNull(last_received_at, fromUnixTimestamp64Milli(toInt64(bitShiftRight(n.last_version, 22)), 'UTC')) AS seen_at,
    greatest(0, dateDiff('millisecond', seen_at, asked_at) / 1000) AS age_seconds,
    greatest(0, dateDiff('millisecond', seen_at, if(g.topic = '', asked_at, g.stored_to)) / 1000, g.idle_seconds) AS silent_seconds,
    multiIf(
        last_received_at IS NULL, NULL,
        if(a.robot_id = '', n.delay_ms, a.delay_ms) > 60000 AND a.heard_seconds < 30, NULL,
        a.robot_id = '', n.delay_ms,
        g.lag_seconds > 15 AND a.delay_ms > 0, NULL,
        a.delay_ms) / 1000 AS clock_offset_seconds,
    ifNull(abs(clock_offset_seconds) > 60, 0) AS clock_wrong,
    n.x AS x, n.y AS y, n.theta AS theta,
    nullIf(n.last_map, '') AS map_id,
    n.site_id AS site_id,
    if(placed, n.position_time, NULL) AS position_ts,
    if(placed, greatest(0, (dateDiff('millisecond', n.position_time, asked_at) / 1000 - if(clock_wrong, clock_offset_seconds, 0))), NULL) AS position_age_seconds,
    n.speed AS speed,
    n.battery AS battery,
    n.state AS state,
    multiIf(
        n.state = 'offline' OR silent_seconds > 3600 * offline_after_hours, 'offline',
        silent_seconds > 60, 'silent',
        n.state IS NOT NULL, n.state,
        n.last_task != '', 'working',
        'unknown') AS status,
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
        -- argMax ignores NULL, so this is the newest event with the field
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
        argMaxIf(if(l.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'), '', ifNull(l.task_id, '')), l.version, l.state IS NOT NULL OR l.task_id IS NOT NULL) AS last_task,
        argMaxIf(toString(ifNull(l.error_code, '')), l.version, l.state IS NOT NULL OR l.error_code IS NOT NULL) AS last_error
    FROM warehouse.robot_latest AS l
    WHERE l.robot_id NOT IN (SELECT t.robot_id FROM warehouse.robot_retirements AS t FINAL WHERE t.retired = 1)
    GROUP BY robot_id
) AS n
LEFT JOIN arrivals AS a ON a.robot_id = n.robot_id
LEFT JOIN progress AS g ON g.topic = n.last_topic AND g.partition = n.last_partition
COMMENT 'What did each robot in service last report, and how old is that? v_fleet_now without zone and state_since, for counts.';

-- A map asks this once per second between two answers of v_fleet_now, so it reads robot_latest alone and has no parameters: the same
-- question of many viewers is one entry of the query cache. It names recent arrivals by the clock of ClickHouse (stored_at). Rows of
-- a robot that is here are all read, so that an older event that is stored now changes nothing. One pass: planning takes most of the
-- CPU, and a subquery of the robots that arrived took a third more. A robot that arrived just now is not
-- silent. One whose arrival the pipeline stored late may be, so v_fleet_now alone decides about it. Retired robots are here too, since
-- a map adds no robot that v_fleet_now did not return. The tests compare each column with v_fleet_now.
-- Exception: while late events do not tell yet what a robot's clock is, its position is as old as if the clock were wrong.
CREATE OR REPLACE VIEW warehouse.v_fleet_changes{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    n.robot_id AS robot_id,
    fromUnixTimestamp64Milli(toInt64(bitShiftRight(n.last_version, 22)), 'UTC') AS reported_at,
    n.x AS x, n.y AS y, n.theta AS theta,
    nullIf(n.last_map, '') AS map_id,
    greatest(0, dateDiff('millisecond', n.arrived_at, now64(3, 'UTC')) / 1000) AS age_seconds,
    toFloat64(0) AS silent_seconds,
    -- a delay of more than 60 s is that of a wrong clock: the age is then that of the arrival
    if(n.x IS NULL, NULL, greatest(0, dateDiff('millisecond',
        if(abs(dateDiff('millisecond', n.position_time, n.position_arrived_at)) > 60000, n.position_arrived_at, n.position_time), now64(3, 'UTC')) / 1000)) AS position_age_seconds,
    n.speed AS speed, n.battery AS battery, n.state AS state,
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
        argMax(l.x, l.version) AS x, argMax(l.y, l.version) AS y, argMax(l.theta, l.version) AS theta,
        argMax(l.speed, l.version) AS speed, argMax(l.battery, l.version) AS battery,
        argMaxIf(toString(ifNull(l.map_id, '')), l.version, l.x IS NOT NULL) AS last_map,
        argMax(l.state, l.version) AS state,
        argMaxIf(if(l.event_type IN ('TASK_COMPLETED', 'TASK_FAILED'), '', ifNull(l.task_id, '')), l.version, l.state IS NOT NULL OR l.task_id IS NOT NULL) AS last_task,
        argMaxIf(toString(ifNull(l.error_code, '')), l.version, l.state IS NOT NULL OR l.error_code IS NOT NULL) AS last_error
    FROM warehouse.robot_latest AS l
    GROUP BY robot_id
    HAVING max(l.stored_at > now64(3, 'UTC') - INTERVAL 5 SECOND AND l.arrived_at > l.stored_at - INTERVAL 1 MINUTE)
) AS n
COMMENT 'Which robots arrived in the last 5 s, and what did they last report? The columns mean the same as those of v_fleet_now.';

-- Since when: see robot_state_minutes. The zone is the smallest one that the robot is in: the zones of a map are one array, the
-- smallest zone first, so that a robot is compared with bounding boxes without a join, and with the polygons of few zones.
CREATE OR REPLACE VIEW warehouse.v_fleet_now{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    (
        SELECT
            tuple(groupArray(m.map_id), groupArray(m.lefts), groupArray(m.rights), groupArray(m.bottoms), groupArray(m.tops),
                groupArrayArray(m.polygons), groupArrayArray(m.zone_ids), groupArrayArray(m.names),
                arrayPushFront(arrayCumSum(groupArray(length(m.zone_ids))), 0))
        FROM
        (
            SELECT
                z.map_id AS map_id,
                arraySort(groupArray((abs(polygonAreaCartesian([arrayMap(corner -> (corner.x, corner.y), z.polygon)])), z.zone_id, z.name, z.polygon))) AS by_area,
                by_area.2 AS zone_ids, by_area.3 AS names, by_area.4 AS polygons,
                arrayMap(polygon -> arrayMin(polygon.x), polygons) AS lefts, arrayMap(polygon -> arrayMax(polygon.x), polygons) AS rights,
                arrayMap(polygon -> arrayMin(polygon.y), polygons) AS bottoms, arrayMap(polygon -> arrayMax(polygon.y), polygons) AS tops
            FROM warehouse.zones AS z FINAL
            WHERE z.deleted = 0
            GROUP BY z.map_id
        ) AS m
    ) AS maps,
    indexOf(maps.1, ifNull(f.map_id, '')) AS map,
    -- polygons and names are one array for all maps, so that none is copied for each robot
    (maps.9)[map] AS before_map,
    arrayFilter(
        (nth, left, right, bottom, top) -> assumeNotNull(f.x) >= left AND assumeNotNull(f.x) <= right AND assumeNotNull(f.y) >= bottom AND assumeNotNull(f.y) <= top,
        arrayEnumerate((maps.2)[map]), (maps.2)[map], (maps.3)[map], (maps.4)[map], (maps.5)[map]) AS boxes,
    if(f.placed, arrayFirst(nth -> pointInPolygon((assumeNotNull(f.x), assumeNotNull(f.y)), (maps.6)[before_map + nth]), boxes), 0) AS zone
SELECT
    f.robot_id AS robot_id,
    ifNull(f.site_id, nullIf(p.site_id, '')) AS site_id,
    f.map_id AS map_id,
    if(zone = 0, NULL, (maps.7)[before_map + zone]) AS zone_id,
    if(zone = 0, NULL, (maps.8)[before_map + zone]) AS zone_name,
    -- a clock that is ahead is not corrected: its events count from their arrival
    if(c.since = 0, NULL, fromUnixTimestamp64Milli(
        toInt64(bitShiftRight(bitAnd(c.since, 9223372036854775807), 22)) + if(f.clock_wrong, greatest(0, toInt64(1000 * ifNull(f.clock_offset_seconds, 0))), 0), 'UTC')) AS reported_state_since,
    -- a robot is in its status silent, or offline without saying so, since its silence was too long
    if(f.status = 'silent' OR (f.status = 'offline' AND ifNull(f.state, '') != 'offline'), f.seen_at + INTERVAL 60 SECOND, reported_state_since) AS state_since,
    greatest(0, dateDiff('millisecond', state_since, now64(3, 'UTC')) / 1000) AS state_seconds,
    -- the names of columns that other tables of the join have too would be qualified
    f.* EXCEPT (robot_id, site_id, map_id)
FROM warehouse.v_fleet_reports AS f
LEFT JOIN
(
    SELECT
        robot_id,
        groupArray(u.last) AS lasts, groupArray(u.code) AS codes, groupArray(u.before) AS befores, groupArray(u.start) AS starts, groupArray(u.read_to) AS reads,
        codes[indexOf(lasts, arrayMax(lasts))] AS newest,
        arrayMax((last_event, code, other_event) -> if(code = newest, other_event, last_event), lasts, codes, befores) AS before,
        has(reads, before) AS is_known,
        arrayMin(
            (last_event, code, first_event) -> if(code != newest OR last_event <= before OR (first_event <= before AND is_known), 18446744073709551615, greatest(first_event, before)),
            lasts, codes, starts) AS since
    FROM
    (
        SELECT robot_id, cityHash64(state) AS code, last, before, start, if(start > before, before, 1) AS read_to FROM warehouse.robot_states
        UNION ALL
        SELECT robot_id, cityHash64(state) AS code, last, before, start, 1 FROM warehouse.robot_state_minutes
        WHERE inserted_at >= (SELECT greatest(max(c.inserted_at), toDateTime(120, 'UTC')) - INTERVAL 2 MINUTE FROM warehouse.robot_states AS c)
    ) AS u
    GROUP BY robot_id
) AS c ON c.robot_id = f.robot_id
LEFT JOIN (SELECT map_id, site_id FROM warehouse.floor_plans FINAL) AS p ON p.map_id = f.map_id
COMMENT 'Where is each robot in service (site, map, zone), what does it do and since when, and how old is that? One row a robot, the silent ones too. state_since: first event of its state after the last event of another one (reported_state_since), but of a silent robot 60 s after its last arrival; age_seconds: since its last arrival; silent_seconds: the same, less what the pipeline lags; clock_offset_seconds: arrival minus event time, negative when its clock is ahead.';

CREATE OR REPLACE VIEW warehouse.v_fleet_summary{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    count() AS robots,
    countIf(status != 'silent' AND status != 'offline') AS online,
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
FROM warehouse.v_fleet_reports AS f
COMMENT 'How many robots in service are in each state right now? One row.';

CREATE OR REPLACE VIEW warehouse.v_fleet_status{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT status, count() AS robots
FROM warehouse.v_fleet_reports
GROUP BY status
COMMENT 'How many robots are in each state right now? One row a state that occurs.';

-- A fleet of which every robot reported `offline` or `maintenance` is silent on purpose.
CREATE OR REPLACE VIEW warehouse.v_fleet_dropoff{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    if(countIf(ifNull(f.state, '') NOT IN ('offline', 'maintenance')) = 0, 0, min(f.silent_seconds)) AS silent_seconds,
    count() AS robots,
    countIf(status = 'silent') AS silent_robots
FROM warehouse.v_fleet_reports AS f
HAVING robots > 0
COMMENT 'For how long has no robot in service arrived, as far as the pipeline has got? One row; none while no robot is known. 0 if all robots reported offline or maintenance.';

-- Silence measured against the robot's own rhythm (robot_rhythms). A robot that reports every 30 s (VDA 5050 allows it) or every ten
-- minutes is not silent after 60 s. A robot that is silent for so long that it is offline, or that said `offline` or `maintenance` before,
-- is not listed. The alert rules ask v_alert_dropoff and v_alert_silent_groups.
CREATE OR REPLACE VIEW warehouse.v_telemetry_dropoff{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
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
    -- the same as v_fleet_dropoff, without planning v_fleet_now a second time, which would take longer than the query
    SELECT robot_id, silent_seconds, ts, site_id, map_id, zone_id, zone_name, status, state, reported_state_since, min(silent_seconds) OVER () AS fleet_silent_seconds
    FROM warehouse.v_fleet_now
) AS f
LEFT JOIN warehouse.robot_rhythms AS r ON r.robot_id = f.robot_id
WHERE f.status = 'silent'
  AND silent_seconds > allowed_seconds
  AND ifNull(f.state, '') NOT IN ('offline', 'maintenance')
  AND f.fleet_silent_seconds <= 60
COMMENT 'Which robots fell silent while others still report? Empty when the whole fleet is silent: that is one alert, not thousands.';

CREATE OR REPLACE VIEW warehouse.v_battery_distribution{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    10 * least(9, floor(assumeNotNull(f.battery) / 10)) AS from_percent,
    from_percent + 10 AS to_percent,
    count() AS robots,
    countIf(f.status = 'charging') AS charging
FROM warehouse.v_fleet_reports AS f
WHERE f.battery IS NOT NULL
GROUP BY from_percent
COMMENT 'How are the batteries of the fleet distributed right now? Robots by steps of 10 percent.';

CREATE OR REPLACE VIEW warehouse.v_robots{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT robot_id, model, site_id, fleet, updated_at
FROM warehouse.robots FINAL
WHERE deleted = 0
COMMENT 'Which model is each robot, and to which site and fleet does it belong?';

-- All robots that are known, also those that are not in the fleet any more. A retired robot that reports stays retired: who retired
-- it decides whether it comes back.
CREATE OR REPLACE VIEW warehouse.v_robot_roster{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
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
    SELECT toString(robot_id) AS robot_id FROM warehouse.robot_latest
    UNION DISTINCT
    SELECT robot_id FROM warehouse.robots FINAL WHERE deleted = 0
    UNION DISTINCT
    SELECT robot_id FROM warehouse.robot_retirements
) AS k
LEFT JOIN
(
    SELECT
        toString(robot_id) AS robot_id, max(arrived_at) AS arrived_at, argMax(firmware, version) AS firmware, argMax(site_id, version) AS site_id, argMax(map_id, version) AS map_id
    FROM warehouse.robot_latest
    GROUP BY robot_id
) AS l ON l.robot_id = k.robot_id
LEFT JOIN (SELECT robot_id, model, site_id, fleet FROM warehouse.robots FINAL WHERE deleted = 0) AS r ON r.robot_id = k.robot_id
LEFT JOIN (SELECT robot_id, retired, changed_by, reason, changed_at FROM warehouse.robot_retirements FINAL) AS t ON t.robot_id = k.robot_id
COMMENT 'Which robots are known, which are retired, by whom, when and why, and do retired ones still report?';

-- How long tasks take.

CREATE MATERIALIZED VIEW IF NOT EXISTS {local}.task_runs_mv{on_cluster} TO {local}.task_runs
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    r.robot_id AS robot_id,
    assumeNotNull(r.task_id) AS task_id,
    groupUniqArrayIf(r.ts, r.event_type = 'TASK_STARTED') AS starts,
    groupUniqArrayIf(
        CAST((r.ts, r.event_type, ifNull(r.map_id, ''), ifNull(r.x, nan), ifNull(r.y, nan),
            if(r.event_type = 'TASK_FAILED', toString(ifNull(r.error_code, '')), '')),
            'Tuple(ts DateTime64(3, \'UTC\'), event_type String, map_id String, x Float32, y Float32, error_code String)'),
        r.event_type IN ('TASK_COMPLETED', 'TASK_FAILED')) AS ends,
    max(r.ts) AS last_ts,
    groupUniqArrayIf(toString(ifNull(r.site_id, '')), r.site_id IS NOT NULL) AS sites
FROM {local}.telemetry_raw AS r
WHERE r.event_type IN ('TASK_STARTED', 'TASK_COMPLETED', 'TASK_FAILED') AND r.task_id IS NOT NULL
GROUP BY r.robot_id, r.task_id;

-- The end is an index into the sorted ends, so that no text of the other ends is copied. The CAST stays, or the planner
-- loses the column.
CREATE OR REPLACE VIEW warehouse.v_task_runs{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    robot_id,
    task_id,
    started_at,
    if(nth = 0, NULL, sorted_ends.ts[nth]) AS ended_at,
    multiIf(nth = 0, 'running', sorted_ends.event_type[nth] = 'TASK_COMPLETED', 'completed', 'failed') AS outcome,
    dateDiff('millisecond', started_at, ended_at) / 1000 AS task_duration,
    sorted_ends.map_id[nth] AS map_id,
    if(nth = 0 OR isNaN(sorted_ends.x[nth]), NULL, sorted_ends.x[nth]) AS x,
    if(nth = 0 OR isNaN(sorted_ends.y[nth]), NULL, sorted_ends.y[nth]) AS y,
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
        arrayFirstIndex(e -> e >= started_at AND e < next_start, sorted_ends.ts) AS nth
    FROM
    (
        SELECT
            robot_id, task_id, CAST(r.sites AS Array(String)) AS sites,
            arraySort(CAST(r.starts AS Array(DateTime64(3, 'UTC')))) AS sorted_starts,
            arrayPushBack(arrayPopFront(sorted_starts), toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) AS next_starts,
            arraySort(CAST(r.ends AS Array(Tuple(ts DateTime64(3, 'UTC'), event_type String, map_id String, x Float32, y Float32, error_code String)))) AS sorted_ends
        FROM warehouse.task_runs AS r FINAL
        -- an end whose start never arrived is not a run, and must not affect other robots
        WHERE notEmpty(r.starts)
    ) AS t
    ARRAY JOIN sorted_starts AS started_at, next_starts AS next_start
)
COMMENT 'How long did each run of a task take (task_duration, seconds), how did it end, and why (error_code of the event TASK_FAILED)? Running ones have no end yet.';

-- The zone is the smallest one that the run ended in, found as in v_fleet_now. Filter by ended_at: the filter is applied to the runs
-- before their zones are searched.
CREATE OR REPLACE VIEW warehouse.v_task_ends{on_cluster}
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
    indexOf(maps.1, t.map_id) AS map,
    (maps.9)[map] AS before_map,
    arrayFilter(
        (nth, left, right, bottom, top) -> ifNull(t.x >= left AND t.x <= right AND t.y >= bottom AND t.y <= top, 0),
        arrayEnumerate((maps.2)[map]), (maps.2)[map], (maps.3)[map], (maps.4)[map], (maps.5)[map]) AS boxes,
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
FROM (SELECT * FROM warehouse.v_task_runs WHERE outcome != 'running') AS t
LEFT JOIN (SELECT map_id, site_id FROM warehouse.floor_plans FINAL) AS p ON p.map_id = t.map_id
LEFT JOIN (SELECT robot_id, site_id, model FROM warehouse.robots FINAL WHERE deleted = 0) AS r ON r.robot_id = t.robot_id
COMMENT 'Where did each finished run of a task end (site, map, zone), by which model, how long did it take, and why did it fail? Filter by ended_at.';

-- The original design's name: one row per finished run, under the type and time of the event that ended it.
CREATE OR REPLACE VIEW warehouse.task_events_mv{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    robot_id,
    task_id,
    if(outcome = 'completed', 'TASK_COMPLETED', 'TASK_FAILED') AS event_type,
    assumeNotNull(ended_at) AS ts,
    started_at,
    assumeNotNull(ended_at) AS completed_at,
    outcome,
    assumeNotNull(task_duration) AS task_duration
FROM warehouse.v_task_runs
WHERE outcome != 'running'
COMMENT 'How long did finished tasks take? task_duration is in seconds.';

CREATE OR REPLACE VIEW warehouse.v_task_times{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
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

-- Runs are compared only with zones whose bounding box touches their cell. The polygon decides. A cell is a 16th of the largest
-- zone of its map and is found by its hash: a hash collision costs one more polygon check and changes no result.
-- Text is read once per run: maps and zones are numbers until the end, and runs are sorted once for both percentiles.
-- Nothing is stored, so an edited zone counts at once.
CREATE OR REPLACE VIEW warehouse.v_task_times_by_zone{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
WITH
    shapes AS
    (
        SELECT
            map_id, zone_id, name, polygon, row_number() OVER (ORDER BY map_id, zone_id) AS zone,
            arrayMin(polygon.x) AS left, arrayMax(polygon.x) AS right, arrayMin(polygon.y) AS bottom, arrayMax(polygon.y) AS top
        FROM warehouse.zones FINAL
        WHERE deleted = 0
    ),
    (
        -- each map with the side of its cells; the last entry is for no map, so that there is always one
        SELECT (arrayPushBack(groupArray(map_id), ''), arrayPushBack(groupArray(side), 1.))
        FROM (SELECT map_id, greatest(1., max(greatest(right - left, top - bottom)) / 16) AS side FROM shapes GROUP BY map_id)
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
            outcome, task_duration, assumeNotNull(x) AS x, assumeNotNull(y) AS y,
            transform(map_id, maps.1, arrayEnumerate(maps.1), 0) AS map,
            transform(map, arrayEnumerate(maps.1), maps.2, 1.) AS side,
            -- no integers: an end without a place is NaN until the filter has passed; + 0 makes -0 a 0
            cityHash64(map, floor(x / side) + 0., floor(y / side) + 0.) AS cell
        FROM warehouse.v_task_runs
        WHERE ended_at >= now64(3, 'UTC') - INTERVAL 1 DAY AND x IS NOT NULL
    ) AS t
    INNER JOIN
    (
        SELECT
            zone, polygon,
            transform(map_id, maps.1, arrayEnumerate(maps.1), 0) AS map,
            transform(map, arrayEnumerate(maps.1), maps.2, 1.) AS side,
            arrayJoin(range(toInt64(floor(left / side)), toInt64(floor(right / side)) + 1)) AS cell_x,
            arrayJoin(range(toInt64(floor(bottom / side)), toInt64(floor(top / side)) + 1)) AS cell_y,
            cityHash64(map, toFloat64(cell_x), toFloat64(cell_y)) AS cell
        FROM shapes
    ) AS c ON c.cell = t.cell
    WHERE c.map = t.map AND pointInPolygon((t.x, t.y), c.polygon)
    GROUP BY c.zone
) AS r
INNER JOIN shapes AS z ON z.zone = r.zone
COMMENT 'How long do tasks take, by the zone where they end, over the last 24 hours?';

-- Three questions for less CPU, with the same answers. Of a question about now, most of the time is the planning of its query,
-- so what helps is to name fewer columns and to plan fewer views.

-- Only silent robots have their rhythm looked up, so the hours of the others cost nothing, however many are kept.
CREATE OR REPLACE VIEW warehouse.v_telemetry_dropoff{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    f.robot_id AS robot_id,
    f.age_seconds AS silent_seconds,
    greatest(60, least(600, 3 * r.usual_gap_seconds)) AS allowed_seconds,
    f.ts AS last_ts,
    f.site_id AS site_id,
    f.map_id AS map_id
FROM warehouse.v_fleet_now AS f
LEFT JOIN
(
    SELECT h.robot_id AS robot_id, quantile(0.5)(h.max_gap_seconds) AS usual_gap_seconds
    FROM warehouse.telemetry_hour AS h FINAL
    WHERE h.minute >= now('UTC') - INTERVAL 1 DAY
      AND h.robot_id IN (SELECT s.robot_id FROM warehouse.robot_latest AS s GROUP BY s.robot_id HAVING max(s.ts) < now64(3, 'UTC') - INTERVAL 1 MINUTE)
    GROUP BY h.robot_id
) AS r ON r.robot_id = f.robot_id
WHERE f.status = 'silent'
  AND silent_seconds > allowed_seconds
  AND ifNull(f.state, '') != 'offline'
  -- v_fleet_dropoff says this too, but planning all of v_fleet_now a second time takes longer than the answer
  AND (SELECT max(l.ts) FROM warehouse.robot_latest AS l) >= now64(3, 'UTC') - INTERVAL 1 MINUTE
COMMENT 'Which robots fell silent while others still report? Empty when the whole fleet is silent: that is one alert, not thousands.';

-- A zone meets the robots in its box: the join compares, so that no pair outside is copied with its polygon.
CREATE OR REPLACE VIEW warehouse.v_zone_occupancy{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT
    z.map_id AS map_id, z.zone_id AS zone_id, z.name AS zone_name, z.kind AS kind,
    -- a zone without robots meets one that is not placed
    countIf(f.placed AND pointInPolygon((f.x, f.y), z.polygon) AS inside) AS robots,
    countIf(inside AND f.is_stuck) AS stuck
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
) AS f ON f.map_id = z.map_id AND f.x >= z.left AND f.x <= z.right AND f.y >= z.bottom AND f.y <= z.top
GROUP BY map_id, zone_id, zone_name, kind
COMMENT 'How many robots are in each zone right now, and how many of them are stuck?';

-- As 0018's, but text is touched once a run: maps and zones go by number until the end, and runs are sorted once for both
-- percentiles.
CREATE OR REPLACE VIEW warehouse.v_task_times_by_zone{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
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
        -- each map with the side of its cells; the last is for no map, so that there is always one
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

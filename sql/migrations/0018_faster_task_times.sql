-- Task times for less CPU: the same questions and answers, computed with fewer copies and fewer looks at polygons.

-- The end is a number within the sorted ends, so that no text of the other ends is copied; the CAST stays, or the planner
-- loses the column.
CREATE OR REPLACE VIEW warehouse.v_task_runs{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
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
    if(nth = 0 OR isNaN(sorted_ends.y[nth]), NULL, sorted_ends.y[nth]) AS y
FROM
(
    SELECT
        t.robot_id AS robot_id,
        t.task_id AS task_id,
        started_at,
        sorted_ends,
        arrayFirstIndex(e -> e >= started_at AND e < next_start, sorted_ends.ts) AS nth
    FROM
    (
        SELECT
            robot_id, task_id,
            arraySort(CAST(r.starts AS Array(DateTime64(3, 'UTC')))) AS sorted_starts,
            arrayPushBack(arrayPopFront(sorted_starts), toDateTime64('2299-01-01 00:00:00', 3, 'UTC')) AS next_starts,
            arraySort(CAST(r.ends AS Array(Tuple(ts DateTime64(3, 'UTC'), event_type String, map_id String, x Float32, y Float32)))) AS sorted_ends
        FROM warehouse.task_runs AS r FINAL
        -- an end whose start never arrived is no run, and must not stop those of the other robots
        WHERE notEmpty(r.starts)
    ) AS t
    ARRAY JOIN sorted_starts AS started_at, next_starts AS next_start
)
COMMENT 'How long did each run of a task take (task_duration, seconds), and how did it end? Running ones have no end yet.';

-- Runs meet only the zones whose bounding box touches their cell, and the polygon decides. A cell is a 16th of the largest
-- zone of its map. It goes by its hash: two cells of one hash cost a look at the polygon and change no answer.
-- Nothing is stored, so an edited zone counts at once.
CREATE OR REPLACE VIEW warehouse.v_task_times_by_zone{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
WITH
    shapes AS
    (
        SELECT
            map_id, zone_id, name, polygon,
            arrayMin(polygon.x) AS left, arrayMax(polygon.x) AS right, arrayMin(polygon.y) AS bottom, arrayMax(polygon.y) AS top
        FROM warehouse.zones FINAL
        WHERE deleted = 0
    ),
    (
        SELECT (groupArray(map_id), groupArray(side))
        FROM (SELECT map_id, greatest(1., max(greatest(right - left, top - bottom)) / 16) AS side FROM shapes GROUP BY map_id)
    ) AS sides
SELECT
    z.map_id AS map_id,
    z.zone_id AS zone_id,
    z.name AS zone_name,
    count() AS runs,
    countIf(t.outcome = 'failed') AS failed,
    avg(t.task_duration) AS mean_seconds,
    quantileExactInclusive(0.5)(t.task_duration) AS p50_seconds,
    quantileExactInclusive(0.95)(t.task_duration) AS p95_seconds
FROM
(
    SELECT
        map_id, outcome, task_duration, assumeNotNull(x) AS x, assumeNotNull(y) AS y,
        transform(map_id, arrayPushBack(sides.1, ''), arrayPushBack(sides.2, 1.), 1.) AS side,
        -- no integers: an end without a place is NaN until the filter has passed; + 0 makes -0 a 0
        cityHash64(map_id, floor(x / side) + 0., floor(y / side) + 0.) AS cell
    FROM warehouse.v_task_runs
    WHERE ended_at >= now64(3, 'UTC') - INTERVAL 1 DAY AND x IS NOT NULL
) AS t
INNER JOIN
(
    SELECT
        map_id, zone_id, name, polygon,
        transform(map_id, arrayPushBack(sides.1, ''), arrayPushBack(sides.2, 1.), 1.) AS side,
        arrayJoin(range(toInt64(floor(left / side)), toInt64(floor(right / side)) + 1)) AS cell_x,
        arrayJoin(range(toInt64(floor(bottom / side)), toInt64(floor(top / side)) + 1)) AS cell_y,
        cityHash64(map_id, toFloat64(cell_x), toFloat64(cell_y)) AS cell
    FROM shapes
) AS z ON z.cell = t.cell
WHERE z.map_id = t.map_id AND pointInPolygon((t.x, t.y), z.polygon)
GROUP BY map_id, zone_id, zone_name
COMMENT 'How long do tasks take, by the zone where they end, over the last 24 hours?';

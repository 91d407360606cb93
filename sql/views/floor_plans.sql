-- What is drawn on each map, and how many robots are in its zones.

CREATE OR REPLACE VIEW warehouse.v_floor_plans{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT map_id, site_id, name, base64Encode(image) AS image_base64, width, height, resolution, origin_x, origin_y, origin_yaw, checksum, updated_at
FROM warehouse.floor_plans FINAL
COMMENT 'Which floor plans are there, and where does each lie in the map frame?';

CREATE OR REPLACE VIEW warehouse.v_zones{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT map_id, zone_id, name, kind, polygon, updated_at
FROM warehouse.zones FINAL
WHERE deleted = 0
COMMENT 'Which zones does each map have?';

CREATE OR REPLACE VIEW warehouse.v_lanes{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT map_id, lane_id, name, kind, path, updated_at
FROM warehouse.lanes FINAL
WHERE deleted = 0
COMMENT 'Which lanes does each map have?';

CREATE OR REPLACE VIEW warehouse.v_stations{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT map_id, station_id, name, kind, x, y, theta, updated_at
FROM warehouse.stations FINAL
WHERE deleted = 0
COMMENT 'Which stations does each map have?';

-- The join compares robots with the bounding box of a zone, so that no pair outside the box is copied with its polygon.
CREATE OR REPLACE VIEW warehouse.v_zone_occupancy{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    z.map_id AS map_id, z.zone_id AS zone_id, z.name AS zone_name, z.kind AS kind,
    -- a zone without robots is joined with a robot that is not placed
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
    FROM warehouse.v_fleet_reports
    WHERE placed AND silent_seconds <= 60
) AS f ON f.map_id = z.map_id AND f.x >= z.left AND f.x <= z.right AND f.y >= z.bottom AND f.y <= z.top
GROUP BY map_id, zone_id, zone_name, kind
COMMENT 'How many robots in service are in each zone right now, and how many of them are stuck?';

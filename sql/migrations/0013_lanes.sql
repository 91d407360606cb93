-- What else is drawn on a floor than its zones: the ways that robots drive and the places where they stop (LIF, GeoJSON).

CREATE TABLE IF NOT EXISTS {local}.lanes{on_cluster}
(
    map_id     String,
    lane_id    String,
    name       String,
    kind       LowCardinality(String),
    path       Array(Tuple(x Float64, y Float64)) COMMENT 'metres, map frame; in the direction of travel',
    deleted    UInt8 DEFAULT 0 COMMENT '1 hides the lane',
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(updated_at)
ORDER BY (map_id, lane_id);

CREATE TABLE IF NOT EXISTS {local}.stations{on_cluster}
(
    map_id     String,
    station_id String,
    name       String,
    kind       LowCardinality(String),
    x          Float64 COMMENT 'metres, map frame',
    y          Float64 COMMENT 'metres',
    theta      Nullable(Float64) COMMENT 'radians, counter-clockwise; NULL when robots may stand in any direction',
    deleted    UInt8 DEFAULT 0 COMMENT '1 hides the station',
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(updated_at)
ORDER BY (map_id, station_id);

CREATE OR REPLACE VIEW warehouse.v_lanes{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT map_id, lane_id, name, kind, path, updated_at
FROM warehouse.lanes FINAL
WHERE deleted = 0
COMMENT 'Which lanes does each map have?';

CREATE OR REPLACE VIEW warehouse.v_stations{on_cluster}
DEFINER = floorwatch_owner SQL SECURITY DEFINER
AS
SELECT map_id, station_id, name, kind, x, y, theta, updated_at
FROM warehouse.stations FINAL
WHERE deleted = 0
COMMENT 'Which stations does each map have?';

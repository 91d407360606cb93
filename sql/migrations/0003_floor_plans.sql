-- Where robots drive: one image per map with its place in the world.
CREATE TABLE IF NOT EXISTS {local}.floor_plans{on_cluster}
(
    map_id     String,
    site_id    String,
    name       String,
    image      String COMMENT 'PNG bytes',
    width      UInt32 COMMENT 'pixels',
    height     UInt32 COMMENT 'pixels',
    resolution Float64 COMMENT 'metres a pixel',
    origin_x   Float64 COMMENT 'metres, lower-left pixel in the map frame',
    origin_y   Float64 COMMENT 'metres',
    origin_yaw Float64 COMMENT 'radians, counter-clockwise',
    checksum   String COMMENT 'of what was imported: the same plan twice changes nothing',
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(updated_at)
ORDER BY map_id;

-- The areas that people named on a map.
CREATE TABLE IF NOT EXISTS {local}.zones{on_cluster}
(
    map_id     String,
    zone_id    String,
    name       String,
    kind       LowCardinality(String),
    polygon    Array(Tuple(x Float64, y Float64)) COMMENT 'metres, map frame; closed by itself',
    deleted    UInt8 DEFAULT 0 COMMENT '1 hides the zone',
    updated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = {replicated}ReplacingMergeTree(updated_at)
ORDER BY (map_id, zone_id);

-- What else is drawn on a map: the lanes that robots drive and the stations where they stop (from LIF or GeoJSON).
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

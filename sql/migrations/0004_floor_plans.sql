-- Where robots drive: one image a map with its place in the world, and the areas that people named on it.

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

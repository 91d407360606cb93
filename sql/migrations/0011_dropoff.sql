-- The per-robot drop-off alert: silence measured against the robot's own rhythm.

-- A robot that reports every 30 s (VDA 5050 allows it) is not silent after 60 s; its usual longest wait is learnt from
-- the hours of the last day. Three times that is silence, never less than 60 s and never more than 10 minutes.
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
    GROUP BY h.robot_id
) AS r ON r.robot_id = f.robot_id
WHERE f.status = 'silent'
  AND silent_seconds > allowed_seconds
  AND ifNull(f.state, '') != 'offline'
  AND (SELECT silent_seconds FROM warehouse.v_fleet_dropoff) <= 60
COMMENT 'Which robots fell silent while others still report? Empty when the whole fleet is silent: that is one alert, not thousands.';

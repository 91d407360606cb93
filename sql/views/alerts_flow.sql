-- What the alert rules ask about the flow of work. Their common rules are at the top of alerts.sql.

-- Finished tasks of the ten minutes up to the newest whole one, compared with the same ten minutes of the same weekday in four past weeks. With
-- less than two such weeks: with the half hour before. Only while robots report: a silent fleet is another alert. At a site with many tasks,
-- tasks end again when the newest minute has half of the usual ones: ten minutes would be a fifth only minutes later.
CREATE OR REPLACE VIEW warehouse.v_alert_flow{on_cluster}
DEFINER = floorwatch_definer SQL SECURITY DEFINER
AS
SELECT
    s.site AS site, 'tasks finished' AS problem,
    toFloat64(s.tasks_now) AS amount, round(usual) AS usual_amount
FROM
(
    WITH (SELECT w.minute FROM warehouse.newest_whole_minute AS w) AS newest_minute
    SELECT
        ifNull(t.site_id, '') AS site,
        sumIf(t.tasks_completed, t.weeks = 0 AND t.ago < 10) AS tasks_now,
        sumIf(t.tasks_completed, t.weeks = 0 AND t.ago = 0) AS newest_tasks,
        sumIf(t.tasks_completed, t.weeks = 0 AND t.ago >= 10) / 3 AS before,
        arrayFilter(tasks -> tasks > 0, [sumIf(t.tasks_completed, t.weeks = 1), sumIf(t.tasks_completed, t.weeks = 2),
            sumIf(t.tasks_completed, t.weeks = 3), sumIf(t.tasks_completed, t.weeks = 4)]) AS past,
        if(length(past) >= 2, arrayReduce('median', past), before) AS usual
    FROM
    (
        SELECT
            r.site_id AS site_id, r.tasks_completed AS tasks_completed,
            intDiv(dateDiff('minute', r.minute, newest_minute), 7 * 1440) AS weeks,
            dateDiff('minute', r.minute, newest_minute) - weeks * 7 * 1440 AS ago
        FROM warehouse.v_robot_minutes AS r
        WHERE r.minute <= newest_minute
          AND (r.minute > newest_minute - INTERVAL 40 MINUTE
            OR r.minute BETWEEN newest_minute - INTERVAL 7 DAY - INTERVAL 9 MINUTE AND newest_minute - INTERVAL 7 DAY
            OR r.minute BETWEEN newest_minute - INTERVAL 14 DAY - INTERVAL 9 MINUTE AND newest_minute - INTERVAL 14 DAY
            OR r.minute BETWEEN newest_minute - INTERVAL 21 DAY - INTERVAL 9 MINUTE AND newest_minute - INTERVAL 21 DAY
            OR r.minute BETWEEN newest_minute - INTERVAL 28 DAY - INTERVAL 9 MINUTE AND newest_minute - INTERVAL 28 DAY)
    ) AS t
    WHERE t.weeks = 0 AND t.ago < 40 OR t.weeks BETWEEN 1 AND 4 AND t.ago < 10
    GROUP BY site
) AS s
WHERE s.usual >= 20 AND s.tasks_now < 0.2 * s.usual AND (s.usual < 200 OR s.newest_tasks < 0.05 * s.usual)
  AND (SELECT countIf(f.status NOT IN ('silent', 'offline')) FROM warehouse.v_fleet_reports AS f) > 0
COMMENT 'At which sites do much fewer tasks end than usual?';

-- Which site each robot belongs to. The row policies of robots read it (ingestor/src/access/sites.ts), so it runs as a user without
-- row policies: a policy that reads its own table would never end.
CREATE OR REPLACE VIEW warehouse.v_robot_sites{on_cluster}
DEFINER = floorwatch_locator SQL SECURITY DEFINER
AS
SELECT l.robot_id AS robot_id, argMax(l.site_id, l.version) AS site_id
FROM warehouse.robot_latest AS l
GROUP BY l.robot_id
COMMENT 'At which site is each robot? That of its newest event with a site; NULL when it never reported one.';

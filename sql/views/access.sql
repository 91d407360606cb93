-- At which site each robot is: that of its newest event with a site. The row policies of robots read these views
-- (ingestor/src/access/sites.ts). So they run as a user without row policies: a policy that reads its own table would never end.

CREATE OR REPLACE VIEW warehouse.robot_sites{on_cluster}
DEFINER = floorwatch_locator SQL SECURITY DEFINER
AS
SELECT l.robot_id AS robot_id, argMax(l.site_id, l.version) AS site_id
FROM warehouse.robot_latest AS l
GROUP BY l.robot_id
COMMENT 'At which site is each robot? NULL when it never reported one.';

-- On a cluster, for the policies of a shard's own tables.
CREATE OR REPLACE VIEW {local}.shard_robot_sites{on_cluster}
DEFINER = floorwatch_locator SQL SECURITY DEFINER
AS
SELECT l.robot_id AS robot_id, argMax(l.site_id, l.version) AS site_id
FROM {local}.robot_latest AS l
GROUP BY l.robot_id
COMMENT 'At which site is each robot of this shard? NULL when it never reported one.';

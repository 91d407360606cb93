-- Optional, not a migration: needs the policy of sql/server/storage.example.xml. Events move to `cold` after 14 days,
-- minutes after 3 months; both are deleted when they always were.
ALTER TABLE warehouse.telemetry_raw MODIFY SETTING storage_policy = 'tiered';
ALTER TABLE warehouse.telemetry_raw MODIFY TTL toDateTime(ts) + INTERVAL 14 DAY TO VOLUME 'cold', toDateTime(ts) + INTERVAL 90 DAY DELETE;
ALTER TABLE warehouse.telemetry_minute MODIFY SETTING storage_policy = 'tiered';
ALTER TABLE warehouse.telemetry_minute MODIFY TTL minute + INTERVAL 3 MONTH TO VOLUME 'cold', minute + INTERVAL 13 MONTH DELETE;

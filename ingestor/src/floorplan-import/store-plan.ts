import type { ClickHouseClient } from '@clickhouse/client';
import { insertAndWait } from '../clickhouse/insert.ts';
import type { FloorPlan } from './read-ros-plan.ts';

/** Base64, because JSON cannot contain bytes. The table stores the decoded image. */
const INSERT = `
INSERT INTO floor_plans
  (map_id, site_id, name, image, width, height, resolution, origin_x, origin_y, origin_yaw, checksum)
SELECT map_id, site_id, name, base64Decode(image), width, height, resolution, origin_x, origin_y, origin_yaw, checksum
FROM input('map_id String, site_id String, name String, image String, width UInt32, height UInt32,
  resolution Float64, origin_x Float64, origin_y Float64, origin_yaw Float64, checksum String')
FORMAT JSONEachRow`;

/** Stores the plan as the current one of its map. `unchanged` when the same plan is already stored. */
export async function storePlan(client: ClickHouseClient, plan: FloorPlan): Promise<'stored' | 'unchanged'> {
  if ((await storedChecksum(client, plan)) === plan.checksum) return 'unchanged';
  const { geometry } = plan;
  const row = {
    map_id: plan.mapId,
    site_id: plan.siteId,
    name: plan.name,
    image: Buffer.from(plan.png).toString('base64'),
    width: geometry.widthPixels,
    height: geometry.heightPixels,
    resolution: geometry.metresPerPixel,
    origin_x: geometry.originXMetres,
    origin_y: geometry.originYMetres,
    origin_yaw: geometry.yawRadians,
    checksum: plan.checksum,
  };
  await insertAndWait(client, { query: INSERT, values: [JSON.stringify(row)] });
  return 'stored';
}

async function storedChecksum(client: ClickHouseClient, { mapId, siteId, name }: FloorPlan): Promise<string | null> {
  const result = await client.query({
    query: `SELECT checksum FROM floor_plans FINAL
      WHERE map_id = {mapId:String} AND site_id = {siteId:String} AND name = {name:String}`,
    query_params: { mapId, siteId, name },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ checksum: string }>();
  return row?.checksum ?? null;
}

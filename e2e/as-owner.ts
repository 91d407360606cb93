import type { World } from './world.ts';

/** Runs a statement as floorwatch_owner: for past or invalid data, which the robots of the tests cannot send. */
export async function asOwner({ clickHouseUrl, clickHouseOwnerPassword }: World, sql: string): Promise<void> {
  const headers = { 'X-ClickHouse-User': 'floorwatch_owner', 'X-ClickHouse-Key': clickHouseOwnerPassword };
  const response = await fetch(clickHouseUrl, { method: 'POST', body: sql, headers });
  if (!response.ok) throw new Error(await response.text());
}

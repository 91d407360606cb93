import { firstProblem } from '@floorwatch/floorplan/foreign-json';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { readYaml } from '@floorwatch/floorplan/read-yaml';
import { z } from 'zod';
import type { PlanarDatum, PlanarDatums } from './massrobotics.ts';

const datums = z.record(
  z.string(),
  z.strictObject({
    map_id: z.string().min(1),
    x: z.number(),
    y: z.number(),
    yaw: z.number(),
    metres_per_unit: z.number().positive(),
  })
);

/**
 * Reads the registered planar datums of MassRobotics robots: YAML or JSON with one entry per datum UUID,
 * `{ map_id, x, y, yaw, metres_per_unit }` (the datum's origin in metres and its +x axis in radians, in the map frame).
 * @throws PlanError naming the file and the key
 */
export function parsePlanarDatums(text: string, file: string): PlanarDatums {
  const { data, error } = datums.safeParse(readYaml(text, file));
  if (error) throw new PlanError(file, `is not a list of planar datums (${firstProblem(error, 'it')})`);
  const byUuid = new Map<string, PlanarDatum>();
  for (const [uuid, { map_id, x, y, yaw, metres_per_unit }] of Object.entries(data)) {
    const key = uuid.toLowerCase();
    if (byUuid.has(key)) throw new PlanError(file, `planar datum ${uuid} is defined twice`);
    byUuid.set(key, { mapId: map_id, xMetres: x, yMetres: y, yawRadians: yaw, metresPerUnit: metres_per_unit });
  }
  return byUuid;
}

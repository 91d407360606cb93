import { parseDocument } from 'yaml';
import { z } from 'zod';
import { PlanError } from '../plans/plan-error.ts';
import type { PlanarDatums } from './massrobotics.ts';
import { firstProblem } from './normalised.ts';

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
 * Reads the registered planar datums of MassRobotics robots: YAML or JSON, by datum UUID, each
 * `{ map_id, x, y, yaw, metres_per_unit }` (the datum's origin in metres and its +x axis in radians, in the map frame).
 * @throws PlanError naming the file and the key
 */
export function parsePlanarDatums(text: string, file: string): PlanarDatums {
  const document = parseDocument(text);
  const syntaxError = document.errors[0];
  if (syntaxError) throw new PlanError(file, `is not valid YAML (${syntaxError.message.split('\n', 1)[0] ?? ''})`);
  const { data, error } = datums.safeParse(document.toJS());
  if (error) throw new PlanError(file, `is not a list of planar datums (${firstProblem(error)})`);
  return new Map(
    Object.entries(data).map(([uuid, { map_id, x, y, yaw, metres_per_unit }]) => [
      uuid.toLowerCase(),
      { mapId: map_id, xMetres: x, yMetres: y, yawRadians: yaw, metresPerUnit: metres_per_unit },
    ])
  );
}

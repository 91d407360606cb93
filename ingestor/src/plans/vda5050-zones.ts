/** VDA 5050 zone sets (3.x): the areas that a fleet manager gives its robots for one map. */
import { z } from 'zod';
import { firstProblem } from '../formats/normalised.ts';
import type { PlanShapes } from './map-shape.ts';
import { PlanError } from './plan-error.ts';

const zone = z.object({
  zoneId: z.string().min(1),
  zoneType: z.string().min(1),
  zoneDescriptor: z.string().nullish(),
  vertices: z.array(z.object({ x: z.number(), y: z.number() })).min(3, 'a zone needs at least 3 vertices'),
});
const message = z.object({
  zoneSet: z.object({ mapId: z.string().min(1), zoneSetId: z.string().min(1), zones: z.array(zone) }),
});

/** Whether a parsed VDA 5050 message is a zone set, and not a state. */
export function isZoneSet(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'zoneSet' in json;
}

/**
 * Reads the zones of a zone set message. The type of a zone becomes its kind.
 * @param file the name that errors carry
 * @throws PlanError naming the file and the key
 */
export function parseZoneSet(json: unknown, file: string): PlanShapes {
  const { data, error } = message.safeParse(json);
  if (error) throw new PlanError(file, `is not a VDA 5050 zone set (${firstProblem(error)})`);
  const { mapId, zones } = data.zoneSet;
  const shapes = zones.map(({ zoneId, zoneType, zoneDescriptor, vertices }) => ({
    type: 'zone' as const,
    id: zoneId,
    name: zoneDescriptor ?? zoneId,
    kind: zoneType.toLowerCase(),
    mapId,
    corners: vertices.map(({ x, y }) => ({ xMetres: x, yMetres: y })),
  }));
  return { shapes, leftOut: [] };
}

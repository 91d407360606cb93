/** VDA 5050 zone sets (3.x): the areas that a fleet manager defines for one map. */
import { z } from 'zod';
import { firstProblem, metres } from './foreign-json.ts';
import { hasArea, type PlanShapes, type Zone } from './map-shape.ts';
import { PlanError } from './plan-error.ts';

const zone = z.object({
  zoneId: z.string().min(1),
  zoneType: z.string().min(1),
  zoneDescriptor: z
    .string()
    .nullish()
    .transform((text) => (text === '' ? null : text)),
  vertices: z.array(z.object({ x: metres, y: metres })).min(3, 'a zone needs at least 3 vertices'),
});
const message = z.object({
  zoneSet: z.object({ mapId: z.string().min(1), zoneSetId: z.string().min(1), zones: z.array(zone) }),
});

/** True if a parsed VDA 5050 message is a zone set, false if it is a state. */
export function isZoneSet(json: unknown): boolean {
  return typeof json === 'object' && json !== null && ('zoneSet' in json || isBare(json));
}

/** True for a zone set without the message around it. */
function isBare(json: object): boolean {
  return 'zoneSetId' in json && 'zones' in json;
}

/**
 * Reads the zones of a zone set message. The type of a zone becomes its kind.
 * @param file file name for errors
 * @throws PlanError with the file and the key
 */
export function parseZoneSet(json: unknown, file: string): PlanShapes {
  const wrapped = typeof json === 'object' && json !== null && isBare(json) ? { zoneSet: json } : json;
  const { data, error } = message.safeParse(wrapped);
  if (error) throw new PlanError(file, `is not a VDA 5050 zone set (${firstProblem(error, 'it')})`);
  const { mapId, zones } = data.zoneSet;
  const found: PlanShapes = { shapes: [], mapIds: [mapId], leftOut: [] };
  for (const { zoneId: id, zoneType, zoneDescriptor, vertices } of zones) {
    const corners = vertices.map(({ x, y }) => ({ xMetres: x, yMetres: y }));
    const zone: Zone = { type: 'zone', id, name: zoneDescriptor ?? id, kind: zoneType.toLowerCase(), mapId, corners };
    if (hasArea(corners)) found.shapes.push(zone);
    else found.leftOut.push({ id, reason: 'It has no area.' });
  }
  return found;
}

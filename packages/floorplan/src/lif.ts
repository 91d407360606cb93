/**
 * LIF, the Layout Interchange Format of VDMA: the tracks and stations of a site, in metres of the project's frame.
 * @see https://github.com/vdma-lif/lif
 */
import { z } from 'zod';
import { firstProblem, metres } from './foreign-json.ts';
import { normaliseRadians } from './map-frame.ts';
import type { Lane, PlanShapes, Station } from './map-shape.ts';
import { flattenNurbs, nurbsProblem, type NurbsCurve } from './nurbs.ts';
import { PlanError } from './plan-error.ts';
import type { MapPoint } from './transform.ts';

/** A list; null means an empty one. */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((items) => items ?? []);
const point = z.object({ x: metres, y: metres });
const trajectory = z.object({
  degree: z.int().min(1).default(1),
  knotVector: z.array(z.number()),
  controlPoints: z.array(point.extend({ weight: z.number().default(1) })),
});
const node = z.object({
  nodeId: z.string().min(1),
  nodeName: z.string().nullish(),
  mapId: z
    .string()
    .nullish()
    .transform((mapId) => (mapId === '' ? null : (mapId ?? null))),
  nodePosition: point,
});
const edge = z.object({
  edgeId: z.string().min(1),
  edgeName: z.string().nullish(),
  startNodeId: z.string(),
  endNodeId: z.string(),
  vehicleTypeEdgeProperties: list(z.object({ trajectory: trajectory.nullish() })),
});
const station = z.object({
  stationId: z.string().min(1),
  stationName: z.string().nullish(),
  interactionNodeIds: list(z.string()),
  stationPosition: point.extend({ theta: z.number().nullish() }).nullish(),
});
const lif = z.object({
  layouts: z.array(
    z.object({
      layoutId: z.string(),
      nodes: z.array(node),
      edges: list(edge),
      stations: list(station),
    })
  ),
});

type Node = z.infer<typeof node>;
type Edge = z.infer<typeof edge>;
/** All nodes of the file, because an edge can connect nodes of two layouts. */
type Nodes = ReadonlyMap<string, Node>;

/**
 * Reads the lanes (edges) and stations of all layouts. An edge between two maps, such as a lift, is left out, and `leftOut`
 * names it.
 * @param file file name for errors
 * @throws PlanError with the file and the key
 */
export function parseLif(json: unknown, file: string): PlanShapes {
  const { data, error } = lif.safeParse(json);
  if (error) throw new PlanError(file, `is not a LIF file (${firstProblem(error, 'it')})`);
  const nodes = nodesOf(
    data.layouts.flatMap((layout) => layout.nodes),
    file
  );
  const find = (nodeId: string, owner: string): Node => {
    const found = nodes.get(nodeId);
    if (!found) throw new PlanError(file, `${owner} names node ${nodeId}, which does not exist`);
    return found;
  };
  const mapIds = [...nodes.values()].map(({ mapId }) => mapId).filter((mapId) => mapId !== null);
  const found: PlanShapes = { shapes: [], mapIds: [...new Set(mapIds)], leftOut: [] };
  for (const layout of data.layouts) {
    for (const one of layout.edges) {
      const start = find(one.startNodeId, `edge ${one.edgeId}`);
      const end = find(one.endNodeId, `edge ${one.edgeId}`);
      if (start.mapId === end.mapId) found.shapes.push(laneOf(one, start, end, file));
      else found.leftOut.push({ id: one.edgeId, reason: `It leads from ${mapOf(start)} to ${mapOf(end)}.` });
    }
    for (const one of layout.stations) {
      const owner = `station ${one.stationId}`;
      const served = one.interactionNodeIds.map((nodeId) => find(nodeId, owner));
      const [first, other] = new Set(served.map(mapOf));
      if (other === undefined) found.shapes.push(stationOf(one, served, file));
      else found.leftOut.push({ id: one.stationId, reason: `It is served from ${first ?? ''} and from ${other}.` });
    }
  }
  return found;
}

/** Nodes by id. An id must mean one node in the whole file, or lanes to it would be ambiguous. */
function nodesOf(nodes: readonly Node[], file: string): Nodes {
  const byId = new Map<string, Node>();
  for (const one of nodes) {
    const before = byId.get(one.nodeId) ?? one;
    if (placeText(before) !== placeText(one)) {
      throw new PlanError(file, `node ${one.nodeId} is defined twice, ${placeText(before)} and ${placeText(one)}`);
    }
    byId.set(one.nodeId, one);
  }
  return byId;
}

function placeText(one: Node): string {
  return `at (${one.nodePosition.x}, ${one.nodePosition.y}) on ${mapOf(one)}`;
}

function mapOf({ mapId }: Node): string {
  return mapId === null ? 'no map' : `map ${mapId}`;
}

function laneOf(one: Edge, start: Node, end: Node, file: string): Lane {
  // Each vehicle type can have its own curve for an edge. The floor shows one line per edge.
  const curve = one.vehicleTypeEdgeProperties.find((properties) => properties.trajectory)?.trajectory;
  const path = curve
    ? curvedPath({ degree: curve.degree, knots: curve.knotVector, controlPoints: curve.controlPoints.map(weighted) })
    : [placeOf(start.nodePosition), placeOf(end.nodePosition)];
  return {
    type: 'lane',
    id: one.edgeId,
    name: one.edgeName ?? one.edgeId,
    kind: 'lane',
    mapId: start.mapId,
    path,
  };

  function curvedPath(nurbs: NurbsCurve): MapPoint[] {
    const problem = nurbsProblem(nurbs);
    if (problem !== null) throw new PlanError(file, `the trajectory of edge ${one.edgeId} is invalid: ${problem}`);
    return flattenNurbs(nurbs);
  }
}

/** A station without a position is in the middle of the nodes from which robots serve it. */
function stationOf(one: z.infer<typeof station>, served: readonly Node[], file: string): Station {
  const places = one.stationPosition ? [one.stationPosition] : served.map(({ nodePosition }) => nodePosition);
  if (places.length === 0) {
    throw new PlanError(file, `station ${one.stationId} has neither a stationPosition nor interactionNodeIds`);
  }
  const theta = one.stationPosition?.theta ?? null;
  const mean = (axis: 'x' | 'y'): number => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
  return {
    type: 'station',
    id: one.stationId,
    name: one.stationName ?? one.stationId,
    kind: 'station',
    mapId: served[0]?.mapId ?? null,
    at: { xMetres: mean('x'), yMetres: mean('y') },
    headingRadians: theta === null ? null : normaliseRadians(theta),
  };
}

function placeOf({ x, y }: { x: number; y: number }): MapPoint {
  return { xMetres: x, yMetres: y };
}

function weighted({ x, y, weight }: { x: number; y: number; weight: number }): MapPoint & { weight: number } {
  return { xMetres: x, yMetres: y, weight };
}

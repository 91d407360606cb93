import { parseGeoJson } from '@floorwatch/floorplan/geojson';
import { parseLif } from '@floorwatch/floorplan/lif';
import type { PlanShapes } from '@floorwatch/floorplan/map-shape';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { isZoneSet, parseZoneSet } from '@floorwatch/floorplan/vda5050-zones';
import { readJson } from './read-file.ts';

/**
 * Reads zones, lanes and stations from a JSON file: LIF, GeoJSON or a VDA 5050 zone set, recognised by its keys.
 * @throws PlanError naming the file, and the key if there is one
 */
export function readShapes(file: string): PlanShapes {
  const json = readJson(file);
  if (isZoneSet(json)) return parseZoneSet(json, file);
  if (hasKey(json, 'layouts')) return parseLif(json, file);
  if (hasKey(json, 'type')) return parseGeoJson(json, file);
  throw new PlanError(file, 'is none of LIF (layouts), GeoJSON (type) and VDA 5050 zone set (zoneSet)');
}

function hasKey(json: unknown, key: string): boolean {
  return typeof json === 'object' && json !== null && key in json;
}

import { parsePoints } from '@floorwatch/floorplan/csv-points';
import { parseGeoJson } from '@floorwatch/floorplan/geojson';
import { parseLif } from '@floorwatch/floorplan/lif';
import type { PlanShapes } from '@floorwatch/floorplan/map-shape';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { shapeJson } from '@floorwatch/floorplan/shape-json';
import { mapToPixel } from '@floorwatch/floorplan/transform';
import { isZoneSet, parseZoneSet } from '@floorwatch/floorplan/vda5050-zones';
import { Command, Option } from 'commander';
import { readBytes, readJson, readText } from '../floorplan-import/read-file.ts';
import { readRosGeometry } from '../floorplan-import/read-ros-plan.ts';
import type { PlanarDatums } from '../formats/massrobotics.ts';
import { parsePlanarDatums } from '../formats/planar-datums.ts';
import { normalisePoses, readMessages, type PlacedMessage } from '../geometry/read-poses.ts';

const FORMATS = ['vda5050', 'massrobotics', 'lif', 'geojson'] as const;

interface GeometryFlags {
  map?: string;
  points?: string;
  format?: (typeof FORMATS)[number];
  file?: string;
  datums?: string;
  json?: boolean;
}

const HELP = `
--points prints u (right) and v (down) in pixels from the top-left corner of the image.
--file contains one JSON value; poses may also be an array of messages, or one message per line. vda5050 reads states 2.x and 3.x
and zone sets.

--datums is YAML or JSON, like MASSROBOTICS_DATUMS_FILE of the ingestor. For each planar datum it gives the position of its origin
in the map frame (metres), the rotation of its +x axis (radians, counter-clockwise), and the metres per unit:
  4b8302da-21ad-401f-af45-1dfd956b80b5: { map_id: hall-1, x: 10, y: 20, yaw: 1.5708, metres_per_unit: 0.001 }`;

export function geometryCommand(): Command {
  return new Command('geometry')
    .description(
      'show how the floor map reads a file: map points as image pixels, or third-party poses and shapes in metres'
    )
    .option('--map <yaml>', 'a ROS map; use with --points')
    .option('--points <csv>', 'points in metres to place on the image of the map; the header names x and y')
    .addOption(new Option('--format <format>', 'the format of --file').choices(FORMATS))
    .option('--file <file>', 'poses or shapes to normalise; use with --format')
    .option('--datums <file>', 'MassRobotics: the transforms of planar datums, by UUID')
    .option('--json', 'print one line of JSON instead of indented JSON')
    .addHelpText('after', HELP)
    .action((flags: GeometryFlags, command: Command) => {
      const report = reportOf(flags) ?? command.error(`error: ${USAGE}`);
      process.stdout.write(`${JSON.stringify(report, null, flags.json ? 0 : 2)}\n`);
    });
}

const USAGE = 'give --map and --points, or --format and --file (and --datums for massrobotics)';

/** Null when options are missing or cannot be combined. */
function reportOf({ map, points, format, file, datums }: GeometryFlags): object | null {
  if (datums !== undefined && format !== 'massrobotics') return null;
  if (map && points) return (format ?? file) ? null : { points: pixelsOf(map, points) };
  if (map ?? points) return null;
  return format && file ? normalise(format, file, readDatums(datums)) : null;
}

/** The positions of the points of a CSV file on the image of a ROS map: u to the right and v down, in pixels. */
export function pixelsOf(map: string, pointsFile: string): { x: number; y: number; u: number; v: number }[] {
  const geometry = readRosGeometry(map);
  return parsePoints(readBytes(pointsFile), pointsFile).map((point) => {
    const { u, v } = mapToPixel(geometry, point);
    if (!Number.isFinite(u) || !Number.isFinite(v)) {
      throw new PlanError(point.place, `is too far away to place: x ${point.xMetres}, y ${point.yMetres}`);
    }
    return { x: point.xMetres, y: point.yMetres, u, v };
  });
}

function readDatums(file: string | undefined): PlanarDatums {
  return file === undefined ? new Map() : parsePlanarDatums(readText(file), file);
}

function normalise(format: (typeof FORMATS)[number], file: string, datums: PlanarDatums): object {
  if (format === 'lif') return shapesReport(format, parseLif(readJson(file), file));
  if (format === 'geojson') return shapesReport(format, parseGeoJson(readJson(file), file));
  const messages = readMessages(file);
  if (format === 'vda5050' && messages.some(({ json }) => isZoneSet(json))) return zoneReport(messages);
  return { format, poses: normalisePoses(messages, format, datums) };
}

function zoneReport(messages: readonly PlacedMessage[]): object {
  const sets = messages.map(({ json, place }) => parseZoneSet(json, place));
  const shapes = sets.flatMap((set) => set.shapes);
  return shapesReport('vda5050', { shapes, leftOut: sets.flatMap(({ leftOut }) => leftOut) });
}

function shapesReport(format: string, { shapes, leftOut }: Omit<PlanShapes, 'mapIds'>): object {
  return { format, shapes: shapes.map(shapeJson), left_out: leftOut };
}

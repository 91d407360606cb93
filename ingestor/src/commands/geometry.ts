import { Command, Option } from 'commander';
import { readRosGeometry } from '../floorplan/read-ros-plan.ts';
import { readJson, readText } from '../floorplan/read-file.ts';
import type { PlanarDatums } from '../formats/massrobotics.ts';
import { parsePlanarDatums } from '../formats/planar-datums.ts';
import { readPoints } from '../geometry/read-points.ts';
import { normalisePoses, readMessages, type PlacedMessage } from '../geometry/read-poses.ts';
import { shapeJson } from '../geometry/shape-json.ts';
import { parseGeoJson } from '../plans/geojson.ts';
import { parseLif } from '../plans/lif.ts';
import type { PlanShapes } from '../plans/map-shape.ts';
import { mapToPixel } from '../plans/transform.ts';
import { isZoneSet, parseZoneSet } from '../plans/vda5050-zones.ts';

const FORMATS = ['vda5050', 'massrobotics', 'lif', 'geojson'] as const;

interface GeometryFlags {
  map?: string;
  points?: string;
  format?: (typeof FORMATS)[number];
  file?: string;
  datums?: string;
  json?: boolean;
}

export function geometryCommand(): Command {
  return new Command('geometry')
    .description(
      'what the floor map makes of a file: map points as image pixels, or third-party poses and shapes in metres'
    )
    .option('--map <yaml>', 'a ROS map; with --points')
    .option('--points <csv>', 'points in metres, columns x and y, to be placed on the image of the map')
    .addOption(new Option('--format <format>', 'what --file holds').choices(FORMATS))
    .option('--file <file>', 'poses or shapes to normalise; with --format')
    .option('--datums <file>', 'MassRobotics: planar datums by UUID, each { map_id, x, y, yaw, metres_per_unit }')
    .option('--json', 'one line of JSON instead of indented JSON')
    .action((flags: GeometryFlags, command: Command) => {
      const { map, points, format, file } = flags;
      const report =
        map && points
          ? { points: pixelsOf(map, points) }
          : format && file
            ? normalise(format, file, readDatums(flags.datums))
            : command.error('error: give --map and --points, or --format and --file');
      process.stdout.write(`${JSON.stringify(report, null, flags.json ? 0 : 2)}\n`);
    });
}

function pixelsOf(map: string, pointsFile: string): { x: number; y: number; u: number; v: number }[] {
  const geometry = readRosGeometry(map);
  return readPoints(pointsFile).map((point) => ({
    x: point.xMetres,
    y: point.yMetres,
    ...mapToPixel(geometry, point),
  }));
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
  const shapes = messages.flatMap(({ json, place }) => parseZoneSet(json, place).shapes);
  return shapesReport('vda5050', { shapes, leftOut: [] });
}

function shapesReport(format: string, { shapes, leftOut }: PlanShapes): object {
  return { format, shapes: shapes.map(shapeJson), left_out: leftOut };
}

import { extname } from 'node:path';
import type { ClickHouseClient } from '@clickhouse/client';
import { mapsOf, placeShapes } from '@floorwatch/floorplan/place-shapes';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { Command } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { readRosPlan, type PlanNames } from '../floorplan-import/read-ros-plan.ts';
import { readShapes } from '../floorplan-import/read-shapes.ts';
import { storePlan } from '../floorplan-import/store-plan.ts';
import { storeShapes } from '../floorplan-import/store-shapes.ts';
import { printable, text } from './terminal.ts';

interface ImportFlags extends PlanNames {
  replace?: boolean;
}

export function floorplanCommand(): Command {
  const importPlan = new Command('import')
    .description('store a ROS map as the floor plan of its map_id, or the zones, lanes and stations of a JSON file')
    .argument('<file>', 'a map YAML (with its PGM or PNG), or LIF, GeoJSON in metres, or a VDA 5050 zone set')
    .option(
      '--map-id <id>',
      'the map_id that robots report (default: the one in the file, or the file name without extension)',
      text
    )
    .option('--site-id <id>', 'of a ROS map: the warehouse it belongs to', text)
    .option('--name <name>', 'of a ROS map: its display name (default: the map_id)', text)
    .option('--replace', 'of zones, lanes and stations: hide those of the same maps that are not in the file')
    .action(async (file: string, flags: ImportFlags) => {
      const store = /^\.ya?ml$/i.test(extname(file)) ? importRosMap(file, flags) : importShapes(file, flags);
      const client = createClickHouse(parseConfig().clickhouse);
      try {
        process.stdout.write(`${printable(await store(client))}\n`);
      } finally {
        await client.close();
      }
    });
  return new Command('floorplan').description('floor plans, zones and lanes by map_id').addCommand(importPlan);
}

/** Stores what was read, and prints one line per map or file. */
type Store = (client: ClickHouseClient) => Promise<string>;

function importRosMap(file: string, { replace, ...names }: ImportFlags): Store {
  if (replace) throw new PlanError(file, '--replace is for shapes only: a ROS map always replaces the plan of its map');
  const plan = readRosPlan(file, names);
  return async (client) => {
    const outcome = await storePlan(client, plan);
    const { widthPixels, heightPixels, metresPerPixel } = plan.geometry;
    const metres = [widthPixels, heightPixels].map((pixels) => (pixels * metresPerPixel).toFixed(1));
    const size = `${widthPixels} × ${heightPixels} pixels, ${metres.join(' × ')} m`;
    return `${plan.mapId}: ${outcome} (${size}, ${plan.png.length} bytes)`;
  };
}

function importShapes(file: string, { mapId, siteId, name, replace }: ImportFlags): Store {
  if (/^\.(pgm|png|jpe?g|webp|svg)$/i.test(extname(file))) {
    throw new PlanError(file, 'is an image without a position: import the map YAML that names it');
  }
  if (siteId !== undefined || name !== undefined) {
    throw new PlanError(file, '--site-id and --name are for a ROS map (.yaml) only');
  }
  const plan = readShapes(file);
  const placed = placeShapes(plan.shapes, file, mapId);
  const mapIds = mapsOf(plan, placed, file, mapId);
  return async (client) => {
    const { zone, lane, station } = await storeShapes(client, placed, replace ? mapIds : []);
    const lines = [`${mapIds.join(', ')}: stored ${zone} zones, ${lane} lanes, ${station} stations`];
    return [...lines, ...plan.leftOut.map(({ id, reason }) => `skipped ${id}: ${reason}`)].join('\n');
  };
}

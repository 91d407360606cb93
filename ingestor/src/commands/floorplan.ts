import { Command } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { readRosPlan, type PlanNames } from '../floorplan/read-ros-plan.ts';
import { storePlan } from '../floorplan/store-plan.ts';

export function floorplanCommand(): Command {
  const importPlan = new Command('import')
    .description('store a ROS map (YAML with PGM or PNG) as the floor plan of its map_id')
    .argument('<file>', 'the map YAML')
    .option('--map-id <id>', 'the map_id that robots report (default: the file name without its ending)')
    .option('--site-id <id>', 'the warehouse it belongs to')
    .option('--name <name>', 'the name that people read (default: the map_id)')
    .action(async (file: string, names: PlanNames) => {
      const plan = readRosPlan(file, names);
      const client = createClickHouse(parseConfig().clickhouse);
      try {
        const outcome = await storePlan(client, plan);
        const { widthPixels, heightPixels, metresPerPixel } = plan.geometry;
        const metres = [widthPixels, heightPixels].map((pixels) => (pixels * metresPerPixel).toFixed(1));
        const size = `${widthPixels} × ${heightPixels} pixels, ${metres.join(' × ')} m`;
        process.stdout.write(`${plan.mapId}: ${outcome} (${size}, ${plan.png.length} bytes)\n`);
      } finally {
        await client.close();
      }
    });
  return new Command('floorplan').description('floor plans by map_id').addCommand(importPlan);
}

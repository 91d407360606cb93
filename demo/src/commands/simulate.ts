import { Command } from 'commander';
import { loadFloors } from '../fleet/plans.ts';
import { simulateFleet } from '../fleet/simulate.ts';
import { duration, positive, wholeNumber } from './options.ts';
import { addPublishingOptions, faultsOf, reportProgress, type PublishingFlags } from './publishing.ts';
import { stopSignal } from './stop-signal.ts';

interface SimulateFlags extends PublishingFlags {
  robots: number;
  rate: number;
  duration?: number;
  map?: string[];
  site: string;
}

export function simulateCommand(): Command {
  return addPublishingOptions(
    new Command('simulate')
      .description('publish a simulated fleet that drives a floor plan; prints what was sent as JSON')
      .option('--robots <number>', 'robots in the fleet; 0 waits and publishes nothing', wholeNumber, 50)
      .option('--rate <hz>', 'position updates a second from each driving robot', positive, 1)
      .option('--duration <duration>', 'of simulated time, such as 90s or 15m (default: until it is stopped)', duration)
      .option('--map <file...>', 'floor plans: a ROS map (.yaml) or a grid (.map); the demo warehouse when absent')
      .option('--site <id>', 'site_id of the events', 'demo-warehouse')
  ).action(async (flags: SimulateFlags, command: Command) => {
    if (flags.duration === undefined && flags.speed === Infinity) {
      command.error('error: --speed Infinity needs a --duration, or the stream would never end');
    }
    if (flags.robots === 0) console.error('0 robots: nothing is published.');
    const counts = await simulateFleet({
      ...flags,
      rateHz: flags.rate,
      durationSeconds: flags.duration ?? Infinity,
      siteId: flags.site,
      floors: flags.map && (await loadFloors(flags.map)),
      faults: faultsOf(flags),
      signal: stopSignal(),
      onProgress: reportProgress(),
    });
    console.log(JSON.stringify(counts));
  });
}

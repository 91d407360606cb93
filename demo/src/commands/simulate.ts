import { Command } from 'commander';
import { loadFloors } from '../fleet/plans.ts';
import { simulateFleet } from '../fleet/simulate.ts';
import { duration, positive, stopSignal, wholeNumber } from './options.ts';
import { addPublishingOptions, faultsOf, loginOf, reportProgress, type PublishingFlags } from './publishing.ts';

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
      .description('simulate a fleet on a floor plan and publish its events, then print the counts as JSON')
      .option('--robots <number>', 'robots in the fleet; 0: publish nothing and wait', wholeNumber, 50)
      .option('--rate <hz>', 'position updates per second of each driving robot', positive, 1)
      .option('--duration <duration>', 'simulated time, such as 90s or 15m (default: until it is stopped)', duration)
      .option('--map <file...>', 'floor plans: ROS maps (.yaml) or grids (.map) (default: the demo warehouse)')
      .option('--site <id>', 'site_id of the events', 'demo-warehouse')
  ).action(async (flags: SimulateFlags, command: Command) => {
    if (flags.duration === undefined && flags.speed === Infinity) {
      command.error('error: --speed Infinity needs a --duration, because the stream has no end without one');
    }
    if (flags.robots === 0) console.error('0 robots: nothing to publish.');
    const counts = await simulateFleet({
      ...flags,
      login: loginOf(flags),
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

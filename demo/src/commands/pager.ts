import { Command } from 'commander';
import { startPager } from '../pager/pager.ts';
import { stopSignal, wholePositive } from './options.ts';

/** Default port of the pager. In docker-compose.yml, Grafana sends its notifications to it. */
export const DEFAULT_PAGER_PORT = 9465;

export function pagerCommand(): Command {
  return new Command('pager')
    .description('receive alert notifications from Grafana (webhook contact point) and print them')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on', wholePositive, DEFAULT_PAGER_PORT)
    .action(async ({ host, port }: { host: string; port: number }) => {
      const pager = await startPager({
        host,
        port,
        onPage: (text) => {
          console.log(`${new Date().toISOString()} ${text}`);
        },
      });
      console.error(`Waiting for notifications at ${pager.url}`);
      stopSignal().addEventListener('abort', () => void pager.stop());
    });
}

import { Command } from 'commander';
import { startPager } from '../pager/pager.ts';
import { wholePositive } from './options.ts';
import { stopSignal } from './stop-signal.ts';

/** Where the pager listens unless told otherwise; docker-compose.yml sends Grafana's notifications there. */
export const DEFAULT_PAGER_PORT = 9465;

export function pagerCommand(): Command {
  return new Command('pager')
    .description("print what Grafana's alerts would have woken someone for (a webhook contact point)")
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
      console.error(`waiting for notifications at ${pager.url}`);
      stopSignal().addEventListener('abort', () => void pager.stop());
    });
}

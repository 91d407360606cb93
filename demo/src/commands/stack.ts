import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { stopAllChildren } from '@floorwatch/servers/child';
import { REPOSITORY_DIR, STATE_DIR } from '@floorwatch/servers/paths';
import { Command, Option } from 'commander';
import { partsTable } from '../stack/board.ts';
import { createContext } from '../stack/context.ts';
import { PASSWORD_NAMES, resolvePasswords } from '../stack/passwords.ts';
import { describeStackVariables, onFreePorts, parseStackSettings } from '../stack/settings.ts';
import { startStack } from '../stack/start-stack.ts';
import { stopSignal } from './stop-signal.ts';

interface StackFlags {
  watch?: true;
  freePorts?: true;
  dir: string;
}

const PASSWORDS_HELP = `Passwords: ${PASSWORD_NAMES.join(', ')}.
Those that are not set are made up once and kept in passwords.env, which only its owner can read.`;

export const stackCommand = (): Command =>
  new Command('stack')
    .description('start everything as plain processes, without a container engine, until Ctrl-C')
    .option('--watch', 'start ingestor and plugin again whenever their source changes')
    .option('--free-ports', 'take any free ports instead of the standard ones')
    .addOption(
      new Option('--dir <folder>', 'where data, logs and passwords.env are kept').default(STATE_DIR, '.floorwatch')
    )
    .addHelpText(
      'after',
      `\nVariables, from the environment or from .env:\n${describeStackVariables()}\n\n${PASSWORDS_HELP}`
    )
    .action(async (flags: StackFlags) => {
      const stateDir = resolve(flags.dir);
      const env = { ...dotEnv(), ...process.env };
      const settings = parseStackSettings(env);
      const context = createContext(
        flags.freePorts ? await onFreePorts(settings) : settings,
        resolvePasswords(env, join(stateDir, 'passwords.env')),
        stateDir
      );
      const signal = stopSignal();
      const interrupted = once(signal, 'abort');

      const { board, started } = startStack(context, {
        say: (line) => {
          console.log(line);
        },
        fleet: settings.fleetRobots > 0,
        plugin: flags.watch ? 'watch' : 'build',
        watch: flags.watch ?? false,
      });
      await Promise.race([started, interrupted]).catch(async (error: unknown) => {
        await stopAllChildren();
        throw error;
      });
      if (!signal.aborted) {
        const parts = board.statuses();
        const isUp = parts.some(({ name, state }) => name === 'Grafana' && (state === 'running' || state === 'yours'));
        console.log(`\n${partsTable(parts)}\n`);
        console.log(`${isUp ? `Open ${context.grafanaUrl}. ` : ''}Ctrl-C stops everything.\n`);
      }
      await interrupted;
      console.log('Stopping ...');
      await board.stop();
      await stopAllChildren();
      console.log('Stopped.');
      // A download that was under way would keep this process alive; the reaper ends it with us.
      process.exit(0);
    });

/** .env of docker compose, when there is one: both ways of starting share their passwords and ports. */
function dotEnv(): Record<string, string | undefined> {
  const file = join(REPOSITORY_DIR, '.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

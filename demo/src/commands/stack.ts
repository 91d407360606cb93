import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { stopAllChildren } from '@floorwatch/servers/child';
import { REPOSITORY_DIR, STATE_DIR } from '@floorwatch/servers/paths';
import { Command, Option } from 'commander';
import { componentsTable } from '../stack/supervisor.ts';
import { createContext } from '../stack/context.ts';
import { PASSWORD_NAMES, resolvePasswords } from '../stack/passwords.ts';
import { describeStackVariables, onFreePorts, parseStackSettings } from '../stack/settings.ts';
import { startStack } from '../stack/start-stack.ts';
import { stopSignal } from './options.ts';

interface StackFlags {
  watch?: true;
  freePorts?: true;
  dir: string;
}

const PASSWORDS_HELP = `Passwords: ${PASSWORD_NAMES.join(', ')}.
Passwords that are not set are generated once and stored in passwords.env, which only its owner can read.`;

export const stackCommand = (): Command =>
  new Command('stack')
    .description('run the whole stack as plain processes, without a container engine, until Ctrl-C')
    .option('--watch', 'restart the ingestor and rebuild the plugin when their source changes')
    .option('--free-ports', 'use free ports instead of the default ones')
    .addOption(new Option('--dir <folder>', 'folder of data, logs and passwords.env').default(STATE_DIR, '.floorwatch'))
    .addHelpText(
      'after',
      `\nVariables, from the environment or from .env:\n${describeStackVariables()}\n\n${PASSWORDS_HELP}`
    )
    .action(async (flags: StackFlags) => {
      const stateDir = resolve(flags.dir);
      const passwordsFile = join(stateDir, 'passwords.env');
      const env = { ...dotEnv(), ...process.env };
      const settings = parseStackSettings(env);
      const context = createContext(
        flags.freePorts ? await onFreePorts(settings) : settings,
        resolvePasswords(env, passwordsFile),
        stateDir
      );
      const signal = stopSignal();
      const interrupted = once(signal, 'abort');

      const { supervisor, started } = startStack(context, {
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
        const components = supervisor.statuses();
        const grafana = components.find(({ name }) => name === 'Grafana')?.state;
        const isUp = grafana === 'running' || grafana === 'yours';
        console.log(`\n${componentsTable(components)}\n`);
        // The password of an external Grafana is not known here.
        if (grafana === 'running')
          console.log(
            `To change something, log in as admin with GRAFANA_ADMIN_PASSWORD. If you have not set it: it is in ${passwordsFile}.`
          );
        console.log(`${isUp ? `Open ${context.grafanaUrl}. ` : ''}Ctrl-C stops everything.\n`);
      }
      await interrupted;
      console.log('Stopping ...');
      await supervisor.stop();
      await stopAllChildren();
      console.log('Stopped.');
      // A running download would keep this process alive. The reaper kills it when this process exits.
      process.exit(0);
    });

/** The .env file of docker compose, if there is one, so that both ways to start use the same passwords and ports. */
function dotEnv(): Record<string, string | undefined> {
  const file = join(REPOSITORY_DIR, '.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

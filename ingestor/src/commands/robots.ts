import { userInfo } from 'node:os';
import type { ClickHouseClient } from '@clickhouse/client';
import { Command, InvalidArgumentError } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { parseConfig } from '../config/config.ts';
import { readSettings, storeSetting } from '../robots/fleet-settings.ts';
import { changeService, readRoster, type KnownRobot } from '../robots/roster.ts';
import { printable, text } from './terminal.ts';

const MAX_OFFLINE_HOURS = 24 * 365;

interface ByFlag {
  by: string;
}

export function robotsCommand(): Command {
  return new Command('robots')
    .description('take robots out of the fleet and put them back; when a silent robot is offline (as floorwatch_owner)')
    .addCommand(retireCommand())
    .addCommand(restoreCommand())
    .addCommand(listCommand())
    .addCommand(settingsCommand());
}

function retireCommand(): Command {
  return withBy(
    new Command('retire').description(
      'take robots out of the fleet: they disappear from views of now, counts and alerts, but their history stays'
    )
  )
    .argument('<robot-id...>')
    .requiredOption('--reason <text>', 'why, for those who look it up later', text)
    .action(async (robotIds: string[], { by, reason }: ByFlag & { reason: string }) => {
      await withClickHouse(async (client) => {
        const outcomes = await changeService(client, { robotIds, retired: true, changedBy: by, reason });
        for (const { robot, changed } of outcomes)
          say(changed ? `${robot.robot_id}: retired` : `${robot.robot_id}: ${retirement(robot)}; nothing changed`);
      });
    });
}

function restoreCommand(): Command {
  return withBy(new Command('restore').description('put retired robots back into the fleet'))
    .argument('<robot-id...>')
    .action(async (robotIds: string[], { by }: ByFlag) => {
      await withClickHouse(async (client) => {
        const outcomes = await changeService(client, { robotIds, retired: false, changedBy: by, reason: '' });
        for (const { robot, changed } of outcomes)
          say(`${robot.robot_id}: ${changed ? 'restored' : 'is in service already; nothing changed'}`);
      });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('list retired robots, with those that still report')
    .option('--all', 'list robots in service too')
    .option('--json', 'print one JSON object')
    .action(async ({ all, json }: { all?: true; json?: true }) => {
      await withClickHouse(async (client) => {
        const roster = await readRoster(client);
        const counts = {
          in_service: roster.filter(({ service }) => service === 'in service').length,
          retired: roster.filter(({ service }) => service !== 'in service').length,
          retired_but_reporting: roster.filter(({ service }) => service === 'retired, but reports').length,
        };
        const robots = all ? roster : roster.filter(({ service }) => service !== 'in service');
        if (json) {
          say(JSON.stringify({ ...counts, robots }));
          return;
        }
        say(
          `${counts.in_service} in service, ${counts.retired} retired, ${counts.retired_but_reporting} of them report`
        );
        for (const robot of robots) say(`${robot.robot_id}: ${retirement(robot)}, ${lastReport(robot)}`);
      });
    });
}

function settingsCommand(): Command {
  return withBy(new Command('settings').description('show or change when a silent robot counts as offline'))
    .option('--offline-after-hours <n>', 'a robot that is silent for longer is offline: no alert, not red', hours)
    .option('--json', 'print one JSON object')
    .action(async ({ offlineAfterHours, by, json }: ByFlag & { offlineAfterHours?: number; json?: true }) => {
      await withClickHouse(async (client) => {
        if (offlineAfterHours !== undefined) await storeSetting(client, 'offline_after_hours', offlineAfterHours, by);
        const settings = await readSettings(client);
        say(json ? JSON.stringify(settings) : `offline after ${settings.offline_after_hours} hours of silence`);
      });
    });
}

function retirement({ service, retired_at, retired_by, retired_reason }: KnownRobot): string {
  if (service === 'in service') return service;
  return `${service}, since ${retired_at} by ${retired_by}: ${retired_reason}`;
}

function lastReport({ last_received_at }: KnownRobot): string {
  return last_received_at === null ? 'never reported live' : `last report ${last_received_at}`;
}

function withBy(command: Command): Command {
  return command.option('--by <name>', 'who changes it', text, userName());
}

/** A container can run as a user without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}

function hours(argument: string): number {
  const number = /^\d+(\.\d+)?$/.test(argument) ? Number(argument) : NaN;
  if (!(number > 0 && number <= MAX_OFFLINE_HOURS))
    throw new InvalidArgumentError(`It must be a number above 0, at most ${MAX_OFFLINE_HOURS}.`);
  return number;
}

async function withClickHouse(action: (client: ClickHouseClient) => Promise<void>): Promise<void> {
  const client = createClickHouse(parseConfig().clickhouse);
  try {
    await action(client);
  } finally {
    await client.close();
  }
}

function say(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

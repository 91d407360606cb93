import type { ClickHouseClient } from '@clickhouse/client';
import { CommandError } from '../errors/errors.ts';

/** A robot that is known, because it reported, is in `warehouse.robots`, or was retired. */
export interface KnownRobot {
  robot_id: string;
  service: 'in service' | 'retired' | 'retired, but reports';
  retired_at: string | null;
  retired_by: string | null;
  retired_reason: string | null;
  /** Its last arrival. Null if it never reported live. */
  last_received_at: string | null;
}

export interface ServiceChange {
  robotIds: readonly string[];
  retired: boolean;
  changedBy: string;
  /** Empty when restored. */
  reason: string;
}

export interface ServiceOutcome {
  /** As it was before. */
  robot: KnownRobot;
  changed: boolean;
}

/** Known robots in the order of their ids. @param only these robots; absent: all */
export async function readRoster(client: ClickHouseClient, only?: readonly string[]): Promise<KnownRobot[]> {
  const result = await client.query({
    query: `SELECT robot_id, service, toString(r.retired_at) AS retired_at, retired_by, retired_reason, toString(r.last_received_at) AS last_received_at
      FROM v_robot_roster AS r WHERE {all:Bool} OR robot_id IN {only:Array(String)} ORDER BY robot_id`,
    query_params: { all: only === undefined, only: only ?? [] },
    format: 'JSONEachRow',
  });
  return result.json<KnownRobot>();
}

/**
 * Retires robots, or restores them. A robot that is already as it should be stays as it is, with its earlier reason.
 * @throws CommandError when a robot is not known; then nothing is changed
 */
export async function changeService(
  client: ClickHouseClient,
  { robotIds, retired, changedBy, reason }: ServiceChange
): Promise<ServiceOutcome[]> {
  const known = new Map((await readRoster(client, robotIds)).map((robot) => [robot.robot_id, robot]));
  const unknown = robotIds.filter((id) => !known.has(id));
  if (unknown.length > 0) {
    throw new CommandError(
      'robots',
      `Unknown: ${unknown.join(', ')}. No robot with this id ever reported. Nothing was changed. Check the spelling: \`ingestor robots list --all\` shows every robot.`
    );
  }
  const outcomes = [...known.values()].map((robot) => ({
    robot,
    changed: (robot.service === 'in service') === retired,
  }));
  const values = outcomes
    .filter(({ changed }) => changed)
    .map(({ robot }) => ({
      robot_id: robot.robot_id,
      retired: retired ? 1 : 0,
      changed_by: changedBy,
      reason,
    }));
  if (values.length > 0) await client.insert({ table: 'robot_retirements', values, format: 'JSONEachRow' });
  return outcomes;
}

import type { Config } from '../config/config.ts';

export interface Right {
  /** In the syntax of `GRANT` and `CHECK GRANT`. */
  right: string;
  /** What does not work without it. */
  purpose: string;
  /** Without it events are not ingested, or not exactly once. */
  isNeeded: boolean;
}

/** The rights that the user of `ingestor run` and `ingestor replay` needs. */
export function neededRights({ clickhouse: { database }, enrichEveryMs }: Config): Right[] {
  const [events, letters] = [`${database}.telemetry_raw`, `${database}.dead_letters`];
  const rights: Right[] = [
    { right: `INSERT ON ${events}`, purpose: 'no event can be stored', isNeeded: true },
    { right: `INSERT ON ${letters}`, purpose: 'no dead letter can be stored', isNeeded: true },
    {
      right: `SELECT(robot_id, ts, event_id, topic, partition, offset, source) ON ${events}`,
      purpose: 'a retry after an outage and a replay cannot see what is stored',
      isNeeded: true,
    },
    {
      right: `SELECT(topic, partition, offset, part, reason, received_at, source) ON ${letters}`,
      purpose: 'a retry after an outage and a replay cannot see which dead letters are stored',
      isNeeded: true,
    },
    {
      right: `INSERT ON ${database}.path_offsets`,
      purpose: 'a path that lags looks like a silent fleet',
      isNeeded: false,
    },
    {
      right: `SHOW TABLES ON ${database}.*`,
      purpose: 'this check cannot see the deduplication windows and the engine path',
      isNeeded: false,
    },
  ];
  if (enrichEveryMs !== undefined)
    rights.push({ right: `SELECT ON ${database}.robots`, purpose: 'events are not enriched', isNeeded: false });
  return rights;
}

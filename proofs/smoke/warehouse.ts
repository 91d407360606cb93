import { createClient } from '@clickhouse/client';

/** Counts of what each path has stored. Path A is ClickHouse's Kafka engine, path B is the ingestor. */
export interface Arrivals {
  /** Distinct event ids. */
  eventsPathA: number;
  eventsPathB: number;
  /** Distinct (topic, partition, offset, part): both paths write the same ones. */
  deadLetters: number;
  /** Robots in v_fleet_now. */
  robots: number;
}

export interface Warehouse {
  /**
   * Keeps the rows that both paths store for one event, so that each path can be counted exactly. A merge of the
   * ReplacingMergeTree would keep only one of them.
   */
  stopMerges(): Promise<void>;
  robotsVisible(): Promise<number>;
  arrivals(): Promise<Arrivals>;
  close(): Promise<void>;
}

/** Connects as floorwatch_owner. */
export function connectWarehouse(url: string, password: string): Warehouse {
  const client = createClient({ url, username: 'floorwatch_owner', password, database: 'warehouse' });

  async function firstRow(query: string): Promise<Record<string, number>> {
    const result = await client.query({
      query,
      format: 'JSONEachRow',
      clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
    });
    return (await result.json<Record<string, number>>())[0] ?? {};
  }
  const robotsVisible = async (): Promise<number> =>
    (await firstRow('SELECT count() AS robots FROM v_fleet_now'))['robots'] ?? 0;

  return {
    async stopMerges() {
      await client.command({ query: 'SYSTEM STOP MERGES warehouse.telemetry_raw' });
    },
    robotsVisible,
    async arrivals() {
      const events = await firstRow(
        `SELECT uniqExactIf(event_id, source = 'engine') AS a, uniqExactIf(event_id, source = 'ingestor') AS b
         FROM telemetry_raw`
      );
      const bad = await firstRow('SELECT uniqExact(topic, partition, offset, part) AS letters FROM dead_letters');
      return {
        eventsPathA: events['a'] ?? 0,
        eventsPathB: events['b'] ?? 0,
        deadLetters: bad['letters'] ?? 0,
        robots: await robotsVisible(),
      };
    },
    close: () => client.close(),
  };
}

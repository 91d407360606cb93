import type { Logger } from 'pino';
import { createClickHouse } from '../clickhouse/client.ts';
import type { Config } from '../config/config.ts';
import { untilDone } from '../pipeline/retry.ts';

/**
 * Logs an error if fields are masked but the Kafka engine path is on, because that path stores events unmasked. The configuration
 * does not allow both, but the path may have been switched on earlier, or by another ingestor. Waits for ClickHouse.
 */
export async function warnOfUnmaskedPath(config: Config['clickhouse'], log: Logger): Promise<void> {
  const client = createClickHouse(config);
  try {
    const isOn = await untilDone(
      async () => {
        const result = await client.query({
          query: `SELECT 1 FROM system.tables WHERE database IN ('warehouse', 'warehouse_local') AND name = 'telemetry_from_kafka'`,
          format: 'JSONEachRow',
        });
        return (await result.json()).length > 0;
      },
      { signal: new AbortController().signal, onFailure: () => undefined }
    );
    if (!isOn) return;
    log.error(
      "MASK_FIELDS is set, but ClickHouse's own Kafka path is switched on and stores events unmasked: run `ingestor migrate` with INGEST_PATH=ingestor"
    );
  } finally {
    await client.close();
  }
}

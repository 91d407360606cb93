import type { ClickHouseClient } from '@clickhouse/client';

/** All rows of a query. 64-bit integers are numbers: use it for counts and sizes, not for keys. */
export async function selectRows<Row>(
  client: ClickHouseClient,
  query: string,
  params: Record<string, unknown> = {}
): Promise<Row[]> {
  const result = await client.query({
    ...{ query, query_params: params, format: 'JSONEachRow' },
    clickhouse_settings: { output_format_json_quote_64bit_integers: 0 },
  });
  return result.json<Row>();
}

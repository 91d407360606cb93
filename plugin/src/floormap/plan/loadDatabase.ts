import type { DataFrame, DataQueryRequest } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { decodeImage } from './decodeImage';
import type { RawPlan } from './rawPlan';

const CLICKHOUSE = 'grafana-clickhouse-datasource';
/** Plans by the checksum of what was imported: an unchanged plan is neither fetched nor decoded again. */
const plans = new Map<string, Promise<RawPlan>>();

/**
 * The plan of a floor from `warehouse.v_floor_plans`, through the data source of the panel's own query.
 * @returns null when the data source is not ClickHouse or the table has no plan of that floor
 * @throws Error in one sentence
 */
export async function loadPlanFromDatabase(
  request: DataQueryRequest | undefined,
  mapId: string
): Promise<RawPlan | null> {
  const reference = request?.targets[0]?.datasource;
  if (!request || reference?.type !== CLICKHOUSE) return null;
  const where = `WHERE map_id = '${escapeText(mapId)}' LIMIT 1`;
  const found = await runQuery(request, `SELECT checksum FROM warehouse.v_floor_plans ${where}`);
  const checksum = readCell(found, 'checksum');
  if (checksum === undefined) return null;
  const key = `${mapId} ${String(checksum)}`;
  const kept = plans.get(key);
  if (kept) return kept;
  const loading = fetchPlan(request, mapId, where);
  plans.set(key, loading);
  loading.catch(() => plans.delete(key));
  return loading;
}

async function fetchPlan(request: DataQueryRequest, mapId: string, where: string): Promise<RawPlan> {
  const row = await runQuery(
    request,
    `SELECT resolution, origin_x, origin_y, origin_yaw, image_base64 FROM warehouse.v_floor_plans ${where}`
  );
  const number = (column: string) => Number(readCell(row, column));
  const name = `Plan of ${mapId}`;
  const bytes = Uint8Array.from(atob(String(readCell(row, 'image_base64') ?? '')), (character) =>
    character.charCodeAt(0)
  );
  const { image, widthPixels, heightPixels } = await decodeImage(bytes, 'image/png', name);
  if (!(number('resolution') > 0)) throw new Error(`${name}: resolution must be above 0 m/pixel.`);
  return {
    image,
    geometry: {
      widthPixels,
      heightPixels,
      metresPerPixel: number('resolution'),
      originXMetres: number('origin_x'),
      originYMetres: number('origin_y'),
      yawRadians: number('origin_yaw'),
    },
  };
}

/** Text between single quotes in ClickHouse's SQL. */
export function escapeText(text: string): string {
  return text.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
}

async function runQuery(request: DataQueryRequest, rawSql: string): Promise<DataFrame | undefined> {
  const reference = request.targets[0]?.datasource;
  const dataSource = await getDataSourceSrv().get(reference);
  const target = {
    refId: 'FloorPlan',
    datasource: reference,
    editorType: 'sql',
    queryType: 'table',
    format: 1,
    rawSql,
  };
  const asked = { ...request, requestId: `floor-plan-${rawSql}`, targets: [target] };
  const answer = await lastValueFrom(from(dataSource.query(asked) as Observable<unknown>));
  const { data, errors } = answer as { data: DataFrame[]; errors?: Array<{ message?: string }> };
  if (errors?.[0]) throw new Error(`The floor plan could not be read: ${errors[0].message ?? 'unknown error'}.`);
  return data[0];
}

function readCell(frame: DataFrame | undefined, column: string): unknown {
  return frame?.fields.find((field) => field.name === column)?.values[0] as unknown;
}

import type { DataFrame, DataQueryRequest } from '@grafana/data';
import { t } from '@grafana/i18n';
import { sqlText } from '@floorwatch/contract/sql-text';
import { UNESCAPED } from '../../grafana/showText';
import { askDatabase, clickHouseOf, orNothing, readsClickHouse } from './askDatabase';
import { decodeImage } from './decodeImage';
import type { RawPlan } from './rawPlan';

/** Plans by floor, with the checksum of what was imported: an unchanged plan is neither fetched nor decoded again. */
const plans = new Map<string, { checksum: unknown; plan: Promise<RawPlan> }>();

/** Floorwatch's table of plans is there, and has none of that floor. */
export const NOT_IMPORTED = 'not imported';

/**
 * The plan of a floor from `warehouse.v_floor_plans`, through the data source of the panel's own query.
 * @returns null when the data source is not ClickHouse or has nothing of Floorwatch
 * @throws Error in one sentence
 */
export async function loadPlanFromDatabase(
  request: DataQueryRequest | undefined,
  mapId: string,
  signal?: AbortSignal
): Promise<RawPlan | typeof NOT_IMPORTED | null> {
  if (!readsClickHouse(request)) return null;
  const where = `WHERE map_id = ${sqlText(mapId)} LIMIT 1`;
  const asked = askDatabase(request, `SELECT checksum FROM warehouse.v_floor_plans ${where}`, signal);
  const found = await orNothing(asked, null);
  if (found === null) return null;
  const checksum = readCell(found, 'checksum');
  if (checksum === undefined) return NOT_IMPORTED;
  const floor = `${clickHouseOf(request)?.uid ?? ''} ${mapId}`;
  const kept = plans.get(floor);
  if (kept?.checksum === checksum) return kept.plan;
  const plan = fetchPlan(request, mapId, where);
  // In the place of an older one: a wall display runs for months.
  plans.set(floor, { checksum, plan });
  plan.catch(() => plans.get(floor)?.plan === plan && plans.delete(floor));
  return plan;
}

async function fetchPlan(request: DataQueryRequest, mapId: string, where: string): Promise<RawPlan> {
  const row = await askDatabase(
    request,
    `SELECT resolution, origin_x, origin_y, origin_yaw, image_base64 FROM warehouse.v_floor_plans ${where}`
  );
  const number = (column: string) => Number(readCell(row, column));
  const name = t('map.plan.of', 'Plan of {{floor}}', { floor: mapId, ...UNESCAPED });
  const bytes = Uint8Array.from(atob(String(readCell(row, 'image_base64') ?? '')), (character) =>
    character.charCodeAt(0)
  );
  const { image, widthPixels, heightPixels } = await decodeImage(bytes, 'image/png', name);
  if (!(number('resolution') > 0)) {
    throw new Error(
      t('map.plan.no_resolution', '{{name}}: resolution must be above 0 m/pixel.', { name, ...UNESCAPED })
    );
  }
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

function readCell(frame: DataFrame, column: string): unknown {
  return frame.fields.find((field) => field.name === column)?.values[0] as unknown;
}

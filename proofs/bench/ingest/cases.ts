import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vda5050StateV3 } from '@floorwatch/servers/messages/native-messages';
import { avroEncoder, framed, protobufEncoder, registerSchema } from '@floorwatch/servers/messages/wire-format';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import type { BenchEvent } from '../publish-events.ts';

/** In the order of the report: the others are compared with the first. */
export const CASES = ['json', 'avro', 'protobuf', 'registry-json', 'vda5050', 'masked', 'enriched'] as const;
/** `general`: only on request. */
export type CaseName = (typeof CASES)[number] | 'general';
/** Their messages need a schema registry. */
export const REGISTRY_CASES: ReadonlySet<string> = new Set<CaseName>(['avro', 'protobuf', 'registry-json']);

/** How the same events are published and read. */
export interface BenchCase {
  name: CaseName;
  encode: (event: BenchEvent) => Buffer | string;
  /** Configuration of the ingestor. */
  env: (topic: string) => Record<string, string>;
}

/** @param registryUrl null when none of the cases needs one */
export async function benchCases(names: readonly CaseName[], registryUrl: string | null): Promise<BenchCase[]> {
  const found: BenchCase[] = [];
  for (const name of names) found.push({ name, ...(await caseOf(name, registryUrl ?? '')) });
  return found;
}

async function caseOf(name: CaseName, registryUrl: string): Promise<Omit<BenchCase, 'name'>> {
  const registry = (topic: string) => ({ TOPIC_FORMATS: `${topic}=registry`, SCHEMA_REGISTRY_URL: registryUrl });
  const fromContract = (ending: string): string =>
    readFileSync(join(REPOSITORY_DIR, `packages/contract/schemas/telemetry.${ending}`), 'utf8');
  switch (name) {
    case 'json':
      return { encode: JSON.stringify, env: () => ({}) };
    case 'avro': {
      const schema = fromContract('avsc');
      const [id, encode] = [await registerSchema(registryUrl, 'AVRO', schema), avroEncoder(schema)];
      return { encode: (event) => framed(id, encode(flat(event))), env: registry };
    }
    case 'protobuf': {
      const schema = fromContract('proto');
      const id = await registerSchema(registryUrl, 'PROTOBUF', schema);
      const encode = protobufEncoder(schema, 'floorwatch.Telemetry');
      return { encode: (event) => framed(id, encode(flat(event))), env: registry };
    }
    case 'registry-json': {
      const id = await registerSchema(registryUrl, 'JSON', fromContract('schema.json'));
      return { encode: (event) => framed(id, Buffer.from(JSON.stringify(event))), env: registry };
    }
    case 'vda5050':
      return { encode: vda5050, env: (topic) => ({ TOPIC_FORMATS: `${topic}=vda5050` }) };
    case 'masked':
      // No event has the field, so the rows are those of the other cases, and the fast path may read the events.
      return { encode: JSON.stringify, env: () => ({ MASK_FIELDS: 'meta.operator=drop' }) };
    case 'general':
      // Every event has the field, and so few characters that it stays as it is.
      return { encode: JSON.stringify, env: () => ({ MASK_FIELDS: 'meta.firmware=truncate:99' }) };
    case 'enriched':
      return { encode: JSON.stringify, env: () => ({ ENRICH_EVERY_MS: '60000' }) };
  }
}

/** Avro and Protobuf have a time in milliseconds, and no free-form object, so `meta` is JSON text. */
function flat(event: BenchEvent): Record<string, unknown> {
  const { error_code: _, ...fields } = event;
  return { ...fields, ts: Date.parse(`${event.ts}Z`), meta: JSON.stringify(event.meta) };
}

/** Without an event id, which VDA 5050 does not have. */
function vda5050({ robot_id: robotId, ts, task_id: orderId, x, y, battery }: BenchEvent): string {
  return JSON.stringify({
    ...vda5050StateV3(robotId, Date.parse(`${ts}Z`)),
    ...{ orderId, mobileRobotPosition: { x, y, theta: 0.5, mapId: 'hall', localized: true } },
    powerSupply: { stateOfCharge: battery, charging: false },
  });
}

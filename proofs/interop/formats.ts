import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  MANUFACTURER,
  massRoboticsStatus,
  vda5050StateV2,
  vda5050StateV3,
} from '@floorwatch/servers/messages/native-messages';
import { avroPayload, framed, protobufPayload, registerSchema } from '@floorwatch/servers/messages/wire-format';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';

/** A message format, and how to encode it. */
export interface InteropFormat {
  name: string;
  /** Its name in TOPIC_FORMATS. */
  topicFormat: 'json' | 'registry' | 'vda5050' | 'massrobotics';
  /** Events in one message. */
  events: number;
  /** Encodes one message with an event of each robot. Robot ids are UUIDs, because MassRobotics requires them. */
  encode(robots: readonly string[]): Buffer;
  /** The robot id as Floorwatch stores it. */
  robotId(robot: string): string;
}

const PLANAR_DATUM = randomUUID();

/** MASSROBOTICS_DATUMS_FILE for the messages of `interopFormats`. */
export const DATUMS_FILE_TEXT = JSON.stringify({
  [PLANAR_DATUM]: { map_id: 'hall', x: 0, y: 0, yaw: 0, metres_per_unit: 1 },
});

const TYPE_NAME = 'floorwatch.Telemetry';

/** Every format that the ingestor supports. Registers the schemas of the formats that need one. */
export async function interopFormats(registryUrl: string): Promise<InteropFormat[]> {
  const [avsc, proto, jsonSchema] = [contractSchema('avsc'), contractSchema('proto'), contractSchema('schema.json')];
  const avroId = await registerSchema(registryUrl, 'AVRO', avsc);
  const protobufId = await registerSchema(registryUrl, 'PROTOBUF', proto);
  const jsonId = await registerSchema(registryUrl, 'JSON', jsonSchema);
  const own = { robotId: (robot: string) => robot };
  const vda5050 = {
    robotId: (robot: string) => `${MANUFACTURER}/${robot}`,
    topicFormat: 'vda5050',
    events: 1,
  } as const;
  const withSchema = (name: string, schemaId: number, payload: (event: object) => Buffer): InteropFormat => ({
    ...{ ...own, name, topicFormat: 'registry', events: 1 },
    encode: ([robot = '']) => framed(schemaId, payload(eventOf(robot))),
  });

  return [
    { ...own, name: 'json', topicFormat: 'json', events: 1, encode: ([robot = '']) => json(eventOf(robot)) },
    {
      ...{ ...own, name: 'json_lines', topicFormat: 'json', events: 3 },
      encode: (robots) => Buffer.concat(robots.flatMap((robot) => [json(eventOf(robot)), Buffer.from('\n')])),
    },
    {
      ...{ ...own, name: 'json_array', topicFormat: 'json', events: 3 },
      encode: (robots) => json(robots.map(eventOf)),
    },
    withSchema('avro', avroId, (event) => avroPayload(avsc, withMetaText(event))),
    withSchema('protobuf', protobufId, (event) => protobufPayload(proto, TYPE_NAME, withMetaText(event))),
    withSchema('json_schema', jsonId, json),
    { ...vda5050, name: 'vda5050_2', encode: ([robot = '']) => json(vda5050StateV2(robot, Date.now())) },
    { ...vda5050, name: 'vda5050_3', encode: ([robot = '']) => json(vda5050StateV3(robot, Date.now())) },
    {
      ...{ ...own, name: 'massrobotics', topicFormat: 'massrobotics', events: 1 },
      encode: ([robot = '']) => json(massRoboticsStatus(robot, PLANAR_DATUM, Date.now())),
    },
  ];
}

function contractSchema(ending: string): string {
  return readFileSync(join(REPOSITORY_DIR, `packages/contract/schemas/telemetry.${ending}`), 'utf8');
}

function json(content: unknown): Buffer {
  return Buffer.from(JSON.stringify(content));
}

function eventOf(robotId: string): object {
  return {
    ...{ event_id: randomUUID(), robot_id: robotId, ts: Date.now(), event_type: 'POSITION_UPDATE' },
    ...{ x: 3, y: 4, theta: 0.5, map_id: 'hall', battery: 80, state: 'working', meta: { firmware: 'v2.8.1' } },
  };
}

/** Avro and Protobuf have no free-form object, so `meta` is JSON text. */
function withMetaText(event: object): Record<string, unknown> {
  return { ...event, ...('meta' in event && { meta: JSON.stringify(event.meta) }) };
}

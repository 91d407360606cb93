import { randomUUID } from 'node:crypto';
import { MANUFACTURER, massRoboticsStatus, vda5050StateV2 } from '@floorwatch/servers/messages/native-messages';
import { framed } from '@floorwatch/servers/messages/wire-format';
import { SCHEMA_ID } from './inputs/hostile-registry.ts';
import type { Format } from './inputs/input.ts';

const DATUM = randomUUID();

/** MASSROBOTICS_DATUMS_FILE for the good events. */
export const DATUMS_FILE_TEXT = JSON.stringify({
  [DATUM]: { map_id: 'hall', x: 0, y: 0, yaw: 0, metres_per_unit: 1 },
});

/** A message with one valid event of a new robot. */
export interface GoodEvent {
  value: Buffer;
  /** As Floorwatch stores it. */
  robotId: string;
}

export function goodEvent(format: Format): GoodEvent {
  const robot = randomUUID();
  const contractJson = json({ event_id: randomUUID(), robot_id: robot, ts: Date.now(), battery: 50 });
  switch (format) {
    case 'json':
      return { robotId: robot, value: contractJson };
    case 'registry':
      return { robotId: robot, value: framed(SCHEMA_ID.json, contractJson) };
    case 'vda5050':
      return { robotId: `${MANUFACTURER}/${robot}`, value: json(vda5050StateV2(robot, Date.now())) };
    case 'massrobotics':
      return { robotId: robot, value: json(massRoboticsStatus(robot, DATUM, Date.now())) };
  }
}

function json(content: unknown): Buffer {
  return Buffer.from(JSON.stringify(content));
}

import type { Field, MessageField } from './event-fields.ts';

/** The states a robot may report. `silent` is not one of them: silence is a conclusion, not something a robot reports. */
export const ROBOT_STATES = [
  'working',
  'idle',
  'charging',
  'blocked',
  'error',
  'manual',
  'maintenance',
  'offline',
] as const;
export type RobotState = (typeof ROBOT_STATES)[number];

interface MessageValues {
  uuid: string;
  text: string;
  time: string | number;
  number: number;
  state: RobotState;
  object: Record<string, unknown>;
}
type RequiredField = Extract<MessageField, { required: true }>;

/** An event in a message: one JSON object. Only `robot_id` and `ts` are required; `null` always means absent. */
export type TelemetryMessage = { -readonly [F in RequiredField as F['name']]: MessageValues[F['type']] } & {
  -readonly [F in Exclude<MessageField, RequiredField> as F['name']]?: MessageValues[F['type']] | null;
};

interface EventValues {
  /** In lower case. */
  uuid: string;
  text: string;
  /** Milliseconds since the epoch. */
  time: number;
  number: number;
  state: RobotState;
  /** JSON text. */
  object: string;
}

/**
 * A valid event, in Floorwatch's units. An absent field is null, or '' for `eventType` and `meta`. The id of an event without one
 * is derived from its place in Kafka (`event-id.ts`).
 */
export type RobotEvent = {
  -readonly [F in Field as F['property']]:
    | EventValues[F['type']]
    | (F extends { required: true } ? never : F extends { absent: infer Absent } ? Absent : null);
};

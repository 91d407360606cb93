/** What masking may do to a field without breaking the contract. */
export type MaskKind = 'drop' | 'hash' | 'truncate';

interface FieldBase {
  /** Its key in JSON, its name in Avro and Protobuf, and its column in `telemetry_raw`. */
  name: string;
  /** Its key in `RobotEvent`, with the unit. */
  property: string;
  /** Type of its column. A row writes NULL for an absent field when the column is nullable. */
  column: string;
  mask: readonly MaskKind[];
  /** Number in the Protobuf message: never changed, never used again. Only a field of `meta` has none. */
  protobufTag?: number;
  /** An event without the field is invalid. */
  required?: true;
  /** Value in `RobotEvent` when the field is absent; null when not given. */
  absent?: '';
  /** Key of `meta` from which the value comes when the field is absent. */
  metaKey?: string;
  /** The field is read from `meta` only, and an invalid value counts as absent. */
  onlyInMeta?: true;
  /** For people who read the schemas. */
  description?: string;
}

interface TextField extends FieldBase {
  type: 'text';
  /** In Unicode code points; at least 1. */
  maxChars: number;
}

interface NumberField extends FieldBase {
  type: 'number';
  min: number;
  max: number;
  unit: string;
  /** An angle, which is stored in (−π, π]. */
  isAngle?: true;
  /** Both fields are present, or neither. */
  pairedWith?: string;
  /** Reasons of dead letters, where they are not `<name>_invalid`. */
  invalidReason?: string;
  outOfRangeReason?: string;
  /** The floor map shows the field of each robot under this label, with that many decimals. */
  tooltip?: { label: string; digits: number };
}

/** `time`: ISO 8601 (no zone means UTC) or epoch milliseconds. `object`: any JSON object, stored as text. */
interface OtherField extends FieldBase {
  type: 'uuid' | 'time' | 'state' | 'object';
}

export type EventField = TextField | NumberField | OtherField;

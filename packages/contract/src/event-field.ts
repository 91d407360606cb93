/** The masking actions for a field that keep the event valid. */
export type MaskKind = 'drop' | 'hash' | 'truncate';

interface FieldBase {
  /** Its key in JSON, its name in Avro and Protobuf, and its column in `telemetry_raw`. */
  name: string;
  /** Its key in `RobotEvent`, with the unit. */
  property: string;
  /** Type of its column. A row writes NULL for an absent field when the column is nullable. */
  column: string;
  mask: readonly MaskKind[];
  /** Number in the Protobuf message: never change or reuse it. Only fields of `meta` have none. */
  protobufTag?: number;
  /** An event without the field is invalid. */
  required?: true;
  /** Value in `RobotEvent` when the field is absent; null when not given. */
  absent?: '';
  /** Key of `meta` from which the value comes when the field is absent. */
  metaKey?: string;
  /** The field is read from `meta` only, and an invalid value counts as absent. */
  onlyInMeta?: true;
  /** Shown in the schemas. */
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
  /** The value is an angle, which is stored in (−π, π]. */
  isAngle?: true;
  /** Both fields are present, or neither. */
  pairedWith?: string;
  /** Reasons of dead letters, if they are not `<name>_invalid`. */
  invalidReason?: string;
  outOfRangeReason?: string;
  /** The floor map's tooltip shows the field with this label and this number of decimals. */
  tooltip?: { label: string; digits: number };
}

/** `time`: ISO 8601 (no zone means UTC) or epoch milliseconds. `object`: any JSON object, stored as text. */
interface OtherField extends FieldBase {
  type: 'uuid' | 'time' | 'state' | 'object';
}

export type EventField = TextField | NumberField | OtherField;

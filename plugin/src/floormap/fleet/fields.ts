import type { DataFrame, Field } from '@grafana/data';

/** What the map can show of a robot; the keys of the field mapping in the panel's options. */
export const ROBOT_FIELDS = [
  'robotId',
  'x',
  'y',
  'heading',
  'status',
  'time',
  'age',
  'positionAge',
  'battery',
  'speed',
  'mapId',
  'errorCode',
  'taskId',
  'deviation',
  'notPlacedReason',
] as const;
export type RobotField = (typeof ROBOT_FIELDS)[number];

/** Names by which a column is recognised when it is not mapped, best first: the contract's, then common ones. */
export const KNOWN_NAMES: Record<RobotField, readonly string[]> = {
  robotId: ['robot_id', 'robotid', 'robot', 'agv_id', 'vehicle_id', 'serial_number', 'id', 'name'],
  x: ['x', 'pos_x', 'position_x', 'x_m'],
  y: ['y', 'pos_y', 'position_y', 'y_m'],
  heading: ['theta', 'heading', 'yaw', 'orientation'],
  status: ['status', 'state'],
  time: ['ts', 'time', 'timestamp', 'last_seen'],
  age: ['age_seconds', 'age'],
  positionAge: ['position_age_seconds'],
  battery: ['battery', 'battery_percent', 'state_of_charge', 'soc'],
  speed: ['speed', 'velocity'],
  mapId: ['map_id', 'mapid', 'map', 'floor'],
  errorCode: ['error_code', 'error'],
  taskId: ['task_id', 'task', 'order_id'],
  deviation: ['deviation_metres', 'deviation_range', 'deviation'],
  notPlacedReason: ['not_placed_reason'],
};

export type FieldMapping = Partial<Record<RobotField, string>>;
export type FoundFields = Partial<Record<RobotField, Field>>;

const REQUIRED: readonly RobotField[] = ['robotId', 'x', 'y'];

/** The columns of a frame by what they mean: mapped ones by their name, the others by the first known name. */
export function findFields(frame: DataFrame, mapping: FieldMapping): FoundFields {
  const byName = new Map<string, Field>();
  for (const field of frame.fields) {
    for (const name of [field.name, field.config.displayName]) {
      if (name && !byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), field);
    }
  }
  const found: FoundFields = {};
  for (const meaning of ROBOT_FIELDS) {
    const names = mapping[meaning] ? [mapping[meaning]] : KNOWN_NAMES[meaning];
    const field = names.map((name) => byName.get(name.toLowerCase())).find(Boolean);
    if (field) found[meaning] = field;
  }
  return found;
}

export function hasRobotFields(fields: FoundFields): boolean {
  return REQUIRED.every((meaning) => fields[meaning]);
}

/** One sentence that names what a frame lacks to be drawn, and the query it comes from. */
export function missingFieldMessage(frame: DataFrame, mapping: FieldMapping): string {
  const fields = findFields(frame, mapping);
  const missing = REQUIRED.filter((meaning) => !fields[meaning]).map(
    (meaning) => mapping[meaning] ?? KNOWN_NAMES[meaning][0]
  );
  const has = frame.fields.map((field) => field.name).join(', ') || 'no fields';
  const list = [missing.slice(0, -1).join(', '), ...missing.slice(-1)].filter(Boolean).join(' and ');
  return `Query ${frame.refId ?? 'A'} has no ${missing.length > 1 ? 'fields' : 'field'} ${list} (it has ${has}): rename a column, or map it in the panel's options.`;
}

import type { DataFrame, Field } from '@grafana/data';
import { TOOLTIP_FIELDS, type TooltipName } from '@floorwatch/contract';
import { t } from '@grafana/i18n';
import { UNESCAPED } from '../../grafana/showText';

/** What the map can show of a robot; the keys of the field mapping in the panel's options. */
export const ROBOT_FIELDS = [
  'robotId',
  'x',
  'y',
  'heading',
  'status',
  'reportedState',
  'time',
  'age',
  'positionAge',
  'silence',
  'battery',
  'speed',
  'mapId',
  'errorCode',
  'taskId',
  'deviation',
  'clockOffset',
  'notPlacedReason',
  'reportedAt',
] as const;
export type RobotField = (typeof ROBOT_FIELDS)[number];

/** Names by which a column is recognised when it is not mapped, best first: the contract's, then common ones. */
export const KNOWN_NAMES: Record<RobotField, readonly string[]> = {
  robotId: ['robot_id', 'robot', 'robot_name', 'agv_id', 'agv', 'vehicle_id', 'vehicle', 'serial_number', 'id', 'name'],
  x: ['x', 'pos_x', 'position_x', 'pose_x', 'pose_position_x', 'x_m'],
  y: ['y', 'pos_y', 'position_y', 'pose_y', 'pose_position_y', 'y_m'],
  heading: ['theta', 'heading', 'yaw', 'orientation'],
  status: ['status', 'state'],
  reportedState: ['state'],
  time: ['ts', 'time', 'timestamp', 'last_seen'],
  age: ['age_seconds', 'age'],
  positionAge: ['position_age_seconds'],
  silence: ['silent_seconds'],
  battery: ['battery', 'battery_percent', 'state_of_charge', 'soc'],
  speed: ['speed', 'velocity'],
  mapId: ['map_id', 'map', 'floor'],
  errorCode: ['error_code', 'error'],
  taskId: ['task_id', 'task', 'order_id'],
  deviation: ['deviation_metres', 'deviation_range', 'deviation'],
  clockOffset: ['clock_offset_seconds'],
  notPlacedReason: ['not_placed_reason'],
  reportedAt: ['reported_at'],
};

export type FieldMapping = Partial<Record<RobotField, string>>;
export type FoundFields = Partial<Record<RobotField | TooltipName, Field>>;

/** What the map looks for in a frame: its own fields, and those of the contract that the tooltip lists. */
const MEANINGS: ReadonlyArray<RobotField | TooltipName> = [
  ...new Set([...ROBOT_FIELDS, ...TOOLTIP_FIELDS.map(({ name }) => name)]),
];

const REQUIRED: readonly RobotField[] = ['robotId', 'x', 'y'];

/** The columns of a frame by what they mean: mapped ones by their name, the others by the first known name. */
export function findFields(frame: DataFrame, mapping: FieldMapping): FoundFields {
  const byName = new Map<string, Field>();
  // A name as it is written comes before one that is only alike: `x` before `X`, `robot_id` before `Robot ID`.
  for (const spelling of [asWritten, alike]) {
    for (const field of frame.fields) {
      for (const name of [field.name, field.config.displayName]) {
        if (name && !byName.has(spelling(name))) byName.set(spelling(name), field);
      }
    }
  }
  const found: FoundFields = {};
  const mappedNames: Readonly<Record<string, string | undefined>> = mapping;
  const knownNames: Readonly<Record<string, readonly string[] | undefined>> = KNOWN_NAMES;
  for (const meaning of MEANINGS) {
    const mapped = mappedNames[meaning];
    const names = mapped ? [mapped] : (knownNames[meaning] ?? [meaning]);
    const field = names.map((name) => byName.get(asWritten(name)) ?? byName.get(alike(name))).find(Boolean);
    if (field) found[meaning] = field;
  }
  return found;
}

function asWritten(name: string): string {
  return `=${name}`;
}

/** `robot_id` for `Robot ID`, `robotId` and `robot-id`. */
function alike(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, '');
}

export function hasRobotFields(fields: FoundFields): boolean {
  return REQUIRED.every((meaning) => fields[meaning]);
}

/** One sentence that names what a frame lacks to be drawn, and the query it comes from. */
export function missingFieldMessage(frame: DataFrame, mapping: FieldMapping): string {
  const fields = findFields(frame, mapping);
  const missing = REQUIRED.filter((meaning) => !fields[meaning]).map(
    (meaning) => mapping[meaning] ?? KNOWN_NAMES[meaning][0] ?? meaning
  );
  const has = frame.fields.map((field) => field.name).join(', ') || t('map.query.no_fields', 'no fields');
  // The robots' ids have become labels of the numbers.
  const isSeries = frame.fields.some(({ labels }) => Object.keys(labels ?? {}).length > 0);
  const remedy = isSeries
    ? t('map.query.series', 'it is a time series, and the map needs a table: choose that as the format of the query.')
    : t('map.query.rename', "rename a column, or map it in the panel's options.");
  return t('map.query.missing', 'Query {{query}} has no fields {{list}} (it has {{has}}): {{remedy}}', {
    count: missing.length,
    defaultValue_one: 'Query {{query}} has no field {{list}} (it has {{has}}): {{remedy}}',
    query: frame.refId ?? 'A',
    list: joinedByAnd(missing),
    has,
    remedy,
    ...UNESCAPED,
  });
}

/** `a`, `a and b`, `a, b and c`. */
export function joinedByAnd(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  if (names.length < 2) return last;
  return t('map.list', '{{first}} and {{last}}', { first: names.slice(0, -1).join(', '), last, ...UNESCAPED });
}

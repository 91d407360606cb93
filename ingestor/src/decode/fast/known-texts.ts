/** Fields of the contract by number, so that a key is looked up once and switched on. */
export const FIELD = {
  eventId: 0,
  robotId: 1,
  ts: 2,
  eventType: 3,
  taskId: 4,
  x: 5,
  y: 6,
  theta: 7,
  mapId: 8,
  siteId: 9,
  speed: 10,
  battery: 11,
  state: 12,
  errorCode: 13,
  meta: 14,
} as const;
/** A key that the contract does not know: its value is skipped. */
export const UNKNOWN_FIELD = -1;

const NAMES: Record<keyof typeof FIELD, string> = {
  eventId: 'event_id',
  robotId: 'robot_id',
  ts: 'ts',
  eventType: 'event_type',
  taskId: 'task_id',
  x: 'x',
  y: 'y',
  theta: 'theta',
  mapId: 'map_id',
  siteId: 'site_id',
  speed: 'speed',
  battery: 'battery',
  state: 'state',
  errorCode: 'error_code',
  meta: 'meta',
};

const BY_LENGTH = groupByLength(
  Object.entries(NAMES).map(([field, name]) => ({ id: FIELD[field as keyof typeof FIELD], text: Buffer.from(name) }))
);

export function fieldOf(bytes: Uint8Array, start: number, end: number): number {
  return idOf(BY_LENGTH, bytes, start, end);
}

export interface KnownText {
  id: number;
  text: Uint8Array;
}

/** Index: length of the text. */
export function groupByLength(texts: readonly KnownText[]): (readonly KnownText[] | undefined)[] {
  const groups: KnownText[][] = [];
  for (const known of texts) (groups[known.text.length] ??= []).push(known);
  return groups;
}

/** The id of the text at `start` to `end`; -1 when it is none of them. */
export function idOf(
  groups: readonly (readonly KnownText[] | undefined)[],
  bytes: Uint8Array,
  start: number,
  end: number
): number {
  const group = groups[end - start];
  if (!group) return -1;
  for (const { id, text } of group) {
    let i = 0;
    while (i < text.length && text[i] === bytes[start + i]) i++;
    if (i === text.length) return id;
  }
  return -1;
}

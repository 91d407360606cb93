import { toDataFrame } from '@grafana/data';
import { testFleet } from '../fleet/testFleet';
import { notesAt, PIN_PX } from './noteAt';
import { readNotes } from './readNotes';

const fleet = testFleet([
  { robot_id: 'amr-7', x: 3, y: 4, map_id: 'hall' },
  { robot_id: 'amr-8', x: null, y: null, map_id: 'hall' },
]);
const frame = (rows: Array<Record<string, unknown>>) => {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return toDataFrame({ fields: names.map((name) => ({ name, values: rows.map((row) => row[name] ?? null) })) });
};
const places = (rows: Array<Record<string, unknown>>, mapId: string | null = 'hall') =>
  readNotes([frame(rows)], fleet, mapId).map(({ xMetres, yMetres, robotId }) => [xMetres, yMetres, robotId]);

it('takes a place from fields, from tags, or from the robot that is meant', () => {
  expect(places([{ x: 1, y: -2 }])).toEqual([[1, -2, '']]);
  expect(places([{ tags: ['spill', 'x:12.3', 'y: -4.5'] }])).toEqual([[12.3, -4.5, '']]);
  expect(places([{ tags: 'x:1,y:2' }])).toEqual([[1, 2, '']]);
  expect(places([{ tags: ['robot:amr-7'] }])).toEqual([[3, 4, 'amr-7']]);
  expect(places([{ robot_id: 'amr-7' }])).toEqual([[3, 4, 'amr-7']]);
});

it('passes over those without a place, of a robot without one, and of another floor', () => {
  expect(places([{ text: 'deployed' }, { tags: ['x:1'] }, { x: 'a', y: 'b' }, { tags: ['robot:amr-8'] }])).toEqual([]);
  expect(places([{ tags: ['robot:nobody'] }])).toEqual([]);
  expect(
    places([{ x: 1, y: 1, map_id: 'roof' }, { tags: ['x:1', 'y:1', 'map:roof'] }, { robot_id: 'amr-7' }], 'roof')
  ).toEqual([
    [1, 1, ''],
    [1, 1, ''],
  ]);
});

it('shows words, not HTML', () => {
  const [note] = readNotes(
    [frame([{ x: 1, y: 1, time: 5, title: 'A <b>spill</b>', text: '<img src=x>oil' }])],
    fleet,
    null
  );
  expect(note).toMatchObject({ title: 'A spill', text: 'oil', timeMs: 5 });
});

it('finds the pins under the pointer', () => {
  const view = { widthPx: 100, heightPx: 100, centreXMetres: 0, centreYMetres: 0, pxPerMetre: 10 };
  const notes = readNotes(
    [
      frame([
        { x: 0, y: 0 },
        { x: 0, y: 0 },
        { x: 4, y: 0 },
      ]),
    ],
    fleet,
    null
  );
  expect(notesAt(view, notes, { xPx: 50, yPx: 50 - PIN_PX / 2 })).toHaveLength(2);
  expect(notesAt(view, notes, { xPx: 50, yPx: 80 })).toEqual([]);
  expect(notesAt(view, notes, { xPx: NaN, yPx: NaN })).toEqual([]);
});

import { toDataFrame } from '@grafana/data';
import { placeFleet } from '../fleet/placement';
import { testFleet } from '../fleet/testFleet';
import { annotationsAt, PIN_PX } from './annotationsAt';
import { readAnnotations } from './readAnnotations';

const fleet = testFleet([
  { robot_id: 'amr-7', x: 3, y: 4, map_id: 'hall' },
  { robot_id: 'amr-8', x: null, y: null, map_id: 'hall' },
]);
const frame = (rows: Array<Record<string, unknown>>) => {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return toDataFrame({ fields: names.map((name) => ({ name, values: rows.map((row) => row[name] ?? null) })) });
};
const read = (rows: Array<Record<string, unknown>>, mapId: string | null = null) =>
  readAnnotations([frame(rows)], fleet, placeFleet(fleet, mapId).isPlaced, mapId);
const places = (rows: Array<Record<string, unknown>>, mapId: string | null = 'hall') =>
  read(rows, mapId).map(({ xMetres, yMetres, robotId }) => [xMetres, yMetres, robotId]);

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
  const [annotation] = read([{ x: 1, y: 1, time: 5, title: 'A <b>spill</b>', text: '<img src=x>oil' }]);
  expect(annotation).toMatchObject({ title: 'A spill', text: 'oil', timeMs: 5 });
});

it('finds the pins under the pointer', () => {
  const view = { widthPx: 100, heightPx: 100, centreXMetres: 0, centreYMetres: 0, pxPerMetre: 10 };
  const painted = { ...fleet, fleet };
  const annotations = read([
    { x: 0, y: 0 },
    { x: 0, y: 0 },
    { x: 4, y: 0 },
  ]);
  expect(annotationsAt(view, annotations, painted, { xPx: 50, yPx: 50 - PIN_PX / 2 })).toHaveLength(2);
  expect(annotationsAt(view, annotations, painted, { xPx: 50, yPx: 80 })).toEqual([]);
  expect(annotationsAt(view, annotations, painted, { xPx: NaN, yPx: NaN })).toEqual([]);
});

it('keeps the end of a region and the tags that say no place', () => {
  const [region, moment] = read([
    { x: 1, y: 1, time: 5, timeEnd: 9, tags: ['spill', 'robot: amr-7', 'map:hall', 'x:2', 'area:51'] },
    { x: 1, y: 1, time: 5, timeEnd: 0, tags: '' },
  ]);
  expect(region).toMatchObject({ timeMs: 5, endMs: 9, tags: ['spill', 'area:51'], robotId: 'amr-7', robot: -1 });
  expect(moment).toMatchObject({ timeMs: 5, endMs: 5, tags: [] });
});

it('finds the pin of a robot where the robot is painted', () => {
  const view = { widthPx: 100, heightPx: 100, centreXMetres: 0, centreYMetres: 0, pxPerMetre: 10 };
  const annotations = read([{ tags: ['robot:amr-7'] }]);
  const painted = { fleet, xMetres: Float64Array.of(1, NaN), yMetres: Float64Array.of(0, NaN) };
  expect(annotationsAt(view, annotations, painted, { xPx: 60, yPx: 50 - PIN_PX / 2 })).toHaveLength(1);
  // Another fleet is painted already: the index is not of that one.
  const other = { ...painted, fleet: { robotIds: ['amr-9', 'amr-7'] } };
  expect(annotationsAt(view, annotations, other, { xPx: 80, yPx: 10 - PIN_PX / 2 })).toHaveLength(1);
});

import { testFleet } from '../fleet/testFleet';
import { TrailHistory } from './trailHistory';

const at = (x: number, y = 0, map_id = 'hall') => testFleet([{ robot_id: 'a', x, y, map_id }]);

function trail(history: TrailHistory, robot = 0, minStepMetres = 0.1): string[] {
  const pieces: string[] = [];
  history.walk(robot, minStepMetres, (fromX, fromY, toX, toY) => pieces.push(`${fromX},${fromY} ${toX},${toY}`));
  return pieces;
}

function driven(...places: Array<[number, number]>): TrailHistory {
  const history = new TrailHistory(4);
  for (const [x, y] of places) history.add(at(x, y));
  return history;
}

it('joins the last places, the newest first', () => {
  expect(trail(driven([0, 0], [1, 0], [1, 1]))).toEqual(['1,1 1,0', '1,0 0,0']);
});

it('forgets what is older than its length', () => {
  expect(trail(driven([0, 0], [1, 0], [1, 1], [2, 1], [2, 2]))).toEqual(['2,2 2,1', '2,1 1,1', '1,1 1,0']);
});

it('draws a straight drive as one piece within a step of fading', () => {
  const history = new TrailHistory(16);
  for (let x = 0; x < 4; x++) history.add(at(x));
  expect(trail(history)).toEqual(['3,0 0,0']);
});

it('leaves out steps too small to see', () => {
  expect(trail(driven([0, 0], [0.01, 0], [0.02, 0]))).toEqual([]);
});

it('does not join places that no robot drove between', () => {
  expect(trail(driven([0, 0], [500, 0], [501, 0]))).toEqual(['501,0 500,0']);
});

it('passes over an update without a position', () => {
  expect(trail(driven([0, 0], [NaN, NaN], [1, 0]))).toEqual(['1,0 0,0']);
});

it('starts again on another floor', () => {
  const history = driven([0, 0], [1, 0]);
  history.add(at(2, 0, 'mezzanine'));
  expect(trail(history)).toEqual([]);
});

it('follows a robot whose row moves', () => {
  const history = new TrailHistory(4);
  const robot = (robot_id: string, x: number) => ({ robot_id, x, y: 0, map_id: 'hall' });
  history.add(testFleet([robot('a', 0), robot('b', 10)]));
  history.add(testFleet([robot('b', 11), robot('c', 5)]));
  expect(trail(history, 0)).toEqual(['11,0 10,0']);
  expect(trail(history, 1)).toEqual([]);
});

it.each([
  ['a tab that was hidden for a week', 7 * 86_400_000, []],
  ['an update that came late', 20_000, ['2,0 1,0', '1,0 0,0']],
])('after %s joins what it knows', (_, pauseMs, pieces) => {
  const history = new TrailHistory(4);
  [0, 5_000, 5_000 + pauseMs].forEach((nowMs, x) => history.add({ ...at(x, (x * x) % 2), readAtMs: nowMs }));
  expect(trail(history).map((piece) => piece.replaceAll(/,[01]/g, ',0'))).toEqual(pieces);
});

it('keeps centimetres in the coordinates of a national grid', () => {
  const history = new TrailHistory(4);
  for (const x of [5_400_000.12, 5_400_000.62]) history.add(at(x));
  expect(trail(history)).toEqual(['5400000.62,0 5400000.12,0']);
});

it('is as long with updates between two answers of the query as without them', () => {
  const history = new TrailHistory(4);
  for (const x of [0, 10, 20]) {
    history.add(at(x));
    for (const more of [2, 4, 6]) history.add({ ...at(x + more), isBetweenAnswers: true });
  }
  expect(trail(history)).toEqual(['26,0 16,0', '16,0 6,0']);
});

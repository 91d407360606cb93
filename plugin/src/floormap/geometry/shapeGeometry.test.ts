import { isInside } from './area';
import { distanceToPath, labelPoint, midOfPath } from './shapeGeometry';

const at = (xMetres: number, yMetres: number) => ({ xMetres, yMetres });
/** A U whose centroid lies in its gap. */
const bent = [at(0, 0), at(9, 0), at(9, 10), at(6, 10), at(6, 2), at(2, 2), at(2, 10), at(0, 10)];

it('names a bent area inside of it, on its widest arm', () => {
  expect(labelPoint(bent)).toEqual(at(7.5, 5));
  expect(isInside(bent, 7.5, 5)).toBe(true);
});

it('measures to the nearest piece of a path and to its ends', () => {
  const path = [at(0, 0), at(10, 0), at(10, 10)];
  expect(distanceToPath(path, 5, 2)).toBe(2);
  expect(distanceToPath(path, 13, 14)).toBe(5);
  expect(distanceToPath([at(1, 1), at(1, 1)], 4, 5)).toBe(5);
});

it('finds the middle of a path by its length, with the direction there', () => {
  expect(midOfPath([at(0, 0), at(4, 0), at(4, 12)])).toEqual({ xMetres: 4, yMetres: 4, headingRadians: Math.PI / 2 });
  expect(midOfPath([at(2, 2), at(2, 2)])).toMatchObject(at(2, 2));
});

import { expect, it } from 'vitest';
import { parsePoints } from './csv-points.ts';

it.each([
  ['in another order and case, with quotes', '"Y","X","z"\n"2","1","3"\n'],
  ['separated by semicolons, in an old encoding', new Uint8Array(Buffer.from('Ger\xe4t;x;y\n\xfc;1;2\n', 'latin1'))],
  ['separated by tabs', '\n\nx\ty\r\n1.\t+2e0\r\n'],
])('reads columns %s', (_, csv) => {
  expect(parsePoints(typeof csv === 'string' ? Buffer.from(csv) : csv, 'good.csv')).toMatchObject([
    { xMetres: 1, yMetres: 2 },
  ]);
});

it.each([
  ['is empty: a header with the columns x and y is expected', '\uFEFF\n'],
  ['column x is defined twice', 'x,y,X\n1,2,3\n'],
  ["line 2: x must be metres, it is '0x10'", 'x,y\n0x10,1\n'],
  ["line 2: x must be metres, it is '1e400'", 'x,y\n1e400,1\n'],
  ['column y is missing (the header has x, z)', 'x,z\n1,2\n'],
  ["line 3: x must be metres, it is 'far'", 'x,y\n1,2\nfar,2\n'],
  ["line 2: y must be metres, it is ''", 'x,y\n1,\n'],
  ["line 2: x must be metres, it is 'NaN'", 'x,y\nNaN,1\n'],
  ['is not readable CSV', 'x,y\n1,2,3\n'],
])('names the file and says: %s', (problem, csv) => {
  const parse = () => parsePoints(Buffer.from(csv), 'bad.csv');
  expect(parse).toThrow(problem);
  expect(parse).toThrow(/bad\.csv/);
});

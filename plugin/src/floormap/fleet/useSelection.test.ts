import { parseIds } from './useSelection';

it.each([
  ['one robot', 'var-robot=r-1', ['r-1']],
  ['several robots, with signs in their names', 'var-robot=r%2F1&var-robot=r%202', ['r/1', 'r 2']],
  ['all', 'var-robot=$__all', []],
  ['nothing', 'var-robot=', []],
  ['a variable that does not exist', '${robot:queryparam}', []],
])('reads %s from a variable', (_, text, ids) => {
  expect(parseIds(text)).toEqual(ids);
});

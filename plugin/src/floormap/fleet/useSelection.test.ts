import { locationService } from '@grafana/runtime';
import { act, renderHook } from '@testing-library/react';
import { parseIds, useSelection } from './useSelection';

it.each([
  ['one robot', 'var-robot=r-1', ['r-1']],
  ['several robots, with signs in their names', 'var-robot=r%2F1&var-robot=r%202', ['r/1', 'r 2']],
  ['all', 'var-robot=$__all', []],
  ['nothing', 'var-robot=', []],
  ['a variable that does not exist', '${robot:queryparam}', []],
])('reads %s from a variable', (_, text, ids) => {
  expect(parseIds(text)).toEqual(ids);
});

it('selects on the map alone, and says so, where the dashboard has no such variable', () => {
  const partial = jest.spyOn(locationService, 'partial');
  const { result } = renderHook(() => useSelection('robto', '${robto:queryparam}'));
  expect(result.current.problem).toMatch(/^The dashboard has no variable robto: /);
  act(() => result.current.select(['r-1']));
  expect([...result.current.robotIds]).toEqual(['r-1']);
  expect(partial).not.toHaveBeenCalled();
});

it('selects by the variable where there is one, with nothing in it too', () => {
  const partial = jest.spyOn(locationService, 'partial');
  const { result } = renderHook(() => useSelection('robot', 'var-robot='));
  expect(result.current.problem).toBe('');
  act(() => result.current.select(['r-1']));
  expect(partial).toHaveBeenCalledWith({ 'var-robot': ['r-1'] }, true);
});

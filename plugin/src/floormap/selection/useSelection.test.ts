import { locationService, setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
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
  expect(result.current.problem).toMatch(/^The dashboard has no variable robto in its address: /);
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

const describeVariable = (variable: object) =>
  setTemplateSrv({ getVariables: () => [{ name: 'robot', ...variable }] } as unknown as TemplateSrv);

it.each([
  ['several', { multi: true, includeAll: true }, ['a', 'b']],
  ['one', { multi: false, includeAll: true }, ['b']],
  ['a text', { type: 'textbox' }, ['b']],
])('sets no more robots than a variable for %s holds, and says so', (_, variable, held) => {
  describeVariable(variable);
  const partial = jest.spyOn(locationService, 'partial').mockClear();
  const { result } = renderHook(() => useSelection('robot', 'var-robot='));
  act(() => result.current.select(['a', 'b']));
  expect(partial).toHaveBeenCalledWith({ 'var-robot': held }, true);
  expect(result.current.problem !== '').toBe(held.length < 2);
  act(() => result.current.select(['a']));
  expect(result.current.problem).toBe('');
});

it.each([
  ['All', { multi: true, includeAll: true }, '$__all'],
  ['no All', { multi: true }, ''],
  ['a text', { type: 'textbox' }, ''],
])('empties a variable with %s by what means nobody there', (_, variable, value) => {
  describeVariable(variable);
  const partial = jest.spyOn(locationService, 'partial').mockClear();
  const { result } = renderHook(() => useSelection('robot', 'var-robot=a'));
  act(() => result.current.select([]));
  expect(partial).toHaveBeenCalledWith({ 'var-robot': value }, true);
});

it('keeps the selection to itself where the address does not hold the variable', () => {
  const partial = jest.spyOn(locationService, 'partial').mockClear();
  const { result } = renderHook(() => useSelection('robot', ''));
  act(() => result.current.select(['a']));
  expect([...result.current.robotIds]).toEqual(['a']);
  expect(partial).not.toHaveBeenCalled();
});

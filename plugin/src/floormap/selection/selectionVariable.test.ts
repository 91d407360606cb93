import { locationService, setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { act, renderHook } from '@testing-library/react';
import { parseIds, useSelectionVariable } from './selectionVariable';

const partial = jest.spyOn(locationService, 'partial');
const variableOf = (variable: string, text: string) => renderHook(() => useSelectionVariable(variable, text)).result;
const describeVariable = (variable: object) =>
  setTemplateSrv({ getVariables: () => [{ name: 'robot', ...variable }] } as unknown as TemplateSrv);

beforeEach(() => {
  act(() => locationService.push('/d/floor'));
  partial.mockClear();
});

it.each([
  ['one robot', 'var-robot=r-1', ['r-1']],
  ['several robots, with signs in their names', 'var-robot=r%2F1&var-robot=r%202', ['r/1', 'r 2']],
  ['all', 'var-robot=$__all', []],
  ['nothing', 'var-robot=', []],
  ['a variable that does not exist', '${robot:queryparam}', []],
])('reads %s from a variable', (_, text, ids) => {
  expect(parseIds(text)).toEqual(ids);
});

it('holds no selection, and says so, where the dashboard has no such variable', () => {
  const variable = variableOf('robto', '${robto:queryparam}');
  expect(variable.current.robotIds).toBeNull();
  expect(variable.current.problem).toMatch(/^The dashboard has no variable robto in its address: /);
  variable.current.write(['r-1']);
  expect(partial).not.toHaveBeenCalled();
});

it('holds no selection where the address does not hold the variable', () => {
  const variable = variableOf('robot', '');
  expect(variable.current.robotIds).toBeNull();
  variable.current.write(['a']);
  expect(partial).not.toHaveBeenCalled();
});

it('is written where there is one, with nothing in it too', () => {
  const variable = variableOf('robot', 'var-robot=');
  expect([variable.current.problem, variable.current.robotIds]).toEqual(['', []]);
  act(() => variable.current.write(['r-1']));
  expect(partial).toHaveBeenCalledWith({ 'var-robot': ['r-1'] }, false);
});

it('shows the selection of an address that changes at once, though nothing renders the panel', () => {
  const variable = variableOf('robot', 'var-robot=$__all');
  expect(variable.current.robotIds).toEqual([]);
  act(() => locationService.partial({ 'var-robot': ['r-1', 'r/2'] }));
  expect(variable.current.robotIds).toEqual(['r-1', 'r/2']);
  act(() => locationService.partial({ 'var-robot': null }));
  expect(variable.current.robotIds).toEqual([]);
});

it('renders nothing for a change of the address that is not about the variable', () => {
  let renders = 0;
  renderHook(() => {
    renders++;
    return useSelectionVariable('robot', 'var-robot=a');
  });
  const before = renders;
  act(() => locationService.partial({ from: 'now-6h', 'var-site': 'berlin' }));
  expect(renders).toBe(before);
});

it.each([
  ['several', { multi: true, includeAll: true }, Infinity],
  ['one', { multi: false, includeAll: true }, 1],
  ['a text', { type: 'textbox' }, 1],
])('holds as many robots as a variable for %s', (_, kind, most) => {
  describeVariable(kind);
  expect(variableOf('robot', 'var-robot=').current.mostRobots()).toBe(most);
});

it.each([
  ['All', { multi: true, includeAll: true }, '$__all'],
  ['no All', { multi: true }, ''],
  ['a text', { type: 'textbox' }, ''],
])('is emptied, with %s, by what means no robot there', (_, kind, value) => {
  describeVariable(kind);
  const variable = variableOf('robot', 'var-robot=a');
  act(() => variable.current.write([]));
  expect(partial).toHaveBeenCalledWith({ 'var-robot': value }, false);
});

import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { sqlText } from '@floorwatch/contract/sql-text';
import * as queries from './oneRobot';

const { idOfAddress, NO_EVENT, ...OF_ROBOT } = queries;

it('reads the id from the address, slashes included', () => {
  expect(idOfAddress(new URLSearchParams('id=hall%2Famr%201&id=b'))).toBe('hall/amr 1');
  expect(idOfAddress(new URLSearchParams(''))).toBe('');
});

it('says in the timeline that a time range has no event', () => {
  expect(queries.robotStates('amr-1')).toContain(sqlText(NO_EVENT));
});

describe.each(Object.entries(OF_ROBOT))('%s', (_, sqlOf) => {
  it('reads views only', () => {
    const tables = [...sqlOf('amr-1').matchAll(/\b(?:FROM|JOIN)\s+\(?(?:SELECT \* FROM )?(warehouse\.\w+)/g)];
    expect(tables.length).toBeGreaterThan(0);
    expect(tables.filter(([, table]) => !table?.startsWith('warehouse.v_'))).toEqual([]);
  });

  it.each(HOSTILE.map(({ why, text }) => [why, text]))('holds %s only as an escaped text', (__, text) => {
    expect(sqlOf(text)).toBe(sqlOf('AN ID').replaceAll("'AN ID'", () => sqlText(text)));
  });
});

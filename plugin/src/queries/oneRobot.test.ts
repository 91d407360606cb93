import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { sqlText } from '@floorwatch/contract/sql-text';
import * as queries from './oneRobot';
import { robotAnomalyScores, robotBesidePeers } from './robotAnomaly';
import { robotEvents, robotEventsForFile } from './robotEvents';
import { robotDelay, robotRhythm, robotRhythmSummary } from './robotTelemetry';

const { idOfAddress, NO_EVENT, REPORTS, ...ONE_ROBOT } = queries;
const OF_ROBOT: Record<string, (robotId: string) => string> = {
  ...ONE_ROBOT,
  ...{ robotAnomalyScores, robotBesidePeers, robotDelay, robotRhythm, robotRhythmSummary },
  robotEvents: (id) => robotEvents(id, { type: '', page: 2 }),
  robotEventsForFile: (id) => robotEventsForFile(id, { type: '' }),
};

it('reads the id from the address, slashes included', () => {
  expect(idOfAddress(new URLSearchParams('id=hall%2Famr%201&id=b'))).toBe('hall/amr 1');
  expect(idOfAddress(new URLSearchParams(''))).toBe('');
});

it('says in the timeline that a time range has no event', () => {
  expect(queries.robotStates('amr-1')).toContain(sqlText(NO_EVENT));
  expect(queries.robotReportSpans('amr-1')).toContain(sqlText(REPORTS.no));
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

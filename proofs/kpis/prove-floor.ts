import { expectedShift, expectedSilences, expectedZones } from './expected-floor.ts';
import type { Fixture } from './fixture.ts';
import { numberOf, type PageCode, type Prove, type Row } from './page-code.ts';

const WEEK_MS = 7 * 24 * 3_600_000;

/** The zones and silences of the Floor analytics page, and the figures of the shift report. */
export async function proveFloor(
  fixture: Fixture,
  page: PageCode,
  ask: (sql: string) => Promise<Row[]>,
  prove: Prove
): Promise<void> {
  const { range } = fixture;
  const zones = await ask(page.zoneTable(range, null, ''));
  const expectedOfZones = expectedZones(fixture);
  prove('floor/zones', zones.length, expectedOfZones.size);
  const units: Record<string, [unit: string, decimals: number]> = {
    Robots: ['none', 2],
    Waiting: ['percent', 0],
    Congestion: ['dthms', 0],
    'Tasks per hour': ['none', 1],
  };
  for (const [zone, figures] of expectedOfZones) {
    const row = zones.find((one) => one['Zone'] === zone);
    for (const [name, expected] of Object.entries(figures)) {
      prove(`floor/zone ${zone}, ${name}`, numberOf(row?.[name]), expected, ...(units[name] ?? ['none', 0]));
    }
  }

  const silences = await ask(page.silencePlaces(range, ''));
  const expectedOfCells = expectedSilences(fixture);
  prove('floor/places of silence', silences.length, expectedOfCells.size);
  for (const [cell, figures] of expectedOfCells) {
    const row = silences.find((one) => `${String(one['x'])}, ${String(one['y'])}` === cell);
    for (const [name, expected] of Object.entries(figures)) {
      const isTime = name === 'Total' || name === 'Longest';
      prove(`floor/silence at ${cell}, ${name}`, numberOf(row?.[name]), expected, isTime ? 'dthms' : 'none', 0);
    }
  }

  const shifts = [range, { fromMs: range.fromMs - WEEK_MS, toMs: range.toMs - WEEK_MS }];
  const figures = await ask(page.shiftFigures(shifts));
  for (const weeksAgo of [0, 1] as const) {
    const row = figures.find((one) => Number(one['shift']) === weeksAgo);
    for (const [name, expected] of Object.entries(expectedShift(fixture, weeksAgo))) {
      const unit = name.startsWith('seconds_') ? 'dthms' : name === 'utilisation' ? 'percent' : 'none';
      prove(`shift/${name}${weeksAgo === 1 ? ', a week ago' : ''}`, numberOf(row?.[name]), expected, unit);
    }
  }
}

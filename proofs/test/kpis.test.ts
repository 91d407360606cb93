import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runKpis } from '../kpis/run-kpis.ts';

/** Figure and value of the rows that derive the figures of the fixture by hand. */
function derivedByHand(): [kpi: string, value: string][] {
  const markdown = readFileSync(new URL('../../docs/reference/kpis.md', import.meta.url), 'utf8');
  return markdown
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, kpi = '', , value = '']): [string, string][] => (/^[a-z ]+\//.test(kpi) ? [[kpi, value]] : []));
}

test('each figure of the pages is the one that the events give, and the one that the docs derive (npm run kpis)', async () => {
  const rows = await runKpis({});
  expect(rows.filter(({ ok }) => !ok)).toEqual([]);
  expect(rows.length).toBeGreaterThan(60);
  const shown = new Map(rows.map((row) => [row.kpi, row.shown]));
  const derived = derivedByHand();
  expect(derived.length).toBeGreaterThan(20);
  for (const [kpi, value] of derived) expect([kpi, shown.get(kpi)]).toEqual([kpi, value]);
});

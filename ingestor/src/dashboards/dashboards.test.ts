import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { ANOMALY } from './anomaly.ts';
import { BATTERY } from './battery.ts';
import type { Panel } from './panels.ts';
import { PIPELINE } from './pipeline.ts';
import { TASKS } from './tasks.ts';
import { THROUGHPUT } from './throughput.ts';
import { WALL } from './wall.ts';

const FOLDER = join(import.meta.dirname, '../../../provisioning/dashboards');

const DASHBOARDS = {
  pipeline: PIPELINE,
  throughput: THROUGHPUT,
  tasks: TASKS,
  battery: BATTERY,
  anomaly: ANOMALY,
  wall: WALL,
};

// To write the files again: npx vitest run --project unit ingestor/src/dashboards -u
it.each(Object.entries(DASHBOARDS))('floorwatch-%s.json is what the code writes', async (name, dashboard) => {
  const path = join(FOLDER, `floorwatch-${name}.json`);
  const text = await format(JSON.stringify(dashboard, null, 2), { ...(await resolveConfig(path)), filepath: path });
  await expect(text).toMatchFileSnapshot(path);
});

it('has no good news on the wall where a query is not answered: without rows, Grafana shows this text', () => {
  const { panels } = WALL as { panels: Panel[] };
  const ofWords = panels.filter(({ type }) => type === 'stat');
  expect(ofWords.map(({ title }) => title)).toEqual(['Fleet', 'Tasks, last hour', 'Data', 'Needs attention']);
  for (const { title, fieldConfig } of ofWords)
    expect([title, fieldConfig.defaults['noValue']]).toEqual([title, expect.stringMatching(/^NO ANSWER/)]);
});

it('asks for the checks at most twice per minute: on a slow server they take seconds, and a wall asks for a year', () => {
  const withChecks = Object.values(DASHBOARDS).filter((dashboard) => JSON.stringify(dashboard).includes('v_health'));
  expect(withChecks.map((dashboard) => (dashboard as { refresh: string }).refresh)).toEqual(['30s', '30s']);
});

it('filters the present by site in the view that knows the site of a floor: a robot may not report its own', () => {
  const queries = Object.values(DASHBOARDS).flatMap((dashboard) =>
    (dashboard as { panels: Panel[] }).panels.map(({ targets }) => JSON.stringify(targets))
  );
  expect(queries.filter((sql) => sql.includes('v_fleet_reports') && sql.includes('${site:'))).toEqual([]);
});

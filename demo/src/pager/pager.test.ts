import { afterEach, expect, it } from 'vitest';
import { startPager, type Pager } from './pager.ts';

let pager: Pager | undefined;
afterEach(() => pager?.stop());

async function page(body: string): Promise<{ status: number; pages: string[] }> {
  const pages: string[] = [];
  pager = await startPager({ onPage: (text) => pages.push(text) });
  const { status } = await fetch(pager.url, { method: 'POST', body });
  return { status, pages };
}

const alert = (robot: number, status = 'firing') => ({
  status,
  labels: { alertname: 'Telemetry drop-off', severity: 'warning' },
  annotations: {
    summary: `Robot robot-000${String(robot)} has sent nothing for 2m`,
    runbook_url: 'http://g/runbook',
    page_url: `http://g/fleet?var-robot=robot-000${String(robot)}`,
  },
});

it('prints the rule, each alert with the link to its robot, and the runbook of a notification', async () => {
  const { status, pages } = await page(JSON.stringify({ alerts: [alert(2, 'resolved'), alert(1), alert(3)] }));
  expect(status).toBe(204);
  expect(pages).toEqual([
    [
      'FIRING [warning] Telemetry drop-off (2 firing, 1 resolved)',
      '  Robot robot-0001 has sent nothing for 2m',
      '    page: http://g/fleet?var-robot=robot-0001',
      '  Robot robot-0003 has sent nothing for 2m',
      '    page: http://g/fleet?var-robot=robot-0003',
      '  resolved: Robot robot-0002 has sent nothing for 2m',
      '  runbook: http://g/runbook',
    ].join('\n'),
  ]);
});

it('prints the page of several alerts once', async () => {
  const both = [1, 2].map((robot) => ({
    ...alert(robot),
    annotations: { ...alert(robot).annotations, page_url: 'http://g/fleet' },
  }));
  const { pages } = await page(JSON.stringify({ alerts: both }));
  expect(pages[0]?.split('\n')).toEqual([
    'FIRING [warning] Telemetry drop-off (2 alerts)',
    '  Robot robot-0001 has sent nothing for 2m',
    '  Robot robot-0002 has sent nothing for 2m',
    '    page: http://g/fleet',
    '  runbook: http://g/runbook',
  ]);
});

it('counts only what was resolved in a notification that says so', async () => {
  const { pages } = await page(JSON.stringify({ alerts: [alert(1, 'resolved'), alert(2, 'resolved')] }));
  expect(pages[0]).toContain('RESOLVED [warning] Telemetry drop-off (2 alerts)');
});

it('prints the error when a data source does not respond', async () => {
  const failing = { ...alert(1), annotations: { summary: 'Unknown', Error: 'connection refused' } };
  const { pages } = await page(JSON.stringify({ alerts: [failing] }));
  expect(pages[0]).toContain('  Unknown\n  because: connection refused');
});

it('counts the alerts that it does not list', async () => {
  const { pages } = await page(JSON.stringify({ alerts: Array.from({ length: 9 }, (_, index) => alert(index)) }));
  expect(pages[0]).toContain('... and 4 more');
});

it.each(['not JSON', '{"alerts":"none"}'])('responds with 400 to the invalid notification %s', async (body) => {
  expect(await page(body)).toEqual({ status: 400, pages: [] });
});

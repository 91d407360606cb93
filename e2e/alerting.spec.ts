import { RULE_GROUPS } from '@floorwatch/ingestor/provisioning/render';
import { expect, expectNoSidewaysScroll, ROBOTS, test } from './test.ts';

// The stack has Prometheus.
const RULES = RULE_GROUPS.flatMap(({ rules }) =>
  rules.filter(({ isWithoutPrometheus }) => !isWithoutPrometheus).map(({ name }) => `floorwatch-${name}`)
);

interface RuleState {
  uid: string;
  name: string;
  health: string;
  lastError?: string;
  state: string;
  annotations: Record<string, string>;
  alerts?: { labels: Record<string, string>; state: string; annotations: Record<string, string> }[];
}
interface RuleGroups {
  data: { groups: { rules: RuleState[] }[] };
}

type Api = <T>(path: string) => Promise<T>;

async function rulesOf(api: Api): Promise<RuleState[]> {
  const { data } = await api<RuleGroups>('/api/prometheus/grafana/api/v1/rules');
  return data.groups.flatMap(({ rules }) => rules);
}

test('every alert rule is loaded, evaluates without error and has a runbook page', async ({ page, api }) => {
  test.setTimeout(150_000);
  await expect
    .poll(async () => (await rulesOf(api)).map(({ uid, health, lastError }) => [uid, lastError ?? health]).sort(), {
      timeout: 120_000,
    })
    .toEqual([...RULES].sort().map((uid) => [uid, 'ok']));
  for (const uid of RULES) {
    await page.goto(`/a/floorwatch-fleet-app/runbooks/${uid}`);
    await expect(page.getByRole('heading', { name: 'How to know it is over' })).toBeVisible();
  }
});

test("View runbook in Grafana's alert list opens the runbook, and the list shows no template in the summary", async ({
  page,
}) => {
  await page.goto('/alerting/list?search=Group%20of%20robots%20silent');
  await page.getByRole('button', { name: 'Expand all' }).click();
  await expect(page.getByText('A whole group of robots stopped sending telemetry.').first()).toBeVisible();
  await page.getByRole('button', { name: 'Expand row' }).first().click();
  const link = page.getByRole('link', { name: /view runbook/i }).first();
  await expect(link).toBeVisible();
  await link.click();
  // Grafana opens it in another tab.
  const pathOf = (each: typeof page): string => new URL(each.url()).pathname;
  const runbook = '/a/floorwatch-fleet-app/runbooks/silent-group';
  await expect.poll(() => page.context().pages().map(pathOf)).toContain(runbook);
  const opened = page
    .context()
    .pages()
    .find((each) => pathOf(each) === runbook);
  await expect(
    opened?.getByRole('heading', { name: 'How to know it is over' }) ?? page.getByText('no runbook')
  ).toBeVisible();
});

test('a robot that stops reporting fires the drop-off rule with its id, and no other robot does', async ({
  api,
  robots,
}) => {
  test.setTimeout(300_000);
  robots.silence('e2e-07');
  const firing = async () => {
    const rule = (await rulesOf(api)).find(({ uid }) => uid === 'floorwatch-telemetry-dropoff');
    return (rule?.alerts ?? []).filter(({ state }) => state.startsWith('Alerting') || state === 'firing');
  };
  await expect
    .poll(async () => (await firing()).map(({ labels }) => labels['robot_id']), { timeout: 240_000 })
    .toEqual(['e2e-07']);
  const [alert] = await firing();
  expect(alert?.annotations['detail']).toMatch(/^e2e-07 has sent nothing for \d+/);
  expect(alert?.annotations['page_url']).toContain('/a/floorwatch-fleet-app/robot?id=e2e-07');
  expect(ROBOTS).toBeGreaterThan(1);
});

test('the silent robot stays on the map and is announced as silent', async ({ page }) => {
  await page.goto('/a/floorwatch-fleet-app/fleet');
  await expect(page.getByTestId('floormap-canvas')).toHaveAttribute('aria-label', /1 silent/);
  const map = page.getByTestId('floormap-canvas');
  await map.focus();
  await page.keyboard.press('/');
  await page.getByTestId('floormap-find').fill('e2e-07');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('floormap-announcement')).toContainText(/e2e-07.*silent/i);
});

test('the Incidents page opens the alert at a moment that is in the address', async ({ page, api, world }) => {
  const note = await fetch(`${world.grafanaUrl}/api/annotations`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`admin:${world.grafanaAdminPassword}`)}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ time: Date.now(), text: 'switch 4 was off', tags: ['floorwatch'] }),
  });
  const { id } = (await note.json()) as { id: number };
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));

  await page.goto('/a/floorwatch-fleet-app/incidents?from=now-30m&to=now&refresh=10s');
  const incidents = page.getByTestId('incidents');
  await expect(incidents).toContainText('Telemetry drop-off e2e-07');
  await expect(page.getByTestId('notes')).toContainText('switch 4 was off');
  await incidents
    .getByRole('listitem')
    .filter({ hasText: 'e2e-07' })
    .getByRole('button', { name: /^Open Telemetry drop-off/ })
    .first()
    .click();
  const bar = page.getByTestId('moment-bar');
  await expect(bar).toContainText('Affected robots (1): e2e-07');
  const moment = () => Number(new URL(page.url()).searchParams.get('at'));
  const start = moment();
  expect(start).toBeGreaterThan(Date.now() - 1_800_000);
  await bar.getByRole('button', { name: '− 1 min' }).click();
  await expect.poll(moment).toBe(start - 60_000);
  const shown = await bar.getByText(/Map, robots and flow below show/).innerText();
  await page.reload();
  await expect(bar.getByText(/Map, robots and flow below show/)).toHaveText(shown);
  await expect(page.getByTestId('floormap-canvas')).toBeVisible();
  await expect(page.getByTestId('floormap-counts')).toContainText(`= ${ROBOTS} robots`);

  // Viewers read notes and cannot write them.
  await page.getByRole('textbox', { name: 'New note' }).fill('seen');
  await page.getByRole('button', { name: 'Save the note' }).click();
  await expect(page.getByTestId('notes').getByRole('alert')).toContainText('The note was not saved');
  await bar.getByRole('button', { name: 'Close' }).click();
  await expect(bar).toHaveCount(0);
  await expect(page.getByTestId(/Panel status error/)).toHaveCount(0);
  expect(errors).toEqual([]);
  expect(await api<{ id: number }[]>('/api/annotations?type=annotation')).toContainEqual(
    expect.objectContaining({ id })
  );
  await page.setViewportSize({ width: 390, height: 844 });
  await expectNoSidewaysScroll(page, 390);
});

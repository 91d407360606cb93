import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { alertingFiles, dashboards } from './provisioning-files.ts';

/** Comes with Prometheus, without which the stack does not watch the pipeline. */
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-promtool-'));
afterAll(() => {
  rmSync(dir, { recursive: true });
});

const rules = alertingFiles().flatMap(({ groups = [] }) => groups.flatMap((group) => group.rules));
const exprOf = (uid: string, refId: string): string =>
  rules.find((rule) => rule.uid === uid)?.data.find((query) => query.refId === refId)?.model.expr ?? '';

function promtool(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', cwd: dir });
  return { status, output: stdout + stderr };
}

it.skipIf(!hasPromtool)('promtool accepts every query of a rule and of a panel', () => {
  const ofPanels = dashboards().flatMap(({ uid, panels }) =>
    panels.flatMap(({ id, targets }) =>
      targets.flatMap(({ expr }, index) =>
        expr === undefined ? [] : [{ record: `${uid}:${id}_${index}`.replaceAll('-', '_'), expr }]
      )
    )
  );
  const ofRules = rules.flatMap(({ uid, data }) =>
    data.flatMap(({ refId, model }) =>
      model.expr === undefined ? [] : [{ record: `${uid}:${refId}`.replaceAll('-', '_'), expr: model.expr }]
    )
  );
  expect(ofRules.length).toBeGreaterThan(8);
  const groups = [{ name: 'queries', rules: [...ofRules, ...ofPanels] }];
  writeFileSync(join(dir, 'rules.yaml'), JSON.stringify({ groups }));
  expect(promtool('check', 'rules', 'rules.yaml')).toMatchObject({ status: 0 });
});

interface Sample {
  labels: string;
  value: number;
}

/** Asserts what a query returns two minutes after the series begin, with a sample every 5 s. */
function expectQuery(expr: string, series: Record<string, string>, samples: readonly Sample[]): void {
  const input_series = Object.entries(series).map(([name, values]) => ({ series: name, values }));
  const promql_expr_test = [{ expr, eval_time: '2m', exp_samples: samples }];
  writeFileSync(
    join(dir, 'tests.yaml'),
    JSON.stringify({ tests: [{ interval: '5s', input_series, promql_expr_test }] })
  );
  const { status, output } = promtool('test', 'rules', 'tests.yaml');
  expect(status, output).toBe(0);
}

const LAG = 'floorwatch_consumer_lag_seconds';
const of = (partition: number, group = 'g'): string => `${LAG}{group="${group}", topic="t", partition="${partition}"}`;

it.skipIf(!hasPromtool)(
  'the lag of path A is told from that of every other group, whatever the groups are called',
  () => {
    const series = Object.fromEntries(
      ['engine', 'ingestor', ''].map((path) => [of(0, `group of ${path}`).replace('}', `, path="${path}"}`), '90x30'])
    );
    expectQuery(exprOf('floorwatch-consumer-lag', 'engine'), series, [
      { labels: '{group="group of engine", topic="t"}', value: 1 },
      { labels: '{group="group of ingestor", topic="t"}', value: 0 },
      { labels: '{group="group of ", topic="t"}', value: 0 },
    ]);
  }
);

it.skipIf(!hasPromtool)(
  'lag is that of the worst partition, grows while nothing is read, and counts the partitions that stand still',
  () => {
    const series = { [of(0)]: '0+5x30', [of(1)]: '2x30', [of(0, 'drains')]: '600-20x30' };
    const rule = 'floorwatch-consumer-lag';
    expectQuery(exprOf(rule, 'lag'), series, [
      { labels: '{group="g", topic="t"}', value: 120 },
      { labels: '{group="drains", topic="t"}', value: 120 },
    ]);
    expectQuery(exprOf(rule, 'growth'), series, [
      { labels: '{group="g", topic="t"}', value: 1 },
      { labels: '{group="drains", topic="t"}', value: -4 },
    ]);
    expectQuery(exprOf(rule, 'stopped'), series, [
      { labels: '{group="g", topic="t"}', value: 1 },
      { labels: '{group="drains", topic="t"}', value: 0 },
    ]);
  }
);

it.skipIf(!hasPromtool)('the share of invalid events is by reason, and 0 while nothing arrives', () => {
  const share = exprOf('floorwatch-invalid-events', 'share');
  const rejected = (reason: string): string => `floorwatch_rejected_events_total{reason="${reason}"}`;
  expectQuery(share, { [rejected('a')]: '0+5x30', [rejected('b')]: '0x30', floorwatch_events_total: '0+20x30' }, [
    { labels: '{reason="a"}', value: 20 },
    { labels: '{reason="b"}', value: 0 },
  ]);
  expectQuery(share, { [rejected('a')]: '7x30', floorwatch_events_total: '9x30' }, [
    { labels: '{reason="a"}', value: 0 },
  ]);
});

it.skipIf(!hasPromtool)('each ingestor that does not answer is named', () => {
  const up = (instance: string, job = 'floorwatch-ingestor'): string => `up{job="${job}", instance="${instance}"}`;
  expectQuery(
    exprOf('floorwatch-ingestor-down', 'up'),
    { [up('a')]: '1x30', [up('b')]: '0x30', [up('c', 'other')]: '0x30' },
    [
      { labels: '{instance="a"}', value: 1 },
      { labels: '{instance="b"}', value: 0 },
    ]
  );
});

it.skipIf(!hasPromtool)('an ingestor that Prometheus does not know is an alert with a name', () => {
  expectQuery(exprOf('floorwatch-ingestor-down', 'up'), { 'up{job="other", instance="c"}': '1x30' }, [
    { labels: '{instance="none that Prometheus knows"}', value: 0 },
  ]);
});

it.skipIf(!hasPromtool)('the silence of Kafka is the time since its last answer to any ingestor', () => {
  const answered = 'floorwatch_kafka_answered_timestamp_seconds';
  const series = { [`${answered}{instance="a"}`]: '20x30', [`${answered}{instance="b"}`]: '50x30' };
  expectQuery(exprOf('floorwatch-kafka-down', 'silence'), series, [{ labels: '{}', value: 70 }]);
});

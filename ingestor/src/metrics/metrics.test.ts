import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('every metric name passes the rules of `promtool check metrics`', async () => {
  const metrics = await createMetrics().registry.getMetricsAsJSON();
  // The names of Node.js's versions and heap spaces are not ours, but the rules for suffixes apply to them too.
  for (const { name, type, help } of metrics) {
    expect(help, name).not.toBe('');
    expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(String(type) === 'counter');
    expect(name, 'base units only').not.toMatch(/_(ms|milliseconds|minutes|hours|kb|mb|kilobytes|megabytes)(_|$)/);
  }
  expect(metrics.length).toBeGreaterThan(20);
});

test('the version of the ingestor is that of its package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(await createMetrics().registry.metrics()).toContain(`floorwatch_build_info{version="${version}"} 1`);
});

test('every reason is exported from 0, so that Prometheus sees the first rejected event as an increase', async () => {
  const { rejected } = createMetrics();
  const { values } = await rejected.get();
  expect(values).toContainEqual({ labels: { reason: 'battery_out_of_range' }, value: 0 });
  expect(values).toContainEqual({ labels: { reason: 'vda5050_invalid' }, value: 0 });
});

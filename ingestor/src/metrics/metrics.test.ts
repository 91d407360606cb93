import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('every metric is named as `promtool check metrics` wants it', async () => {
  const metrics = await createMetrics().registry.getMetricsAsJSON();
  // Node.js's own versions and heap spaces are not ours to name; their endings are held all the same.
  for (const { name, type, help } of metrics) {
    expect(help, name).not.toBe('');
    expect(name.endsWith('_total'), `${name} is a ${type}`).toBe(String(type) === 'counter');
    expect(name, 'base units only').not.toMatch(/_(ms|milliseconds|minutes|hours|kb|mb|kilobytes|megabytes)(_|$)/);
  }
  expect(metrics.length).toBeGreaterThan(20);
});

test('the first event that is refused for a reason is a rise from 0, not a counter that was not there', async () => {
  const { rejected } = createMetrics();
  const { values } = await rejected.get();
  expect(values).toContainEqual({ labels: { reason: 'battery_out_of_range' }, value: 0 });
  expect(values).toContainEqual({ labels: { reason: 'vda5050_invalid' }, value: 0 });
});

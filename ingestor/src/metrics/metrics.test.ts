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

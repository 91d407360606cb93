import type { ClickHouseClient } from '@clickhouse/client';
import { expect, test } from 'vitest';
import { checkServerVersion, isOlder } from './server-checks.ts';

test.each([
  ['25.7.9.1', true],
  ['24.12.1.1', true],
  ['25.8.1.1', false],
  ['26.1.1.1', false],
])('%s is older than 25.8: %s', (version, older) => {
  expect(isOlder(version, '25.8')).toBe(older);
});

test('a server that is too old is an error with a remedy', async () => {
  const client = { query: () => Promise.resolve({ json: () => [{ version: '24.3.1.1' }] }) };
  await expect(checkServerVersion(client as unknown as ClickHouseClient)).rejects.toThrow(
    'ClickHouse 24.3.1.1 is too old. Upgrade the server to 25.8 or later; nothing was changed.'
  );
});

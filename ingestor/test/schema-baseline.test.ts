import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../src/migrate/migrate.ts';
import { startTestServer, type TestServer } from './clickhouse.ts';
import { schemaObjects, schemaText } from './schema-objects.ts';

/**
 * schema-baseline.sql was written by squash-baseline.ts from the migrations of commit 373f646, the last one before
 * one file per topic replaced them. After an intended change of the schema, update it with:
 * npx vitest run --project integration ingestor/test/schema-baseline.test.ts -u
 */
let clickhouse: TestServer;
beforeAll(async () => {
  clickhouse = await startTestServer();
});
afterAll(() => clickhouse.stop());

test('a fresh database has the tables and views of the baseline', async () => {
  const owner = clickhouse.as('owner');
  await migrate(owner, { ingestPath: 'both' });
  await expect(schemaText(await schemaObjects(owner))).toMatchFileSnapshot('schema-baseline.sql');
});

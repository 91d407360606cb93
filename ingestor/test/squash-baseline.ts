import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { switchEnginePath } from '../src/migrate/engine-path.ts';
import { Ledger } from '../src/migrate/ledger.ts';
import { readMigrations, statementsOf } from '../src/migrate/migration-files.ts';
import { render, SINGLE, type Topology } from '../src/migrate/topology.ts';
import { startTestServer } from './clickhouse.ts';
import { startCluster } from './cluster.ts';
import { schemaObjects, schemaText, type SchemaObject } from './schema-objects.ts';

/**
 * Writes the schema that the migrations of a commit before the squash create, which schema-baseline.test.ts compares with
 * today's: node ingestor/test/squash-baseline.ts COMMIT FILE [cluster]
 */
const RENAMED: readonly (readonly [before: string, after: string])[] = [
  ['telemetry_parts', 'telemetry_event_bytes'],
  ['telemetry_judged', 'telemetry_validated'],
  ['telemetry_judge_mv', 'telemetry_validate_mv'],
  ['telemetry_good_mv', 'telemetry_valid_mv'],
  ['telemetry_bad_mv', 'telemetry_invalid_mv'],
  ['ingestor/src/contract.ts', 'packages/contract/src/contract.ts'],
];

const [commit = '', file = '', cluster] = process.argv.slice(2);
const dir = mkdtempSync(join(tmpdir(), 'floorwatch-baseline-'));
try {
  const tar = execFileSync('git', ['archive', commit, 'sql/migrations'], { cwd: join(import.meta.dirname, '../..') });
  mkdirSync(join(dir, 'old'));
  execFileSync('tar', ['-x', '-C', join(dir, 'old')], { input: tar });
  writeFileSync(file, sorted(await baseline(join(dir, 'old/sql'))));
} finally {
  rmSync(dir, { recursive: true, force: true });
}

/** With today's names, in their order. */
function sorted(objects: readonly SchemaObject[]): string {
  const renamed = objects.map(({ name, statement }) => ({ name: rename(name), statement: rename(statement) }));
  return schemaText(renamed);
}

function rename(text: string): string {
  return RENAMED.reduce(
    (renamed, [before, after]) => renamed.replaceAll(new RegExp(`\\b${before}\\b`, 'g'), after),
    text
  );
}

async function baseline(directory: string): Promise<SchemaObject[]> {
  const topology: Topology = cluster ? { kind: 'cluster', cluster: 'floorwatch', keeper: false } : SINGLE;
  const server = cluster ? await startCluster([1]) : await startTestServer();
  const owner = 'nodes' in server ? server.nodes[0]?.owner : server.as('owner');
  if (!owner) throw new Error('no server');
  try {
    await new Ledger(owner, topology).create();
    for (const statement of readMigrations(directory).flatMap((migration) => statementsOf(migration, topology))) {
      await owner.command({
        query: render(statement, topology),
        clickhouse_settings: { distributed_foreground_insert: 0 },
      });
    }
    await switchEnginePath(owner, topology, true);
    return await schemaObjects(owner);
  } finally {
    await server.stop();
  }
}

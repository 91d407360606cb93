import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { changedFiles, copyRepository } from './repository-copy.ts';

/** One edit of docs/how-to/add-event-field.md: inserts a text after another one that occurs exactly once in the file. */
export interface FieldEdit {
  file: string;
  after: string;
  insert: string;
}

const MIGRATION = 'lift_height';

/** The content of `sql/migrations/NNNN_lift_height.sql`. */
export const WALK_MIGRATION = ['telemetry_raw', 'telemetry_parsed', 'telemetry_validated', 'robot_latest']
  .map((table) => `ALTER TABLE {local}.${table}{on_cluster} ADD COLUMN IF NOT EXISTS lift_height Nullable(Float32);\n`)
  .join('');

/** All manual edits that add the number field `lift_height`, from Kafka to the tooltip of the floor map. */
export const WALK_EDITS: readonly FieldEdit[] = [
  {
    file: 'packages/contract/src/event-fields.ts',
    after: "    description: '0 to 100',\n  },\n",
    insert: `  {
    name: 'lift_height',
    property: 'liftHeightMetres',
    type: 'number',
    min: 0,
    max: 20,
    unit: 'm',
    protobufTag: 16,
    column: 'Nullable(Float32)',
    mask: DROP_ONLY,
    tooltip: { label: 'Lift height', digits: 2 },
  },
`,
  },
  {
    file: 'sql/views/kafka_engine.sql',
    after: '    toFloat32(e.battery) AS battery,\n',
    insert: '    toFloat32(e.lift_height) AS lift_height,\n',
  },
  {
    file: 'sql/views/kafka_engine.sql',
    after: "'battery_out_of_range',\n",
    insert: "        has(wrong_types, 'lift_height') OR e.lift_height NOT BETWEEN 0 AND 20, 'lift_height_invalid',\n",
  },
  {
    file: 'sql/views/fleet_state.sql',
    after: '512 * (r.error_code IS NOT NULL)',
    insert: ' + 1024 * (r.lift_height IS NOT NULL)',
  },
  { file: 'sql/views/fleet_state.sql', after: 'r.battery AS battery,', insert: ' r.lift_height AS lift_height,' },
  {
    file: 'sql/views/fleet_state.sql',
    after: '        argMax(l.battery, l.version) AS battery,\n',
    insert: '        argMax(l.lift_height, l.version) AS lift_height,\n',
  },
  {
    file: 'sql/views/fleet_state.sql',
    after: '    n.battery AS battery,\n',
    insert: '    n.lift_height AS lift_height,\n',
  },
  {
    file: 'provisioning/dashboards/floorwatch-floor.json',
    after: ' x, y, theta, map_id, status, battery, speed,',
    insert: ' lift_height,',
  },
];

/**
 * Adds the field to a copy of the repository.
 * @returns paths of the changed files, including generated ones
 * @throws when the place of an edit is not found. Then update WALK_EDITS and docs/how-to/add-event-field.md
 */
export function addLiftHeight(copy: string): string[] {
  for (const { file, after, insert } of WALK_EDITS) {
    const parts = readFileSync(join(copy, file), 'utf8').split(after);
    if (parts.length !== 2)
      throw new Error(
        `${file} must contain ${JSON.stringify(after)} once, but has it ${parts.length - 1} times. Update WALK_EDITS.`
      );
    writeFileSync(join(copy, file), parts.join(after + insert));
  }
  const migrations = join(copy, 'sql/migrations');
  const number = String(readdirSync(migrations).length + 1).padStart(4, '0');
  writeFileSync(join(migrations, `${number}_${MIGRATION}.sql`), WALK_MIGRATION);
  execFileSync(process.execPath, [join(copy, 'packages/contract/schemas/write.ts')]);
  return changedFiles(REPOSITORY_DIR, copy);
}

/**
 * Number of files that change when the event gets a new number field, from Kafka to the tooltip of the map. Counts generated
 * files but not tests. `proofs/test/field-walk.test.ts` runs the pipeline with that field.
 */
export function fieldWalkFiles(): number {
  const copy = mkdtempSync(join(tmpdir(), 'floorwatch-walk-'));
  try {
    copyRepository(REPOSITORY_DIR, copy);
    return addLiftHeight(copy).length;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

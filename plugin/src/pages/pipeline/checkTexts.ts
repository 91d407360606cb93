import type { ValueMapping } from '@grafana/data';
import { t } from '@grafana/i18n';
import { textMappings } from '../columnTitles';

/** Each text below is that of `sql/views/health.sql`, which a test compares; (.*) stands for what ClickHouse puts in. */
type Translated = Array<readonly [inSql: string, shown: string]>;

const problems = (): Translated => [
  [
    'The view is stopped: its table does not change.',
    t('pipeline.problem.stopped', 'The view is stopped: its table does not change.'),
  ],
  ['The last refresh failed: (.*)', t('pipeline.problem.refresh', 'The last refresh failed: $1')],
  ['The roll-up is not up to date.', t('pipeline.problem.late', 'The roll-up is not up to date.')],
  [
    'Merges are slower than inserts; at twice this number, ClickHouse slows inserts.',
    t('pipeline.problem.parts', 'Merges are slower than inserts; at twice this number, ClickHouse slows inserts.'),
  ],
  [
    'ClickHouse set aside parts that it could not read: rows are missing.',
    t('pipeline.problem.broken', 'ClickHouse set aside parts that it could not read: rows are missing.'),
  ],
  ['A merge runs for hours.', t('pipeline.problem.merge', 'A merge runs for hours.')],
  ['A deletion or update fails: (.*)', t('pipeline.problem.mutation_fails', 'A deletion or update fails: $1')],
  [
    'A deletion or update (such as `ingestor erase`) does not end.',
    t('pipeline.problem.mutation', 'A deletion or update (such as `ingestor erase`) does not end.'),
  ],
  [
    'The disk is nearly full; a full disk stops inserts, and events then wait in Kafka.',
    t('pipeline.problem.disk', 'The disk is nearly full; a full disk stops inserts, and events then wait in Kafka.'),
  ],
  [
    'At the rate of the last hour, the disk of the data is full soon.',
    t('pipeline.problem.disk_time', 'At the rate of the last hour, the disk of the data is full soon.'),
  ],
  [
    'Tables are read-only: this server cannot reach ZooKeeper or Keeper, and inserts fail.',
    t(
      'pipeline.problem.readonly',
      'Tables are read-only: this server cannot reach ZooKeeper or Keeper, and inserts fail.'
    ),
  ],
  [
    'A replica lags: entries wait in its replication queue.',
    t('pipeline.problem.queue', 'A replica lags: entries wait in its replication queue.'),
  ],
  [
    'A replica is behind the others: it answers with old data.',
    t('pipeline.problem.delay', 'A replica is behind the others: it answers with old data.'),
  ],
  [
    'Its consumer group is measured, but the view that reads Kafka does not exist or is detached.',
    t(
      'pipeline.problem.no_view',
      'Its consumer group is measured, but the view that reads Kafka does not exist or is detached.'
    ),
  ],
  [
    'The Kafka table misses a table or view that it feeds, so it does not read.',
    t('pipeline.problem.no_target', 'The Kafka table misses a table or view that it feeds, so it does not read.'),
  ],
  ['ClickHouse does not poll Kafka.', t('pipeline.problem.no_poll', 'ClickHouse does not poll Kafka.')],
  ['The last exception: (.*)', t('pipeline.problem.exception', 'The last exception: $1')],
  ['Events are stored late.', t('pipeline.problem.lag', 'Events are stored late.')],
  ['Events are invalid; most often: (.*).', t('pipeline.problem.invalid', 'Events are invalid; most often: $1.')],
  ['There is no backup.', t('pipeline.problem.no_backup', 'There is no backup.')],
  ['The last backup is old.', t('pipeline.problem.old_backup', 'The last backup is old.')],
  [
    'Robots that were erased are stored again: Kafka, a replay or a backup still had them.',
    t(
      'pipeline.problem.erased',
      'Robots that were erased are stored again: Kafka, a replay or a backup still had them.'
    ),
  ],
  [
    'A migration or a view was applied only in part.',
    t('pipeline.problem.migration', 'A migration or a view was applied only in part.'),
  ],
];

const remedies = (): Translated => [
  [
    'As floorwatch_owner, run SYSTEM START VIEW (.*).',
    t('pipeline.remedy.start', 'As floorwatch_owner, run SYSTEM START VIEW $1.'),
  ],
  [
    'Check memory and load. As floorwatch_owner, run SYSTEM REFRESH VIEW (.*). The next refresh catches up.',
    t(
      'pipeline.remedy.refresh',
      'Check memory and load. As floorwatch_owner, run SYSTEM REFRESH VIEW $1. The next refresh catches up.'
    ),
  ],
  [
    'Check CPU and disk. Make batches larger (BATCH_MAX_MS), and look for a client with many small inserts.',
    t(
      'pipeline.remedy.parts',
      'Check CPU and disk. Make batches larger (BATCH_MAX_MS), and look for a client with many small inserts.'
    ),
  ],
  [
    'Check the disk. Restore a backup (as floorwatch_owner), or replay the time from Kafka. Then drop the detached parts (as floorwatch_owner).',
    t(
      'pipeline.remedy.broken',
      'Check the disk. Restore a backup (as floorwatch_owner), or replay the time from Kafka. Then drop the detached parts (as floorwatch_owner).'
    ),
  ],
  [
    'Check its progress in system.merges (as floorwatch_owner), the disk, and the memory of the server.',
    t(
      'pipeline.remedy.merge',
      'Check its progress in system.merges (as floorwatch_owner), the disk, and the memory of the server.'
    ),
  ],
  [
    'See system.mutations (as floorwatch_owner). Remove the cause; ClickHouse then continues. KILL MUTATION gives it up.',
    t(
      'pipeline.remedy.mutation',
      'See system.mutations (as floorwatch_owner). Remove the cause; ClickHouse then continues. KILL MUTATION gives it up.'
    ),
  ],
  [
    'Add space. Or, as floorwatch_owner, move old partitions (sql/storage/tiered.sql) or shorten a TTL.',
    t(
      'pipeline.remedy.disk',
      'Add space. Or, as floorwatch_owner, move old partitions (sql/storage/tiered.sql) or shorten a TTL.'
    ),
  ],
  [
    'Add space, move old partitions (sql/storage/tiered.sql, as floorwatch_owner), or find out who sends more than usual (v_pipeline).',
    t(
      'pipeline.remedy.disk_time',
      'Add space, move old partitions (sql/storage/tiered.sql, as floorwatch_owner), or find out who sends more than usual (v_pipeline).'
    ),
  ],
  [
    'Check Keeper and the network. SYSTEM RESTART REPLICA (as floorwatch_owner) reconnects a table.',
    t(
      'pipeline.remedy.readonly',
      'Check Keeper and the network. SYSTEM RESTART REPLICA (as floorwatch_owner) reconnects a table.'
    ),
  ],
  [
    'See last_exception in system.replication_queue (as floorwatch_owner), and check network and disk.',
    t(
      'pipeline.remedy.queue',
      'See last_exception in system.replication_queue (as floorwatch_owner), and check network and disk.'
    ),
  ],
  [
    'See system.replicas and system.replication_queue (as floorwatch_owner).',
    t('pipeline.remedy.delay', 'See system.replicas and system.replication_queue (as floorwatch_owner).'),
  ],
  [
    'Run `ingestor migrate` as floorwatch_owner with the right INGEST_PATH, and check that the brokers are reachable from ClickHouse.',
    t(
      'pipeline.remedy.engine',
      'Run `ingestor migrate` as floorwatch_owner with the right INGEST_PATH, and check that the brokers are reachable from ClickHouse.'
    ),
  ],
  [
    'See v_pipeline and `ingestor check`: is the path running, and are Kafka and ClickHouse fast enough?',
    t(
      'pipeline.remedy.lag',
      'See v_pipeline and `ingestor check`: is the path running, and are Kafka and ClickHouse fast enough?'
    ),
  ],
  [
    'See v_dead_letter_reasons. After the sender is corrected: `ingestor dead-letters requeue` as floorwatch_owner.',
    t(
      'pipeline.remedy.invalid',
      'See v_dead_letter_reasons. After the sender is corrected: `ingestor dead-letters requeue` as floorwatch_owner.'
    ),
  ],
  [
    'Run `ingestor backup` as floorwatch_owner, at best every night (sql/README.md).',
    t('pipeline.remedy.backup', 'Run `ingestor backup` as floorwatch_owner, at best every night (sql/README.md).'),
  ],
  [
    'ClickHouse has no disk for backups. Copy sql/server/backups.example.xml into its config.d, set CLICKHOUSE_BACKUP_PATH and restart it. Then run `ingestor backup` as floorwatch_owner every night (sql/README.md).',
    t(
      'pipeline.remedy.backup_disk',
      'ClickHouse has no disk for backups. Copy sql/server/backups.example.xml into its config.d, set CLICKHOUSE_BACKUP_PATH and restart it. Then run `ingestor backup` as floorwatch_owner every night (sql/README.md).'
    ),
  ],
  [
    'Stop the source, then run `ingestor erase --robot` for them again, as floorwatch_owner.',
    t(
      'pipeline.remedy.erased',
      'Stop the source, then run `ingestor erase --robot` for them again, as floorwatch_owner.'
    ),
  ],
  [
    'Run `ingestor migrate` as floorwatch_owner; it says what to do.',
    t('pipeline.remedy.migration', 'Run `ingestor migrate` as floorwatch_owner; it says what to do.'),
  ],
];

const units = (): Translated => [
  ['seconds since the last success', t('pipeline.unit.since_success', 's since the last success')],
  ['active parts in a partition', t('pipeline.unit.parts', 'parts per partition')],
  ['detached parts', t('pipeline.unit.detached', 'detached parts')],
  ['seconds', t('pipeline.unit.seconds', 's')],
  ['percent free', t('pipeline.unit.free', '% free')],
  ['hours until full', t('pipeline.unit.hours_full', 'h until full')],
  ['tables', t('pipeline.unit.tables', 'tables')],
  ['entries', t('pipeline.unit.entries', 'entries')],
  ['seconds since the last poll', t('pipeline.unit.since_poll', 's since the last poll')],
  ['percent of the last 10 minutes', t('pipeline.unit.percent', '% of the last 10 min')],
  ['hours since the last backup', t('pipeline.unit.since_backup', 'h since the last backup')],
  ['robots', t('pipeline.unit.robots', 'robots')],
  ['steps', t('pipeline.unit.steps', 'steps')],
];

/** All texts that are shown translated, as the view has them. */
export function textsInSql(): string[] {
  return [...problems(), ...remedies(), ...units()].map(([inSql]) => inSql);
}

/** The texts of the checks, by the column that has them. */
export function checkMappings(): Record<'problem' | 'remedy' | 'unit', ValueMapping[]> {
  return { problem: mappingsOf(problems()), remedy: mappingsOf(remedies()), unit: mappingsOf(units()) };
}

function mappingsOf(texts: Translated): ValueMapping[] {
  return textMappings(Object.fromEntries(texts.map(([inSql, shown]) => [patternOf(inSql), shown])));
}

function patternOf(text: string): string {
  return text
    .split('(.*)')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('(.*)');
}

import type { Command } from 'commander';

/** The examples in `--help`, by command. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  ingestor: ['CLICKHOUSE_USER=floorwatch_owner ingestor migrate', 'ingestor check', 'ingestor run'],
  run: [
    'ingestor run',
    'KAFKA_BROKERS=kafka:9092 KAFKA_TOPIC=robot.telemetry CLICKHOUSE_URL=http://clickhouse:8123 ingestor run',
    'TOPIC_FORMATS=robot.telemetry=registry SCHEMA_REGISTRY_URL=http://registry:8081 ingestor run',
  ],
  check: ['ingestor check', 'ingestor check --json', 'CLICKHOUSE_USER=floorwatch_owner ingestor check'],
  migrate: [
    'CLICKHOUSE_USER=floorwatch_owner ingestor migrate',
    'CLICKHOUSE_USER=floorwatch_owner INGEST_PATH=both ingestor migrate',
    'CLICKHOUSE_USER=floorwatch_owner ingestor migrate --repair',
    'CLICKHOUSE_READER_PASSWORD=secret ingestor migrate --print > users.sql',
    'CLICKHOUSE_USER=default CLICKHOUSE_SITE_ROTTERDAM_PASSWORD=secret ingestor migrate --site rotterdam',
    'ingestor migrate --print users.d > /etc/clickhouse-server/users.d/floorwatch.xml',
  ],
  'floorplan import': [
    'ingestor floorplan import map.yaml --map-id hall-1 --site-id rotterdam',
    'ingestor floorplan import zones.geojson --replace',
  ],
  geometry: [
    'ingestor geometry --map map.yaml --points points.csv',
    'ingestor geometry --format vda5050 --file states.jsonl --json',
    'ingestor geometry --format massrobotics --file reports.json --datums datums.yaml',
  ],
  'dead-letters list': ['ingestor dead-letters list --since 24h --reason battery_out_of_range'],
  'dead-letters show': ['ingestor dead-letters show robot.telemetry/0/17/0 > event.json'],
  'dead-letters requeue': [
    'ingestor dead-letters requeue robot.telemetry/0/17/0 --payload event.json',
    'ingestor dead-letters requeue --reason ts_too_far_ahead --since 7d',
  ],
  replay: [
    'ingestor replay --from 2026-11-24T08:00:00Z --to 2026-11-24T09:00:00Z --dry-run',
    'ingestor replay --from 2h --to latest',
    'ingestor replay --topic robot.telemetry --from 0:1200,1:900 --to 0:5000,1:4000',
    'ingestor replay --file fleet.jsonl.gz',
  ],
  skip: [
    'ingestor skip --topic robot.telemetry --partition 3 --to-offset 812001 --dry-run',
    'ingestor skip --topic robot.telemetry --partition 3 --to-offset 812001',
  ],
  backfill: [
    'ingestor backfill --month 2026-10 --file fleet-*.jsonl.gz --dry-run',
    'ingestor backfill --month 2026-10 --file fleet-*.jsonl.gz',
    'ingestor backfill --month 2026-10 --topic robots.cold',
  ],
  backup: [
    'CLICKHOUSE_USER=floorwatch_owner ingestor backup',
    'ingestor backup --incremental --json',
    'ingestor backup --list',
  ],
  restore: ['ingestor restore --list', 'CLICKHOUSE_USER=floorwatch_owner ingestor restore warehouse-20261124T020000Z'],
  export: [
    'CLICKHOUSE_USER=floorwatch_owner ingestor export --from 2026-11-24T00:00:00Z --to 2026-11-25T00:00:00Z --out day.parquet',
    'ingestor export --from 2h --to 1h --robot amr-17 --out -',
  ],
  erase: [
    'CLICKHOUSE_USER=floorwatch_owner ingestor erase --robot amr-17 --dry-run',
    'CLICKHOUSE_USER=floorwatch_owner ingestor erase --field meta.operator=Ada --json',
  ],
  'robots retire': [
    'ingestor robots retire amr-017 --reason "scrapped after the collision of May 3"',
    'ingestor robots retire amr-017 amr-018 --reason "sold" --by "Ada Lovelace"',
  ],
  'robots restore': ['ingestor robots restore amr-017'],
  'robots list': ['ingestor robots list', 'ingestor robots list --all --json'],
  'robots settings': ['ingestor robots settings', 'ingestor robots settings --offline-after-hours 48'],
  provisioning: [
    'ALERT_WEBHOOK_URL=https://example.com/on-call ingestor provisioning --out /etc/grafana/provisioning/alerting',
  ],
  config: ['ingestor config'],
};

const CONFIGURATION = '\nThe configuration comes from the environment; `ingestor config` lists every variable.';

/** Adds the examples to the help of every command. A command with subcommands shows their examples. */
export function addExamples(program: Command): void {
  program.addHelpText('after', CONFIGURATION + text(EXAMPLES[program.name()] ?? []));
  for (const command of program.commands) addTo(command, command.name());
}

function addTo(command: Command, path: string): readonly string[] {
  const examples = EXAMPLES[path] ?? command.commands.flatMap((inner) => addTo(inner, `${path} ${inner.name()}`));
  command.addHelpText('after', text(examples));
  return examples;
}

function text(examples: readonly string[]): string {
  return ['\nExamples', ...examples.map((example) => `  ${example}`)].join('\n');
}

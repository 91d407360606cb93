import { ClickHouseError } from '@clickhouse/client';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { ConfigError } from '../config/config.ts';
import { CommandError, MigrationError } from '../errors/errors.ts';
import { SchemaRegistryError } from '../schema-registry/registry-client.ts';

/** Errors that are the user's to mend: their message says how, and a stack would only hide it. */
const USER_ERRORS = [CommandError, ConfigError, MigrationError, PlanError, SchemaRegistryError];
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const KAFKA_UNREACHABLE = new Set(['NoBrokerAnswersError', 'KafkaJSConnectionError', 'KafkaJSNumberOfRetriesExceeded']);

/** By ClickHouse's name of the error. */
const REMEDIES: Readonly<Record<string, string>> = {
  UNKNOWN_DATABASE: '`ingestor migrate` makes the schema.',
  UNKNOWN_TABLE: '`ingestor migrate` makes the schema.',
  AUTHENTICATION_FAILED: 'Are CLICKHOUSE_USER and CLICKHOUSE_PASSWORD right?',
  REQUIRED_PASSWORD: 'Are CLICKHOUSE_USER and CLICKHOUSE_PASSWORD right?',
  ACCESS_DENIED:
    'dead-letters, backfill and migrate need CLICKHOUSE_USER=floorwatch_owner, everything else floorwatch_writer.',
};

/** What the terminal shows of an error that ended a command: one line when the user can mend it, else its stack. */
export function errorText(error: Error): string {
  if (USER_ERRORS.some((type) => error instanceof type)) return error.message;
  if (KAFKA_UNREACHABLE.has(error.name))
    return `Kafka cannot be reached (${error.message}). Is KAFKA_BROKERS right, and is it running?`;
  if (error instanceof ClickHouseError) {
    const type = error.type ?? error.code;
    // The server ends its sentence with a stop and a space.
    const sentence = error.message.trim().replace(/\.$/, '');
    return `ClickHouse refuses: ${sentence} (${type}). ${REMEDIES[type] ?? '`ingestor check` tells more.'}`;
  }
  // The ClickHouse client passes on Node's own errors; that of a name with several addresses has no message.
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && UNREACHABLE.has(code))
    return `ClickHouse cannot be reached (${error.message || code}). Is CLICKHOUSE_URL right, and is it running?`;
  return error.stack ?? error.message;
}

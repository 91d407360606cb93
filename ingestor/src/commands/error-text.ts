import { ClickHouseError } from '@clickhouse/client';
import { PlanError } from '@floorwatch/floorplan/plan-error';
import { ConfigError } from '../config/config.ts';
import { CommandError, MigrationError } from '../errors/errors.ts';
import { SchemaRegistryError } from '../schema-registry/registry-client.ts';

/** Errors that the user can fix. The message says how, so no stack is shown. */
const USER_ERRORS = [CommandError, ConfigError, MigrationError, PlanError, SchemaRegistryError];
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
const KAFKA_UNREACHABLE = new Set(['NoBrokerAnswersError', 'KafkaJSConnectionError', 'KafkaJSNumberOfRetriesExceeded']);

/** By ClickHouse's error name. */
const REMEDIES: Readonly<Record<string, string>> = {
  UNKNOWN_DATABASE: 'Run `ingestor migrate` as floorwatch_owner, which creates the schema.',
  UNKNOWN_TABLE: 'Run `ingestor migrate` as floorwatch_owner, which creates the schema.',
  AUTHENTICATION_FAILED: 'Check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.',
  REQUIRED_PASSWORD: 'Check CLICKHOUSE_USER and CLICKHOUSE_PASSWORD.',
  ACCESS_DENIED:
    'migrate, dead-letters, backfill, robots, backup, restore, export and erase need CLICKHOUSE_USER=floorwatch_owner, everything else floorwatch_writer.',
};

/** The text for an error that ended a command: one line if the user can fix it, otherwise the stack. */
export function errorText(error: Error): string {
  if (USER_ERRORS.some((type) => error instanceof type)) return error.message;
  if (KAFKA_UNREACHABLE.has(error.name))
    return `Kafka cannot be reached (${error.message}). Is KAFKA_BROKERS right, and is it running?`;
  if (error instanceof ClickHouseError) {
    const type = error.type ?? error.code;
    // The server's message ends with a full stop and a space.
    const sentence = error.message.trim().replace(/\.$/, '');
    return `ClickHouse error: ${sentence} (${type}). ${REMEDIES[type] ?? 'Run `ingestor check` for details.'}`;
  }
  // The ClickHouse client throws Node's errors. The error of a host name with several addresses has no message.
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && UNREACHABLE.has(code))
    return `ClickHouse cannot be reached (${error.message || code}). Is CLICKHOUSE_URL right, and is it running?`;
  return error.stack ?? error.message;
}

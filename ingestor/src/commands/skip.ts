import { Command } from 'commander';
import { createClickHouse } from '../clickhouse/client.ts';
import { consumerGroup, parseConfig } from '../config/config.ts';
import { awaitAnsweringBroker } from '../kafka/answering-broker.ts';
import { createKafka } from '../kafka/kafka-client.ts';
import { skipOffsets } from '../skip/skip-offsets.ts';
import { commandLog, say, text, wholeNumber } from './terminal.ts';

/** A user waits for the command: about 5 s. */
const RETRIES = 4;

interface SkipFlags {
  topic: string;
  partition: number;
  toOffset: number;
  dryRun?: boolean;
}

const HELP = `
Use it as the last resort, when a partition does not move although its brokers, the schema registry and ClickHouse respond. The
messages before --to-offset are not read. One dead letter (reason skipped_by_operator) records their offsets. While Kafka keeps
them, \`ingestor replay\` can read them again.

Stop every ingestor of the group first. The command prints the report as JSON.`;

export function skipCommand(): Command {
  return new Command('skip')
    .description('continue one partition at a later offset; the offsets before it become a dead letter')
    .requiredOption('--topic <topic>', 'the topic', text)
    .requiredOption('--partition <number>', 'the partition', wholeNumber(2 ** 31 - 1))
    .requiredOption('--to-offset <offset>', 'the first offset to read', wholeNumber(Number.MAX_SAFE_INTEGER))
    .option('--dry-run', 'check, and change nothing')
    .addHelpText('after', HELP)
    .action(async ({ topic, partition, toOffset, dryRun }: SkipFlags) => {
      const config = parseConfig();
      await awaitAnsweringBroker(config.kafka.brokers);
      const kafka = createKafka(config.kafka, commandLog(config), RETRIES);
      const client = createClickHouse(config.clickhouse);
      try {
        const report = await skipOffsets({
          ...{ kafka, client, groupId: consumerGroup(config), timeoutMs: config.clickhouse.requestTimeoutMs },
          ...{ of: { topic, partition }, toOffset, isDryRun: dryRun ?? false },
        });
        process.stdout.write(`${JSON.stringify(report)}\n`);
        if (!report.dry_run) say(`Skipped ${report.skipped} offsets. Start the ingestors again.`);
      } finally {
        await client.close();
      }
    });
}

import { MAX_MESSAGE_BYTES, RAW_RETENTION_MS } from '@floorwatch/contract';
import { failed, ok, warning, type Finding } from './finding.ts';

/** If ClickHouse is down for longer than the retention, events are lost. */
const SHORT_RETENTION_MS = 6 * 3_600_000;
const HOUR_MS = 3_600_000;

export interface TopicFacts {
  topic: string;
  partitions: number;
  /** Partitions without a leader. */
  leaderless: number;
  /** `retention.ms`, `max.message.bytes` and `cleanup.policy`; empty when the user has no right to read them. */
  settings: ReadonlyMap<string, string>;
  /** Messages with a timestamp more than a minute ahead of this machine's clock. */
  stampedAhead: number;
}

export function missingTopic(topic: string, others: readonly string[]): Finding {
  const detail = `the topic does not exist; existing topics: ${others.join(', ') || 'none'}`;
  const make = `kafka-topics.sh --create --topic ${topic} --partitions 6 --config max.message.bytes=10485760`;
  return failed(`topic ${topic}`, detail, `Check KAFKA_TOPIC, or create the topic: ${make}`);
}

export function topicFindings({ topic, partitions, leaderless, settings, stampedAhead }: TopicFacts): Finding[] {
  const check = `topic ${topic}`;
  const setting = (name: string): number => Number(settings.get(name));
  const change = (to: string): string => `kafka-configs.sh --alter --topic ${topic} --add-config ${to}`;
  const findings: Finding[] = [];
  if (leaderless > 0)
    findings.push(
      failed(check, `${leaderless} of ${partitions} partitions have no leader`, 'Start the missing brokers.')
    );
  if (settings.size === 0)
    findings.push(
      warning(
        check,
        'no right to read its settings',
        'Allow DescribeConfigs on the topic, so that retention and sizes can be checked.'
      )
    );
  const retentionMs = setting('retention.ms');
  if (retentionMs >= 0 && retentionMs < SHORT_RETENTION_MS)
    findings.push(
      warning(
        check,
        `keeps messages for ${(retentionMs / HOUR_MS).toFixed(1)} h: a longer outage of ClickHouse loses events`,
        change('retention.ms=86400000')
      )
    );
  if (retentionMs < 0 || retentionMs > RAW_RETENTION_MS)
    findings.push(
      warning(
        check,
        `keeps messages for longer than ClickHouse keeps events (${RAW_RETENTION_MS / 86_400_000} days): in a replay, older messages are invalid (ts_too_old)`,
        change(`retention.ms=${RAW_RETENTION_MS}`)
      )
    );
  if (setting('max.message.bytes') <= MAX_MESSAGE_BYTES)
    findings.push(
      warning(
        check,
        `takes messages of at most ${setting('max.message.bytes')} bytes: larger ones fail at the producer and never become dead letters`,
        change('max.message.bytes=10485760')
      )
    );
  if (settings.get('cleanup.policy')?.includes('compact') === true)
    findings.push(
      failed(check, 'is compacted: Kafka keeps only the newest event of each robot', change('cleanup.policy=delete'))
    );
  if (stampedAhead > 0)
    findings.push(
      warning(
        check,
        `${stampedAhead} or more messages have a timestamp over a minute ahead of this machine's clock`,
        'Synchronise the clocks of brokers and producers with NTP.'
      )
    );
  return findings.length > 0 ? findings : [ok(check, topicText(partitions, retentionMs))];
}

function topicText(partitions: number, retentionMs: number): string {
  const kept = Number.isFinite(retentionMs) ? `, keeps messages for ${Math.round(retentionMs / HOUR_MS)} h` : '';
  return `${partitions} ${partitions === 1 ? 'partition' : 'partitions'}${kept}`;
}

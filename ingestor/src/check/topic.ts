import { MAX_MESSAGE_BYTES, RAW_RETENTION_MS } from '@floorwatch/contract';
import { failed, ok, warning, type Finding } from './finding.ts';

/** An outage of ClickHouse that is longer than the retention loses events. */
const SHORT_RETENTION_MS = 6 * 3_600_000;
const HOUR_MS = 3_600_000;

export interface TopicFacts {
  topic: string;
  partitions: number;
  /** Partitions that no broker leads at the moment. */
  leaderless: number;
  /** `retention.ms`, `max.message.bytes` and `cleanup.policy`; empty when they may not be read. */
  settings: ReadonlyMap<string, string>;
  /** Messages that are stamped more than a minute ahead of this machine's clock. */
  stampedAhead: number;
}

export function missingTopic(topic: string, others: readonly string[]): Finding {
  const detail = `there is no such topic, only ${others.join(', ') || 'none'}`;
  const make = `kafka-topics.sh --create --topic ${topic} --partitions 6 --config max.message.bytes=10485760`;
  return failed(`topic ${topic}`, detail, `Is KAFKA_TOPIC right? Else: ${make}`);
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
      warning(check, 'its settings may not be read', 'Allow DescribeConfigs on it to see retention and sizes.')
    );
  const retentionMs = setting('retention.ms');
  if (retentionMs >= 0 && retentionMs < SHORT_RETENTION_MS)
    findings.push(
      warning(
        check,
        `keeps messages for ${(retentionMs / HOUR_MS).toFixed(1)} h: an outage of ClickHouse that is longer loses events`,
        change('retention.ms=86400000')
      )
    );
  if (retentionMs < 0 || retentionMs > RAW_RETENTION_MS)
    findings.push(
      warning(
        check,
        `keeps messages for longer than ClickHouse keeps events (${RAW_RETENTION_MS / 86_400_000} days): a replay of old ones refuses them (ts_too_old)`,
        change(`retention.ms=${RAW_RETENTION_MS}`)
      )
    );
  if (setting('max.message.bytes') <= MAX_MESSAGE_BYTES)
    findings.push(
      warning(
        check,
        `takes messages of at most ${setting('max.message.bytes')} bytes: larger ones fail at the robot and never become dead letters`,
        change('max.message.bytes=10485760')
      )
    );
  if (settings.get('cleanup.policy')?.includes('compact') === true)
    findings.push(
      failed(check, 'is compacted: of each robot only the newest event is kept', change('cleanup.policy=delete'))
    );
  if (stampedAhead > 0)
    findings.push(
      warning(
        check,
        `${stampedAhead} messages or more are stamped over a minute ahead of this machine's clock`,
        'Synchronise the clocks of brokers and producers with NTP.'
      )
    );
  return findings.length > 0 ? findings : [ok(check, topicText(partitions, retentionMs))];
}

function topicText(partitions: number, retentionMs: number): string {
  const kept = Number.isFinite(retentionMs) ? `, keeps messages for ${Math.round(retentionMs / HOUR_MS)} h` : '';
  return `${partitions} ${partitions === 1 ? 'partition' : 'partitions'}${kept}`;
}

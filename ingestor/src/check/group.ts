import { ok, warning, type Finding } from './finding.ts';

export interface GroupMember {
  clientId: string;
  clientHost: string;
}

export interface GroupPartition {
  topic: string;
  partition: number;
  low: number;
  high: number;
  /** Null when the group has committed no offset. */
  committed: number | null;
}

export interface GroupFacts {
  groupId: string;
  /** Our own client id. Members with the same id are ingestors. */
  clientId: string;
  /** The state in Kafka; `Dead` or `Empty` when the group has no members. */
  state: string;
  members: readonly GroupMember[];
  partitions: readonly GroupPartition[];
}

export function groupFindings({ groupId, clientId, state, members, partitions }: GroupFacts): Finding[] {
  const check = `group ${groupId}`;
  const findings: Finding[] = [];
  const lag = partitions.reduce((sum, { low, high, committed }) => sum + high - Math.max(low, committed ?? low), 0);
  const strangers = members.filter((member) => member.clientId !== clientId);
  if (strangers.length > 0) {
    const names = strangers.map((member) => `${member.clientId} (${member.clientHost.replace(/^\//, '')})`);
    findings.push(
      warning(
        check,
        `${names.join(', ')} is a member too: it takes partitions and can commit events that were not stored`,
        'Set another KAFKA_GROUP_ID for one of the two. If it is an ingestor, set the same KAFKA_CLIENT_ID.'
      )
    );
  }
  if (members.length > partitions.length)
    findings.push(
      warning(
        check,
        `${members.length} members for ${partitions.length} partitions: ${members.length - partitions.length} have nothing to read`,
        'Run fewer ingestors, or add partitions.'
      )
    );
  for (const { topic, partition, low, high, committed } of partitions) {
    if (committed !== null && committed < low)
      findings.push(
        warning(
          check,
          `offsets ${committed} to ${low - 1} of ${topic}/${partition} were deleted before they were read`,
          'Kafka no longer has them. Increase retention.ms, and restore them from a file with `ingestor replay --file`.'
        )
      );
    if (committed !== null && committed > high)
      findings.push(
        warning(
          check,
          `has committed ${committed} of ${topic}/${partition}, which ends at ${high}: messages at its end are gone (the log was truncated, for example after an unclean leader election, or the topic was created again)`,
          'No action needed: the ingestor starts a new epoch, compares the messages with storage from the last stored one that is left, and stores what is missing. Events that Kafka has lost and that were stored stay.'
        )
      );
  }
  if (members.length === 0 && lag > 0)
    findings.push(warning(check, `no consumer is running, and ${lag} messages are waiting`, 'Start `ingestor run`.'));
  if (findings.length > 0) return findings;
  const people = members.length === 1 ? '1 member' : `${members.length} members`;
  return [ok(check, `${state === 'Dead' ? 'does not exist yet' : state}, ${people}, lag ${lag} messages`)];
}

import { CommandError } from '../errors/errors.ts';

/** The place of one event in Kafka. */
export interface DeadLetterKey {
  topic: string;
  partition: number;
  offset: number;
  /** Index of the event within its message. */
  part: number;
}

/** The place and the content identify a dead letter: a topic that was created again has other messages at the same places. */
export interface DeadLetterId extends DeadLetterKey {
  /** `dead_letters.content`, the hash of its key and bytes; decimal. */
  content: string;
}

export function formatDeadLetterId(id: DeadLetterId): string {
  return `${formatDeadLetterKey(id)}/${id.content}`;
}

/** Parses `TOPIC/PARTITION/OFFSET/PART`; a topic's name contains no slash. @throws CommandError */
export function parseDeadLetterKey(text: string): DeadLetterKey {
  const match = /^([^/]+)\/(\d+)\/(\d+)\/(\d+)$/.exec(text);
  if (!match)
    throw new CommandError(
      'dead_letters',
      `"${text}" is not TOPIC/PARTITION/OFFSET/PART, such as robot.telemetry/0/17/0`
    );
  return { topic: match[1] ?? '', partition: Number(match[2]), offset: Number(match[3]), part: Number(match[4]) };
}

export function formatDeadLetterKey({ topic, partition, offset, part }: DeadLetterKey): string {
  return `${topic}/${partition}/${offset}/${part}`;
}

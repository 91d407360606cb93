import type { RejectReason } from '@floorwatch/contract';
import { jsonOf, type RobotReport } from './report.ts';

/** What a robot could not say properly, and the reason by which it must become a dead letter. */
export interface InvalidPart {
  raw: Buffer;
  reason: RejectReason;
}

/** A Kafka message: one event, or several on lines of their own. */
export interface Message {
  key: string;
  partition: number;
  parts: readonly (RobotReport | InvalidPart)[];
}

export function isInvalid(part: RobotReport | InvalidPart): part is InvalidPart {
  return 'reason' in part;
}

/** The bytes of the message; null is a tombstone. */
export function bytesOf({ parts }: Message): Buffer | null {
  const lines = parts.map((part) => (isInvalid(part) ? part.raw : Buffer.from(jsonOf(part))));
  if (parts.some((part) => isInvalid(part) && part.reason === 'tombstone')) return null;
  return Buffer.concat(lines.flatMap((line, i) => (i === 0 ? [line] : [Buffer.from('\n'), line])));
}

import { createHash } from 'node:crypto';

/** RFC 4122's URL namespace; `sql/` derives the same ids from it, so both paths give the same id to an event without one. */
const NAMESPACE = Buffer.from('6ba7b8119dad11d180b400c04fd430c8', 'hex');

/**
 * The id of an event without one: the UUID v5 of its place in Kafka, so that reading it again gives the same id.
 * @param part index of the event within its message
 */
export function eventIdFor(topic: string, partition: number, offset: number, part: number): string {
  const digest = createHash('sha1').update(NAMESPACE).update(`${topic}/${partition}/${offset}/${part}`).digest();
  digest[6] = (digest.readUInt8(6) & 0x0f) | 0x50;
  digest[8] = (digest.readUInt8(8) & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

import type { Message } from 'kafkajs';

/** The format of a topic. Each has its own topic with one partition. */
export const FORMATS = ['json', 'registry', 'vda5050', 'massrobotics'] as const;
export type Format = (typeof FORMATS)[number];

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** Replaces a record batch of a fetch response. Returns its bytes, and whether the response ends with them. */
export type Alter = (batch: Buffer) => { bytes: Buffer; endsResponse?: boolean };

/** Something hostile between two good events of one partition. */
export interface Input {
  name: string;
  format: Format;
  /** Reason of its dead letters; null when it is legitimately accepted. */
  reason: string | null;
  /** What the broker gets from the producer. */
  messages: readonly Message[];
  codec?: Codec;
  /** Aborted at the end. */
  isAborted?: true;
  /** What the ingestor gets instead of the batch of the messages. */
  alter?: Alter;
  /** Part of the short form, which `npm test` runs. */
  isShort?: true;
}

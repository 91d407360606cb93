import type { KafkaMessage } from 'kafkajs';
import Decoder from 'kafkajs/src/protocol/decoder.js';
import fetchResponse from 'kafkajs/src/protocol/requests/fetch/v11/response.js';
import decodeMessages from 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js';
import { ByteReader } from './byte-reader.ts';
import type { FetchedMessage } from './fetched-message.ts';
import { readRecordSet } from './record-set.ts';

/**
 * Makes kafkajs decode fetch responses with the code below, which saves more than half of the CPU time of kafkajs. (kafkajs
 * creates about fifteen objects per message, such as BigInts for 64-bit numbers.)
 *
 * It replaces one function of kafkajs, so package.json pins its exact version: the decoder of fetch responses of version 11.
 * This is the latest version that kafkajs knows, and every broker since 2.3 supports it. A test checks that both decoders return
 * the same messages. kafkajs stores the function in a global, so one call per process is enough.
 */
export function useFetchDecoder(): void {
  fetchResponse.decode = decodeFetch;
}

type Decoded = { messages: KafkaMessage[] | AscendingMessages } & Record<string, unknown>;

/** See kafkajs' protocol/requests/fetch/v11/response.js for the fields and their order. */
export async function decodeFetch(bytes: Buffer) {
  const arrivedAtMs = Date.now();
  const reader = new ByteReader(bytes);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const responses: { topicName: string; partitions: Decoded[] }[] = [];
  for (let topics = reader.int32(); topics > 0; topics--) {
    const response = { topicName: reader.string(), partitions: [] as Decoded[] };
    for (let partitions = reader.int32(); partitions > 0; partitions--) {
      response.partitions.push(await decodePartition(reader, arrivedAtMs));
    }
    responses.push(response);
  }
  // The broker has already throttled this client. Otherwise kafkajs would wait a second time.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

async function decodePartition(reader: ByteReader, arrivedAtMs: number): Promise<Decoded> {
  const head = {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: String(reader.int64()),
    lastStableOffset: String(reader.int64()),
    lastStartOffset: String(reader.int64()),
    abortedTransactions: decodeAbortedTransactions(reader),
    preferredReadReplica: reader.int32(),
  };
  const sizeAt = reader.at;
  const recordSet = reader.slice(Math.max(0, reader.int32())) ?? Buffer.alloc(0);
  const messages = head.abortedTransactions.length > 0 ? null : await readRecordSet(recordSet, arrivedAtMs);
  if (messages) return { ...head, messages: new AscendingMessages(messages) };
  const decoded = await decodeMessages(new Decoder(reader.bytes.subarray(sizeAt, reader.at)));
  return { ...head, messages: decoded.map((message) => Object.assign(message, { arrivedAtMs })) };
}

function decodeAbortedTransactions(reader: ByteReader): { producerId: string; firstOffset: string }[] {
  return Array.from({ length: Math.max(0, reader.int32()) }, () => ({
    producerId: String(reader.int64()),
    firstOffset: String(reader.int64()),
  }));
}

/** What kafkajs' Batch needs of its raw messages: their number, and the messages from the requested offset. */
class AscendingMessages {
  readonly #messages: FetchedMessage[];

  constructor(messages: FetchedMessage[]) {
    this.#messages = messages;
  }

  get length(): number {
    return this.#messages.length;
  }

  /** @param isWanted false up to some offset and true after it, so a binary search finds the offset */
  filter(isWanted: (message: FetchedMessage) => boolean): FetchedMessage[] {
    let from = 0;
    let to = this.#messages.length;
    while (from < to) {
      const middle = (from + to) >>> 1;
      const message = this.#messages[middle];
      if (message && isWanted(message)) to = middle;
      else from = middle + 1;
    }
    return from === 0 ? this.#messages : this.#messages.slice(from);
  }
}

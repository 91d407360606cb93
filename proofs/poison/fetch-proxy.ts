import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { LOOPBACK } from '@floorwatch/servers/ports';
import type { Alter } from './inputs/input.ts';

const FETCH = 1;
/** The version that kafkajs requests. */
const FETCH_VERSION = 11;
const LENGTH_AT = 8;
const LENGTH_COUNTS_FROM = 12;

export interface FetchProxy {
  readonly port: number;
  /** Replaces the batch that begins at this offset, in every fetch from now on. */
  alter(topic: string, firstOffset: number, alter: Alter): void;
  close(): void;
}

/**
 * A proxy in front of a broker that replaces record batches in fetch responses: so batches which the broker would reject from a
 * producer reach a consumer as if the broker's disk had them.
 */
export async function startFetchProxy(targetPort: number): Promise<FetchProxy> {
  const alters = new Map<string, Alter>();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const broker = connect(targetPort, LOOPBACK);
    /** Correlation ids of the fetch requests without a response. */
    const fetches = new Set<number>();
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      sockets.add(socket);
      socket.once('error', () => other.destroy()).once('close', () => sockets.delete(socket) && other.destroy());
    }
    onFrames(client, (frame) => {
      const isFetch = frame.readInt16BE(4) === FETCH && frame.readInt16BE(6) === FETCH_VERSION;
      if (isFetch) fetches.add(frame.readInt32BE(8));
      broker.write(frame);
    });
    onFrames(broker, (frame) => {
      const isFetch = fetches.delete(frame.readInt32BE(4));
      client.write(isFetch && alters.size > 0 ? altered(frame, alters) : frame);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    alter: (topic, firstOffset, alter) => {
      alters.set(`${topic}/${firstOffset}`, alter);
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Calls back with each request or response, its length in the first four bytes included. */
function onFrames(socket: Socket, onFrame: (frame: Buffer) => void): void {
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
      const end = 4 + received.readInt32BE(0);
      onFrame(received.subarray(0, end));
      received = received.subarray(end);
    }
  });
}

/** The response with altered record sets. Its fields are those of version 11 in Kafka's protocol guide. */
function altered(frame: Buffer, alters: ReadonlyMap<string, Alter>): Buffer {
  const pieces: Buffer[] = [];
  let copied = 4;
  // Length, correlation id, throttle time, error, session id.
  let at = 4 + 4 + 4 + 2 + 4;
  const int32 = (): number => {
    at += 4;
    return frame.readInt32BE(at - 4);
  };
  for (let topics = int32(); topics > 0; topics--) {
    const nameLength = frame.readInt16BE(at);
    const topic = frame.toString('utf8', at + 2, at + 2 + nameLength);
    at += 2 + nameLength;
    for (let partitions = int32(); partitions > 0; partitions--) {
      // Partition, error, high watermark, last stable offset, log start.
      at += 4 + 2 + 8 + 8 + 8;
      const abortedTransactions = Math.max(0, int32());
      at += abortedTransactions * 16 + 4; // And the preferred replica.
      const sizeAt = at;
      const size = Math.max(0, int32());
      const records = alteredRecords(frame.subarray(at, at + size), topic, alters);
      const newSize = Buffer.alloc(4);
      newSize.writeInt32BE(records.length);
      pieces.push(frame.subarray(copied, sizeAt), newSize, records);
      at += size;
      copied = at;
    }
  }
  const body = Buffer.concat([...pieces, frame.subarray(copied)]);
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length);
  return Buffer.concat([length, body]);
}

function alteredRecords(records: Buffer, topic: string, alters: ReadonlyMap<string, Alter>): Buffer {
  const pieces: Buffer[] = [];
  for (let start = 0; start < records.length;) {
    const isWhole = start + LENGTH_COUNTS_FROM <= records.length;
    const end = isWhole ? start + LENGTH_COUNTS_FROM + records.readInt32BE(start + LENGTH_AT) : Infinity;
    const alter = isWhole ? alters.get(`${topic}/${records.readBigInt64BE(start)}`) : undefined;
    if (end > records.length || !alter) {
      pieces.push(records.subarray(start, end));
      start = end;
      continue;
    }
    const { bytes, endsResponse } = alter(Buffer.from(records.subarray(start, end)));
    pieces.push(bytes);
    if (endsResponse) break;
    start = end;
  }
  return Buffer.concat(pieces);
}

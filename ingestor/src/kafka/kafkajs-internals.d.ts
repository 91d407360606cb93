/** The parts of kafkajs 2.2.4 that fetch-decoder.ts, connection-patch.ts and their tests use. kafkajs has no types for them. */

declare module 'kafkajs/src/protocol/decoder.js' {
  export interface Decoder {
    readonly buffer: Buffer;
  }
  const Decoder: new (buffer: Buffer) => Decoder;
  export default Decoder;
}

declare module 'kafkajs/src/protocol/requests/fetch/v11/response.js' {
  const response: { decode: (raw: Buffer) => Promise<unknown> };
  export default response;
}

declare module 'kafkajs/src/protocol/requests/fetch/index.js' {
  /** The arguments of a fetch request, as far as they are used here. */
  interface Fetch {
    topics: { topic: string; partitions: { partition: number; fetchOffset: string }[] }[];
  }
  interface FetchProtocol {
    response: { decode: (raw: Buffer) => Promise<unknown> };
  }
  const requests: { protocol: (options: { version: number }) => (fetch: Fetch) => FetchProtocol };
  export default requests;
}

declare module 'kafkajs/src/protocol/requests/fetch/v4/decodeMessages.js' {
  import type { KafkaMessage } from 'kafkajs';
  import type { Decoder } from 'kafkajs/src/protocol/decoder.js';
  /** @param decoder at the length of a record set */
  const decodeMessages: (decoder: Decoder) => Promise<KafkaMessage[]>;
  export default decodeMessages;
}

declare module 'kafkajs/src/protocol/message/compression/index.js' {
  const compression: {
    lookupCodecByAttributes(attributes: number): { decompress(bytes: Buffer): Promise<Buffer> } | null;
  };
  export default compression;
}

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  export interface Connection {
    readonly host: string;
    readonly port: number;
    /** The received part of an incomplete response, and the number of bytes needed to continue. */
    chunks: Buffer[];
    bytesBuffered: number;
    bytesNeeded: number;
    /** Of the latest attempt to connect. */
    readonly socket?: Socket;
    connectionStatus: string;
    authenticatedAt: [number, number] | null;
    /** True while this client authenticates. */
    readonly authHandlers: { onError(): void } | null;
    readonly requestQueue: {
      rejectAll(error: Error): void;
      /** Ends its timers. */
      destroy(): void;
    };
    isConnected(): boolean;
    connect: (this: Connection) => Promise<boolean>;
    disconnect: (this: Connection) => Promise<boolean>;
    send(protocol: object): Promise<unknown>;
  }
  const Connection: { prototype: Connection; new (options: object): Connection };
  export default Connection;
}

declare module 'kafkajs/src/network/socketFactory.js' {
  const createSocketFactory: () => object;
  export default createSocketFactory;
}

declare module 'kafkajs/src/protocol/requests/apiVersions/index.js' {
  const apiVersions: { protocol(options: { version: number }): () => object };
  export default apiVersions;
}

declare module 'kafkajs/src/network/connectionStatus.js' {
  const connectionStatus: { CONNECTION_STATUS: { DISCONNECTED: string } };
  export default connectionStatus;
}

declare module 'kafkajs/src/errors.js' {
  const errors: {
    KafkaJSConnectionClosedError: new (message: string, at: { host: string; port: number }) => Error;
  };
  export default errors;
}

/** The parts of kafkajs 2.2.4 that light-fetch.ts reaches into; they have no types of their own. */

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

import { isUtf8 } from 'node:buffer';
import type { Result } from '@floorwatch/contract';
import type { MessageReader, Preparation } from '../decode/message-reader.ts';
import { decoderFailed, type Outcome } from '../decode/outcome.ts';
import { readable } from '../decode/readable.ts';
import { NestedTooDeepError, parseNestedJson } from '../decode/strict-json.ts';
import { avroReader } from './avro-reader.ts';
import { plainRecord } from './plain-record.ts';
import { protobufReader } from './protobuf-reader.ts';
import {
  SchemaReferenceError,
  type PayloadReader,
  type RegisteredSchema,
  type SchemaRegistryClient,
} from './registry-client.ts';

const MAGIC_BYTE = 0;
const HEADER_BYTES = 5;
/** A fetch of messages with invented ids asks for each of them. */
const CONCURRENT_REQUESTS = 16;
/** With more ids than this, those without a usable schema are forgotten, and then the oldest ones. */
const MAX_KNOWN_IDS = 10_000;
/** An id without a usable schema is requested again after this time, because it may be registered later. */
const UNKNOWN_FOR_MS = 5_000;

type SchemaFormat = 'avro' | 'protobuf' | 'json';

type KnownSchema = Result<{ format: SchemaFormat; read: PayloadReader }, 'schema_unknown'>;

/**
 * Reads messages in the registry's wire format: a zero byte, the schema's id (big-endian, 4 bytes), the payload.
 *
 * `read` does not wait, so `prepare` must first fetch the schemas of a batch. If the registry does not have a schema or one of its
 * references, the message becomes a dead letter. A registry that does not respond is infrastructure: `prepare` throws.
 */
export class RegistryReader implements MessageReader {
  readonly #registry: Pick<SchemaRegistryClient, 'schemaById'>;
  readonly #known = new Map<number, KnownSchema>();
  /** When the ids without a usable schema were requested. */
  readonly #unknownSinceMs = new Map<number, number>();
  readonly preparation: Preparation = {
    isReady: (values) => this.#unknownIds(values).size === 0,
    prepare: async (values) => {
      const ids = this.#unknownIds(values);
      this.#forget(ids);
      const waiting = ids.values();
      const fetchNext = async (): Promise<void> => {
        for (const id of waiting) this.#remember(id, await this.#fetch(id));
      };
      await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, fetchNext));
    },
  };

  constructor(registry: Pick<SchemaRegistryClient, 'schemaById'>) {
    this.#registry = registry;
  }

  /** Ids to request. Those that the registry did not have a moment ago are not requested for each fetch. */
  #unknownIds(values: readonly (Buffer | null)[]): Set<number> {
    const ids = new Set<number>();
    const nowMs = Date.now();
    for (const value of values) {
      const id = schemaId(value);
      if (id === null || this.#known.get(id)?.ok === true) continue;
      if (nowMs - (this.#unknownSinceMs.get(id) ?? -Infinity) >= UNKNOWN_FOR_MS) ids.add(id);
    }
    return ids;
  }

  #remember(id: number, schema: KnownSchema): void {
    this.#known.set(id, schema);
    if (schema.ok) this.#unknownSinceMs.delete(id);
    else this.#unknownSinceMs.set(id, Date.now());
  }

  /** Bounds the memory that ids take, invented ones too. */
  #forget(needed: ReadonlySet<number>): void {
    if (this.#known.size <= MAX_KNOWN_IDS) return;
    const forget = (id: number): void => {
      this.#known.delete(id);
      this.#unknownSinceMs.delete(id);
    };
    for (const [id, { ok }] of this.#known) if (!ok && !needed.has(id)) forget(id);
    const excess = this.#known.size - MAX_KNOWN_IDS;
    for (const id of [...this.#known.keys()].slice(0, Math.max(0, excess))) if (!needed.has(id)) forget(id);
  }

  async #fetch(id: number): Promise<KnownSchema> {
    const schema = await this.#registry.schemaById(id).catch(missingReference);
    if (schema === null) return unknown(`the registry has no schema ${id}`);
    if (schema instanceof SchemaReferenceError) return unknown(`schema ${id} is incomplete: ${schema.message}`);
    try {
      return { ok: true, value: payloadReader(schema) };
    } catch (error) {
      return unknown(`schema ${id} cannot be used: ${(error as Error).message}`);
    }
  }

  /** One event per message. The schema must be prepared. */
  read(value: Buffer | null): Outcome<unknown>[] {
    const bytes = readable(value);
    if (!Buffer.isBuffer(bytes)) return [bytes];
    const id = schemaId(bytes);
    if (id === null) {
      const detail = 'the message does not start with a zero byte and a schema id';
      return [{ ok: false, reason: 'schema_framing_invalid', detail, raw: bytes }];
    }
    const schema = this.#known.get(id) ?? unknown(`schema ${id} was not prepared`);
    if (!schema.ok) return [{ ...schema, raw: bytes }];
    try {
      return [{ ok: true, value: plainRecord(schema.value.read(bytes.subarray(HEADER_BYTES))), raw: bytes }];
    } catch (error) {
      if (isNestedTooDeep(error)) return [decoderFailed(error, bytes)];
      const detail = `does not match schema ${id}: ${(error as Error).message}`;
      return [{ ok: false, reason: `${schema.value.format}_invalid`, detail, raw: bytes }];
    }
  }
}

function unknown(detail: string): KnownSchema & { ok: false } {
  return { ok: false, reason: 'schema_unknown', detail };
}

/** Any other error is a failure of the registry, and is retried. */
function missingReference(error: unknown): SchemaReferenceError {
  if (error instanceof SchemaReferenceError) return error;
  throw error;
}

function schemaId(value: Buffer | null): number | null {
  return value !== null && value.length > HEADER_BYTES && value[0] === MAGIC_BYTE ? value.readUInt32BE(1) : null;
}

/** JSON, or a record of a recursive schema, which overflows the stack. */
function isNestedTooDeep(error: unknown): boolean {
  return (
    error instanceof NestedTooDeepError ||
    (error instanceof RangeError && error.message.startsWith('Maximum call stack'))
  );
}

/** The reader of one registered schema. Throws when the schema itself cannot be used. */
function payloadReader(schema: RegisteredSchema): { format: SchemaFormat; read: PayloadReader } {
  switch (schema.type) {
    case 'AVRO':
      return { format: 'avro', read: avroReader(schema) };
    case 'PROTOBUF':
      return { format: 'protobuf', read: protobufReader(schema) };
    case 'JSON':
      return { format: 'json', read: readJson };
    default:
      throw new Error(`schemas of type ${schema.type} are not supported`);
  }
}

function readJson(payload: Buffer): unknown {
  if (!isUtf8(payload)) throw new SyntaxError('the bytes are not UTF-8');
  return parseNestedJson(payload.toString('utf8'));
}

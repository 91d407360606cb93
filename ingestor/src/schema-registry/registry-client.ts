import { z } from 'zod';

const REQUEST_TIMEOUT_MS = 10_000;
/** Far above any schema. A server that sends more is not a schema registry. */
const MAX_ANSWER_BYTES = 16 << 20;
/** Of one schema with everything that it references. */
const MAX_REFERENCES = 200;

const reference = z.object({ name: z.string(), subject: z.string(), version: z.number() });
const answer = z.object({
  schema: z.string(),
  /** Absent means AVRO, because the first versions of the registry supported only Avro. */
  schemaType: z.string().default('AVRO'),
  references: z.array(reference).default([]),
});

/** A schema with the texts of all its references, the deepest first. */
export interface RegisteredSchema {
  type: string;
  schema: string;
  references: { name: string; schema: string }[];
}

/** Reads the bytes after the schema id as a plain record. Throws when they do not match the schema. */
export type PayloadReader = (payload: Buffer) => unknown;

/** The registry did not respond, or responded with an error other than "schema not found". */
export class SchemaRegistryError extends Error {
  override name = 'SchemaRegistryError';
}

/** The registry has the schema but not its references. A retry now gives the same result. */
export class SchemaReferenceError extends Error {
  override name = 'SchemaReferenceError';
}

/** Reads schemas from a Confluent-compatible registry. */
export class SchemaRegistryClient {
  readonly #baseUrl: string;
  readonly #headers: Record<string, string>;

  /** @param url its base address; a user and password in it are sent as basic authentication */
  constructor(url: string) {
    const parsed = new URL(url);
    const credentials = `${decodeURIComponent(parsed.username)}:${decodeURIComponent(parsed.password)}`;
    this.#headers =
      parsed.username === '' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
    parsed.username = '';
    parsed.password = '';
    this.#baseUrl = parsed.href.replace(/\/$/, '');
  }

  /**
   * Null when the registry has no schema with this id. Throws `SchemaRegistryError` when the registry fails, and
   * `SchemaReferenceError` when a reference is missing.
   */
  async schemaById(id: number): Promise<RegisteredSchema | null> {
    const found = await this.#get(`/schemas/ids/${id}`, answer);
    if (found === null) return null;
    return {
      type: found.schemaType,
      schema: found.schema,
      references: await this.#resolve(found.references, new Set(), []),
    };
  }

  /** The number of subjects. Throws `SchemaRegistryError` when the server is not a schema registry, or fails. */
  async subjects(): Promise<number> {
    const names = await this.#get('/subjects', z.array(z.string()));
    if (names === null) throw new SchemaRegistryError(`there is no schema registry at ${this.#baseUrl}`);
    return names.length;
  }

  /**
   * @param visited subjects and versions, each returned once: two schemas may refer to a third
   * @param path those that lead here
   */
  async #resolve(
    references: z.infer<typeof reference>[],
    visited: Set<string>,
    path: readonly string[]
  ): Promise<RegisteredSchema['references']> {
    const resolved: RegisteredSchema['references'] = [];
    for (const { name, subject, version } of references) {
      const key = `${subject}/${version}`;
      if (path.includes(key)) throw new SchemaReferenceError(`the references form a cycle at ${key}`);
      if (visited.has(key)) continue;
      visited.add(key);
      if (visited.size > MAX_REFERENCES) throw new SchemaReferenceError(`more than ${MAX_REFERENCES} references`);
      const found = await this.#get(`/subjects/${encodeURIComponent(subject)}/versions/${version}`, answer);
      if (found === null) throw new SchemaReferenceError(`the registry has no version ${version} of ${subject}`);
      resolved.push(...(await this.#resolve(found.references, visited, [...path, key])), {
        name,
        schema: found.schema,
      });
    }
    return resolved;
  }

  async #get<T>(path: string, type: z.ZodType<T>): Promise<T | null> {
    const url = this.#baseUrl + path;
    let response: Response;
    try {
      // A redirect could lead to any address that the ingestor reaches and others do not.
      const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
      response = await fetch(url, { headers: this.#headers, redirect: 'manual', signal });
    } catch (cause) {
      throw new SchemaRegistryError(`the schema registry cannot be reached at ${url}`, { cause });
    }
    if (response.status === 404) return null;
    if (response.status >= 300 && response.status < 400) {
      throw new SchemaRegistryError(
        `the schema registry at ${url} redirects: set SCHEMA_REGISTRY_URL to its own address`
      );
    }
    if (!response.ok)
      throw new SchemaRegistryError(`the schema registry responds with status ${response.status} at ${url}`);
    const body = type.safeParse(await boundedJson(response).catch(() => null));
    if (!body.success) throw new SchemaRegistryError(`the server at ${url} is not a schema registry`);
    return body.data;
  }
}

/** @throws when the response is longer than the limit, or not JSON */
async function boundedJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // Leaving the loop cancels the response.
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the response is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

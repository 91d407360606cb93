import type { Admin, Kafka } from 'kafkajs';
import pTimeout, { TimeoutError } from 'p-timeout';
import type { Logger } from 'pino';
import { REQUEST_TIMEOUT_MS } from './kafka-client.ts';

/** Longer than all retries of kafkajs. A request that takes longer never ends. */
const PATIENCE_MS = 2 * REQUEST_TIMEOUT_MS;

/** kafkajs's admin client. It is replaced when a response does not come, because partitions wait for the responses. */
export class AdminClient {
  readonly #kafka: Kafka;
  readonly #log: Logger;
  #admin: Admin;

  constructor(kafka: Kafka, log: Logger) {
    this.#kafka = kafka;
    this.#log = log;
    this.#admin = kafka.admin();
  }

  connect(): Promise<void> {
    return this.#admin.connect();
  }

  disconnect(): Promise<void> {
    return this.#admin.disconnect();
  }

  /** Throws the error of the request, or a timeout. After a timeout, the next request uses a new client. */
  async ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = this.#admin;
    try {
      return await pTimeout(question(admin), {
        milliseconds: PATIENCE_MS,
        message: `Kafka did not respond within ${PATIENCE_MS / 1000} s`,
      });
    } catch (err) {
      if (err instanceof TimeoutError && this.#admin === admin) this.#replace(admin);
      throw err;
    }
  }

  #replace(old: Admin): void {
    this.#log.error({ waitedMs: PATIENCE_MS }, 'Kafka admin client unresponsive; replacing it');
    this.#admin = this.#kafka.admin();
    old.disconnect().catch((err: unknown) => {
      this.#log.warn({ err }, 'old Kafka admin client could not be disconnected');
    });
  }
}

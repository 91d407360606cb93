import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** No configured broker accepts a connection. The message contains the error of each. */
export class NoBrokerAnswersError extends Error {
  override name = 'NoBrokerAnswersError';
}

/** How long a command waits. A broker that restarts is usually available again by then. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 500;

/**
 * Resolves as soon as one of the brokers accepts a connection. It is for commands, where a user waits; kafkajs retries for much
 * longer. It does not check whether the broker accepts the login.
 * @param brokers each `host:port`
 * @throws NoBrokerAnswersError
 */
export async function awaitAnsweringBroker(brokers: readonly string[], patienceMs = PATIENCE_MS): Promise<void> {
  const found = new AbortController();
  const end = AbortSignal.any([AbortSignal.timeout(patienceMs), found.signal]);
  const failures = new Map(brokers.map((broker) => [broker, `no response within ${patienceMs / 1000} s`]));
  const note = (broker: string, { message, code }: NodeJS.ErrnoException): void => {
    // The error of a host name with several addresses has no message.
    failures.set(broker, message || (code ?? 'no reason given'));
  };
  try {
    await Promise.any(brokers.map((broker) => untilConnected(broker, end, note)));
  } catch {
    throw new NoBrokerAnswersError([...failures].map(([broker, why]) => `${broker}: ${why}`).join('; '));
  } finally {
    found.abort();
  }
}

/** Throws when `end` aborts first. */
async function untilConnected(
  broker: string,
  end: AbortSignal,
  onFailure: (broker: string, error: Error) => void
): Promise<void> {
  for (;;) {
    try {
      await connectOnce(broker, end);
      return;
    } catch (error) {
      end.throwIfAborted();
      onFailure(broker, error as Error);
    }
    await sleep(RETRY_MS, undefined, { signal: end });
  }
}

async function connectOnce(broker: string, end: AbortSignal): Promise<void> {
  const colon = broker.lastIndexOf(':');
  const socket = connect({ host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) });
  try {
    await once(socket, 'connect', { signal: end });
  } finally {
    // Ignores errors after the wait has ended.
    socket.on('error', () => undefined).destroy();
  }
}

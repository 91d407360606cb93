import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** None of the configured brokers takes a connection; the message says of each what is wrong there. */
export class NoBrokerAnswersError extends Error {
  override name = 'NoBrokerAnswersError';
}

/** A command's patience: a broker that only starts again is mostly back by then. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 500;

/**
 * Settles as soon as one of the brokers takes a connection. It is for commands, at which somebody waits: kafkajs has the
 * patience of a service. Whether the broker then lets this client in is for kafkajs to find out.
 * @param brokers each `host:port`
 * @throws NoBrokerAnswersError
 */
export async function awaitAnsweringBroker(brokers: readonly string[], patienceMs = PATIENCE_MS): Promise<void> {
  const found = new AbortController();
  const end = AbortSignal.any([AbortSignal.timeout(patienceMs), found.signal]);
  const failures = new Map(brokers.map((broker) => [broker, `no answer within ${patienceMs / 1000} s`]));
  const note = (broker: string, { message, code }: NodeJS.ErrnoException): void => {
    // That of a name with several addresses has no message.
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

/** Throws when `end` comes first. */
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
    // An error that comes after the wait has ended has nobody to hear it.
    socket.on('error', () => undefined).destroy();
  }
}

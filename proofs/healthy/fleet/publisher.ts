import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import type { Ledger } from './ledger.ts';
import { bytesOf, type Message } from './message.ts';
import type { Behaviour } from './faults.ts';

const TICK_MS = 1_000;

/** A fleet that reports once per second until it is stopped. */
export interface LiveFleet {
  /** From the next tick on, these report as well. */
  join(behaviours: readonly Behaviour[]): void;
  /** Settles when all that was sent is in the ledger; nothing follows until `resume`. */
  pause(): Promise<void>;
  resume(): void;
  stop(): Promise<void>;
}

/** Publishes what the robots say, and enters it in the ledger. A tick that takes too long delays the next one. */
export async function startFleet(brokers: string, topic: string, ledger: Ledger): Promise<LiveFleet> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  await producer.connect();
  const fleet: { behaviour: Behaviour; tick: number }[] = [];
  let [stopped, paused] = [false, false];

  const publish = async (messages: readonly Message[]): Promise<void> => {
    const sentMs = Date.now();
    const acknowledged = await producer.send({
      topic,
      messages: messages.map((message) => ({
        ...{ key: message.key, partition: message.partition, value: bytesOf(message) },
      })),
    });
    const firstOffsets = acknowledged.map(({ partition, baseOffset }) => [partition, Number(baseOffset)] as const);
    ledger.add(messages, sentMs, new Map(firstOffsets));
  };
  const run = async (): Promise<void> => {
    while (!stopped) {
      const startedMs = Date.now();
      const messages = paused ? [] : fleet.flatMap((robot) => robot.behaviour(startedMs, robot.tick++));
      if (messages.length > 0) await (ledger.recorded = publish(messages));
      await sleep(Math.max(0, startedMs + TICK_MS - Date.now()));
    }
  };
  const running = run();
  // The caller that stops the fleet receives its failure; until then it is not unhandled.
  running.catch(() => undefined);
  return {
    join(behaviours) {
      fleet.push(...behaviours.map((behaviour) => ({ behaviour, tick: 0 })));
    },
    async pause() {
      paused = true;
      await ledger.recorded;
    },
    resume() {
      paused = false;
    },
    async stop() {
      stopped = true;
      await running.finally(() => producer.disconnect());
    },
  };
}

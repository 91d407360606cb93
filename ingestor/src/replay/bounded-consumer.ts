import { randomUUID } from 'node:crypto';
import type {
  Assignment,
  Committed,
  ConsumedMessage,
  GroupConsumer,
  GroupHandlers,
  TopicPartition,
  Watermarks,
} from '../kafka/group-consumer.ts';
import { formatCheckpoint } from '../pipeline/checkpoint-metadata.ts';
import type { OffsetRange } from './offset-range.ts';

/** Markers without messages may come from a fetch before a seek. Then messages follow within this time. */
const QUIET_MS = 2_000;

interface PartitionState extends OffsetRange {
  /** True when no message below `to` follows. */
  isRead: boolean;
  /** The offset after the last message that was passed on. */
  handedOver: number;
  /** All messages below it are durable. */
  durable: number;
  isPaused: boolean;
  quiet: NodeJS.Timeout | null;
}

/**
 * A group consumer that reads only given ranges of offsets, so that the live pipeline can replay a range of a topic.
 * Invariant: a partition is complete only when every message of its range was passed on and committed.
 */
export class BoundedConsumer implements GroupConsumer {
  readonly #inner: GroupConsumer;
  /** The checkpoint at the start of a range. A replay compares all batches with storage itself. */
  readonly #start = formatCheckpoint({ epoch: randomUUID().slice(0, 8), claim: null, marks: [], compareBelow: 0 });
  readonly #states: Map<number, PartitionState>;
  readonly #finished = Promise.withResolvers<undefined>();

  constructor(inner: GroupConsumer, ranges: readonly OffsetRange[]) {
    this.#inner = inner;
    this.#states = new Map(
      ranges.map((range) => [
        range.partition,
        { ...range, isRead: false, handedOver: range.from, durable: range.from, isPaused: true, quiet: null },
      ])
    );
  }

  /** Resolves when every range is durable. */
  get finished(): Promise<undefined> {
    return this.#finished.promise;
  }

  /** By partition, the rest of its range. */
  get remaining(): OffsetRange[] {
    return [...this.#states.values()]
      .filter((state) => !isComplete(state))
      .map(({ partition, durable, to }) => ({ partition, from: durable, to }));
  }

  connect(): Promise<void> {
    return this.#inner.connect();
  }

  clusterId(): Promise<string> {
    return this.#inner.clusterId();
  }

  join(handlers: GroupHandlers): Promise<void> {
    return this.#inner.join({
      onAssigned: ({ partitions, lost }) => {
        handlers.onAssigned({ partitions: partitions.filter((of) => this.#isWanted(of)), lost });
      },
      onMessages: (from, messages) => {
        this.#onMessages(from, messages, handlers);
      },
      onSkipped: (from, next) => {
        this.#onSkipped(from, next);
      },
    });
  }

  /** The committed offset of this group, or the start of the range, because the group is new. */
  async committed(of: TopicPartition): Promise<Committed> {
    const held = await this.#inner.committed(of);
    const from = this.#states.get(of.partition)?.from;
    return held.offset === null && from !== undefined ? { offset: from, metadata: this.#start } : held;
  }

  watermarks(of: TopicPartition): Promise<Watermarks> {
    return this.#inner.watermarks(of);
  }

  async commit(under: Assignment, of: TopicPartition, offset: number, metadata: string): Promise<void> {
    await this.#inner.commit(under, of, offset, metadata);
    const state = this.#states.get(of.partition);
    if (state) state.durable = offset;
    this.#settle();
  }

  /** Never seeks before the range: messages there must not be read, not even for their event ids. */
  async seek(to: TopicPartition, offset: number | 'earliest'): Promise<void> {
    const state = this.#states.get(to.partition);
    const target = state && offset !== 'earliest' ? Math.max(offset, state.from) : (state?.from ?? offset);
    await this.#inner.seek(to, target);
    if (!state) return;
    // The records were skipped before the seek, so messages can follow again.
    if (state.quiet) clearTimeout(state.quiet);
    Object.assign(state, { isRead: false, handedOver: state.durable, quiet: null });
  }

  pause(which: TopicPartition): void {
    const state = this.#states.get(which.partition);
    if (state) state.isPaused = true;
    this.#inner.pause(which);
  }

  resume(which: TopicPartition): void {
    const state = this.#states.get(which.partition);
    if (state?.isRead) return;
    if (state) state.isPaused = false;
    this.#inner.resume(which);
  }

  async stop(): Promise<void> {
    for (const { quiet } of this.#states.values()) if (quiet) clearTimeout(quiet);
    await this.#inner.stop();
  }

  #isWanted({ partition }: TopicPartition): boolean {
    const state = this.#states.get(partition);
    return state !== undefined && !isComplete(state);
  }

  #onMessages(from: TopicPartition, messages: readonly ConsumedMessage[], handlers: GroupHandlers): void {
    const state = this.#states.get(from.partition);
    if (!state || state.isRead) return;
    if (state.quiet) clearTimeout(state.quiet);
    const isWithin = ({ offset }: ConsumedMessage): boolean => Number(offset) < state.to;
    const wanted = messages.every(isWithin) ? messages : messages.filter(isWithin);
    const last = wanted.at(-1);
    if (last) state.handedOver = Number(last.offset) + 1;
    state.isRead = wanted.length < messages.length || state.handedOver >= state.to;
    if (state.isRead) this.#inner.pause(from);
    if (wanted.length > 0) handlers.onMessages(from, wanted, state.to - state.handedOver);
    this.#settle();
  }

  /** The range may end with records that are not messages (transaction markers), after which nothing arrives. */
  #onSkipped(from: TopicPartition, next: number): void {
    const state = this.#states.get(from.partition);
    if (!state || state.isRead || next < state.to) return;
    if (state.quiet) clearTimeout(state.quiet);
    state.quiet = setTimeout(() => {
      if (state.isPaused) {
        this.#onSkipped(from, next);
        return;
      }
      state.isRead = true;
      this.#inner.pause(from);
      this.#settle();
    }, QUIET_MS);
  }

  #settle(): void {
    if ([...this.#states.values()].every(isComplete)) this.#finished.resolve(undefined);
  }
}

function isComplete({ isRead, handedOver, durable, to }: PartitionState): boolean {
  return durable >= to || (isRead && durable >= handedOver);
}

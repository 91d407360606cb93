import type { TopicPartition } from '../kafka/group-consumer.ts';
import type { PartitionDependencies } from './partition-dependencies.ts';
import { PauseReasons, type PauseReason } from './pause-reasons.ts';
import type { Reader } from './reading-turns.ts';

/** With this many messages still to be read, a partition catches up. */
const BACKLOG_MESSAGES = 20_000;

/** What the partition has in memory; a batch that is being rebuilt ends where it ended before, however large it is. */
interface Load {
  bufferedBytes: number;
  isRebuilding: boolean;
}

/** Decides when one partition is read and when it is paused: by its memory, and by turns while it catches up. */
export class ReadingPace implements Reader {
  readonly #deps: Pick<PartitionDependencies, 'limits' | 'turns'>;
  readonly #pauses: PauseReasons;
  readonly #load: () => Load;
  #isBehind = false;
  #isLookingForPosition = true;

  constructor(
    of: TopicPartition,
    deps: Pick<PartitionDependencies, 'consumer' | 'limits' | 'turns'>,
    load: () => Load
  ) {
    this.#deps = deps;
    this.#pauses = new PauseReasons(of, deps.consumer);
    this.#load = load;
  }

  /** Null while it is read. */
  get pauseReason(): PauseReason | null {
    return this.#pauses.first;
  }

  /** A backlog lies behind what was read last. */
  get isBehind(): boolean {
    return this.#isBehind;
  }

  get isLookingForPosition(): boolean {
    return this.#isLookingForPosition;
  }

  /** Rows that may be in memory: all partitions' while it is this one's turn, else an equal share. */
  get memoryBytes(): number {
    const { bufferMaxBytes, pauseAboveBytes } = this.#deps.limits();
    return this.#deps.turns.isHeldBy(this) ? bufferMaxBytes : pauseAboveBytes;
  }

  lookForPosition(): void {
    this.#isLookingForPosition = true;
    this.#pauses.set('position', true);
    this.haveRead(0);
  }

  foundPosition(): void {
    this.#isLookingForPosition = false;
    for (const reason of ['position', 'preparation', 'memory'] as const) this.#pauses.set(reason, false);
  }

  waitForPreparation(isWaiting: boolean): void {
    this.#pauses.set('preparation', isWaiting);
  }

  /** @param remaining messages that lay behind in the log */
  haveRead(remaining: number): void {
    const { turns } = this.#deps;
    this.#isBehind = remaining > BACKLOG_MESSAGES;
    const needsTurn = this.#isBehind && !this.#load().isRebuilding;
    if (!needsTurn) turns.leave(this);
    this.#pauses.set('turn', needsTurn && !turns.ask(this));
  }

  onTurn(): void {
    this.#pauses.set('turn', false);
    this.watchMemory();
  }

  /** A batch is full. */
  endTurn(): void {
    this.#deps.turns.end(this);
  }

  /** To be called whenever rows have come or gone. */
  watchMemory(): void {
    const limit = this.memoryBytes;
    const { bufferedBytes, isRebuilding } = this.#load();
    if (bufferedBytes > limit && !isRebuilding) this.#pauses.set('memory', true);
    else if (bufferedBytes < limit / 2) this.#pauses.set('memory', false);
    this.#deps.turns.offer();
  }
}

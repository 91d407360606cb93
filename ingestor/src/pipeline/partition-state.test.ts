import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ClaimedBatch } from './checkpoint.ts';
import {
  mustCompare,
  nextOffset,
  transition,
  TRUST_TOKEN_MS,
  unfinishedRebuild,
  UNLOCATED,
  type PartitionState,
} from './partition-state.ts';

const NOW_MS = 1_000_000_000;
const claim = (last: number, agoMs = 0): ClaimedBatch => ({ last, validatedAsOfMs: NOW_MS - agoMs });
const message = (state: PartitionState, offset: number) =>
  transition(state, { name: 'message', offset, nowMs: NOW_MS });
const locatedAt = (offset: number | null, claimed: ClaimedBatch | null = null) =>
  transition(UNLOCATED, { name: 'located', offset, claim: claimed }).state;

/** The names of the states for a list of offsets, and the action for each message. */
function walk(from: PartitionState, ...offsets: number[]) {
  let state = from;
  const seen = offsets.map((offset) => {
    const step = message(state, offset);
    state = step.state;
    return `${step.action} ${state.name}`;
  });
  return { state, seen };
}

describe('transition', () => {
  test('a partition without a checkpoint streams from its first message', () => {
    expect(walk(locatedAt(null), 17, 18).seen).toEqual(['append streaming', 'append streaming']);
  });

  test('messages below the committed offset are remembered, and the message at it is new', () => {
    expect(walk(locatedAt(5), 3, 4, 7).seen).toEqual(['remember warmingUp', 'remember warmingUp', 'append streaming']);
  });

  test('a young claim is rebuilt and inserted under its token, without a comparison', () => {
    const { seen, state } = walk(locatedAt(5, claim(7, TRUST_TOKEN_MS)), 4, 5, 7, 8);
    expect(seen).toEqual(['remember warmingUp', 'append rebuilding', 'appendAndClose streaming', 'append streaming']);
    expect(mustCompare(state, 5)).toBe(false);
  });

  test('an old claim is rebuilt and compared; later batches are not compared, and the partition streams after it is stored', () => {
    const { seen, state } = walk(locatedAt(5, claim(7, TRUST_TOKEN_MS + 1)), 5, 7, 8);
    expect(seen).toEqual(['append rebuilding', 'appendAndClose comparing', 'append comparing']);
    expect([5, 8].map((first) => mustCompare(state, first))).toEqual([true, false]);
    expect(transition(state, { name: 'stored', last: 7 }).state).toEqual({ name: 'streaming', next: 9 });
  });

  test('a claim whose last message no longer exists is compared with storage at any age', () => {
    const { seen, state } = walk(locatedAt(5, claim(7)), 5, 9);
    expect(seen).toEqual(['append rebuilding', 'closeAndAppend comparing']);
    expect([5, 6, 8].map((first) => mustCompare(state, first))).toEqual([true, true, false]);
    expect(walk(locatedAt(5, claim(7)), 9).seen).toEqual(['closeAndAppend comparing']);
  });

  test('a batch that is old at its insert is compared, and so are other batches of that age', () => {
    const { state } = walk(locatedAt(5), 5, 6);
    const inserting = (from: PartitionState, last: number, ageMs: number) =>
      transition(from, { name: 'inserting', last, ageMs }).state;
    expect(inserting(state, 5, TRUST_TOKEN_MS)).toBe(state);
    const comparing = inserting(inserting(state, 5, TRUST_TOKEN_MS + 1), 6, TRUST_TOKEN_MS + 1);
    expect(transition(comparing, { name: 'stored', last: 5 }).state.name).toBe('comparing');
    expect(transition(comparing, { name: 'stored', last: 6 }).state).toEqual(state);
  });

  test('an offset that goes back restarts the partition, and messages are ignored until it is located', () => {
    const { seen } = walk(locatedAt(5), 5, 6, 6, 0);
    expect(seen.slice(2)).toEqual(['restart locating', 'none locating']);
  });

  test('the batch of a rejected row is rebuilt with the bytes of its rows', () => {
    const { state } = transition(locatedAt(5), { name: 'failed', keepSources: true });
    const found = transition(state, { name: 'located', offset: 5, claim: claim(7) }).state;
    expect(unfinishedRebuild(found)).toEqual({ ...claim(7), keepSources: true });
    expect(unfinishedRebuild(locatedAt(5, claim(7)))?.keepSources).toBe(false);
  });
});

interface ModelBatch {
  first: number;
  last: number;
  validatedAsOfMs: number;
  ids: string[];
}

type Op =
  /** `count` messages arrive, including those that were fetched before the partition was located. */
  | { name: 'fetch'; count: number }
  | { name: 'close' | 'locate' | 'write' | 'crash' | 'fail' | 'recreate' }
  /** Retention or compaction takes a message of the claim: the last one or, `back` messages before it, another. */
  | { name: 'vanish'; back: number }
  /** The insert reaches ClickHouse, now or later, and its answer does not come back. */
  | { name: 'loseAnswer'; isLate: boolean }
  | { name: 'wait'; ms: number };

const WINDOW = 3;

/** A model of one partition: a log, a group, ClickHouse, and an ingestor that may crash at any time. */
class World {
  #nowMs = NOW_MS;
  #epoch = 0;
  #log: number[] = [];
  #position = 0;
  #group: { offset: number; epoch: number; claim: ClaimedBatch | null } | null = null;
  readonly stored = new Map<string, number>();
  #tokens = new Set<string>();
  #late: { token: string; ids: string[] }[] = [];
  // What an ingestor has in memory.
  state: PartitionState = UNLOCATED;
  #open: ModelBatch | null = null;
  #closed: ModelBatch[] = [];
  /** Where the next batch begins; null before the first. */
  #next: number | null = null;
  /** Last offset of a claim, when it turned out to be gone. */
  #gone = -1;
  #done: 'nothing' | 'claim' | 'insert' = 'nothing';
  #held: number | null = null;
  #ownEpoch = 0;

  constructor(messages: number) {
    this.#log = Array.from({ length: messages }, (_, i) => i + Math.floor(i / 4)); // A gap after every fourth.
  }

  get expected(): string[] {
    return this.#log.map((offset) => `${this.#epoch}/${offset}`);
  }

  apply(op: Op): void {
    if (op.name === 'fetch') this.#fetch(op.count);
    if (op.name === 'close' && !unfinishedRebuild(this.state)) this.#close();
    if (op.name === 'locate' && this.state.name === 'locating') this.#locate();
    if (op.name === 'write') this.#write();
    if (op.name === 'loseAnswer') this.#loseAnswer(op.isLate);
    if (op.name === 'crash') this.#forget(UNLOCATED);
    if (op.name === 'fail') this.#fail();
    if (op.name === 'wait') this.#wait(op.ms);
    if (op.name === 'recreate') this.#recreate();
    if (op.name === 'vanish') this.#vanish(op.back);
  }

  /** Finishes everything that is open. Then each message must be stored. A claim whose last message is gone needs a further message. */
  settle(): void {
    this.#log.push(100);
    for (let round = 0; round < 4; round++) {
      this.apply({ name: 'locate' });
      this.apply({ name: 'fetch', count: this.#log.length });
      this.apply({ name: 'close' });
      for (let i = 0; i < 3 * this.#log.length; i++) this.apply({ name: 'write' });
    }
  }

  #fetch(count: number): void {
    const offsets = this.#log.filter((offset) => offset >= this.#position).slice(0, count);
    for (const offset of offsets) {
      this.#position = offset + 1;
      const before = this.state;
      const { state, action } = transition(before, { name: 'message', offset, nowMs: this.#nowMs });
      this.state = state;
      if (action === 'restart') {
        this.#forget(state);
        return;
      }
      if (action === 'closeAndAppend') {
        this.#gone = unfinishedRebuild(before)?.last ?? -1;
        this.#close(this.#gone);
      }
      if (action.toLowerCase().includes('append')) this.#append(before, offset, action);
      if (action === 'appendAndClose') this.#close();
    }
  }

  #append(before: PartitionState, offset: number, action: string): void {
    const rebuild = action === 'closeAndAppend' ? null : unfinishedRebuild(before);
    const validatedAsOfMs = rebuild?.validatedAsOfMs ?? this.#nowMs;
    this.#open ??= { first: this.#next ?? nextOffset(before) ?? offset, last: offset, validatedAsOfMs, ids: [] };
    // Contiguous, of one log, and never more than was claimed.
    if (this.#open.ids.length > 0) expect(offset).toBeGreaterThan(this.#open.last);
    if (rebuild) expect(offset).toBeLessThanOrEqual(rebuild.last);
    this.#open.last = offset;
    this.#open.ids.push(`${this.#epoch}/${offset}`);
  }

  /** @param last as in `BatchBuilder.close` */
  #close(last = this.#open?.last ?? 0): void {
    if (!this.#open) return;
    this.#closed.push({ ...this.#open, last });
    this.#open = null;
    this.#next = last + 1;
  }

  #locate(): void {
    const held = this.#group;
    this.#held = held?.offset ?? null;
    this.#ownEpoch = held?.epoch ?? this.#epoch;
    this.#position = held ? Math.max(0, held.offset - WINDOW) : 0;
    this.state = transition(this.state, { name: 'located', offset: this.#held, claim: held?.claim ?? null }).state;
  }

  #forget(state: PartitionState): void {
    this.state = state;
    this.#open = null;
    this.#closed = [];
    this.#next = null;
    this.#gone = -1;
    this.#done = 'nothing';
  }

  #fail(): void {
    if (this.#closed.length > 0) this.#forget(transition(this.state, { name: 'failed', keepSources: true }).state);
  }

  /** Claim, insert and commit, one at a time. */
  #write(): void {
    const [batch] = this.#closed;
    if (!batch) return;
    if (this.#done === 'insert') {
      if (!this.#commit(batch.last + 1, null)) return;
      this.#closed.shift();
      this.#done = 'nothing';
      this.state = transition(this.state, { name: 'stored', last: batch.last }).state;
    } else if (this.#done === 'claim') {
      this.#insert(this.#attempt(batch));
      this.#done = 'insert';
    } else {
      const { last, validatedAsOfMs } = batch;
      if (this.#held !== null) expect(batch.first).toBe(this.#held);
      if (this.#commit(batch.first, { last, validatedAsOfMs })) this.#done = 'claim';
    }
  }

  #commit(offset: number, claimed: ClaimedBatch | null): boolean {
    if ((this.#group?.offset ?? null) !== this.#held) {
      this.#fail();
      return false;
    }
    this.#group = { offset, epoch: this.#ownEpoch, claim: claimed };
    this.#held = offset;
    return true;
  }

  #attempt(batch: ModelBatch): { token: string; ids: string[] } {
    const ageMs = this.#nowMs - batch.validatedAsOfMs;
    this.state = transition(this.state, { name: 'inserting', last: batch.last, ageMs }).state;
    const isCompared = mustCompare(this.state, batch.first);
    const isUncertain = ageMs > TRUST_TOKEN_MS || batch.first <= this.#gone;
    expect(isCompared, 'only what is old or cannot be rebuilt is compared').toBe(isUncertain);
    const ids = isCompared ? batch.ids.filter((id) => !this.stored.has(id)) : batch.ids;
    return { token: `${this.#ownEpoch}:${batch.first}-${batch.last}`, ids };
  }

  #insert({ token, ids }: { token: string; ids: string[] }): void {
    if (ids.length === 0 || this.#tokens.has(token)) return;
    this.#tokens.add(token);
    for (const id of ids) this.stored.set(id, (this.stored.get(id) ?? 0) + 1);
  }

  #loseAnswer(isLate: boolean): void {
    const [batch] = this.#closed;
    if (!batch || this.#done !== 'claim') return;
    const insert = this.#attempt(batch);
    if (isLate) this.#late.push(insert);
    else this.#insert(insert);
  }

  /** An insert ends within its timeout, and ClickHouse forgets tokens in time. */
  #wait(ms: number): void {
    for (const insert of this.#late) this.#insert(insert);
    this.#late = [];
    this.#nowMs += ms;
    if (ms > TRUST_TOKEN_MS) this.#tokens.clear();
  }

  /** Kafka deletes the group's offset with the topic. Known limits: not seen while warming up, nor before the first commit. */
  #recreate(): void {
    if (this.state.name === 'warmingUp' || (nextOffset(this.state) ?? 0) === 0 || this.#group === null) return;
    this.#wait(0);
    this.#epoch++;
    this.#group = null;
    this.#position = 0;
  }

  /** An insert of the message may still be running. */
  #vanish(back: number): void {
    const { offset: first, claim: claimed } = this.#group ?? {};
    if (first === undefined || !claimed) return;
    const left = this.#log.filter((offset) => offset >= first && offset <= claimed.last);
    const gone = left.at(-1 - back);
    this.#log = this.#log.filter((offset) => offset !== gone);
  }
}

const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('fetch' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 6, arbitrary: fc.record({ name: fc.constant('write' as const) }) },
  { weight: 4, arbitrary: fc.record({ name: fc.constantFrom('locate' as const, 'close' as const) }) },
  { weight: 3, arbitrary: fc.record({ name: fc.constant('loseAnswer' as const), isLate: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constantFrom('crash' as const, 'fail' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant('wait' as const), ms: fc.constantFrom(1_000, TRUST_TOKEN_MS + 1) }),
  },
  { weight: 1, arbitrary: fc.record({ name: fc.constant('recreate' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant('vanish' as const), back: fc.constantFrom(0, 0, 0, 1, 2) }),
  }
);

/** An ingestor dies with its insert unanswered, and the next one takes over. Single operations rarely add up to this twice. */
const takeover: fc.Arbitrary<Op[]> = fc
  .record({ isLate: fc.boolean(), mayVanish: fc.boolean(), count: fc.integer({ min: 1, max: 6 }) })
  .map(({ isLate, mayVanish, count }) => [
    ...[{ name: 'close' as const }, { name: 'write' as const }, { name: 'loseAnswer' as const, isLate }],
    { name: 'crash' },
    ...(mayVanish ? [{ name: 'vanish' as const, back: 0 }] : []),
    ...[{ name: 'locate' as const }, { name: 'fetch' as const, count }],
  ]);

const history: fc.Arbitrary<Op[]> = fc
  .array(fc.oneof({ weight: 12, arbitrary: op.map((one) => [one]) }, { weight: 1, arbitrary: takeover }), {
    maxLength: 60,
    size: 'max',
  })
  .map((parts) => parts.flat());

/** Sequences that once stored a message twice. */
const COUNTEREXAMPLES: [messages: number, ops: Op[]][] = [
  // The last message of a claim was gone, the shorter batch got a claim of its own, and that was trusted after a second crash.
  [
    3,
    [
      { name: 'locate' },
      { name: 'fetch', count: 2 },
      { name: 'close' },
      { name: 'write' },
      { name: 'loseAnswer', isLate: false },
      { name: 'crash' },
      { name: 'vanish', back: 0 },
      { name: 'locate' },
      { name: 'fetch', count: 2 },
      { name: 'write' },
      { name: 'crash' },
    ],
  ],
];

test('model: whatever dies, waits or is lost on the way, each message is stored exactly once', () => {
  const visited = new Set<string>();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 14 }), history, (messages, ops) => {
      const world = new World(messages);
      for (const each of ops) {
        world.apply(each);
        visited.add(world.state.name);
      }
      world.settle();
      for (const id of world.expected) expect(world.stored.get(id) ?? 0, id).toBeGreaterThanOrEqual(1);
      for (const [id, count] of world.stored) expect(count, id).toBe(1);
    }),
    { numRuns: 4_000, examples: COUNTEREXAMPLES }
  );
  expect([...visited].sort()).toEqual(['comparing', 'locating', 'rebuilding', 'streaming', 'warmingUp']);
});

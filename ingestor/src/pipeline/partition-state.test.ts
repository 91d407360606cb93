import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withMark, type Checkpoint, type ClaimedBatch, type LogMark } from './checkpoint-metadata.ts';
import { locateIn } from './group-position.ts';
import {
  mustCompare,
  nextOffset,
  transition,
  TRUST_TOKEN_MS,
  unfinishedRebuild,
  UNLOCATED,
  type Action,
  type PartitionEvent,
  type PartitionState,
  type Step,
} from './partition-state.ts';

const NOW_MS = 1_000_000_000;
const claim = (last: number, agoMs = 0): ClaimedBatch => ({ last, validatedAsOfMs: NOW_MS - agoMs, digest: 'd' });
const message = (state: PartitionState, offset: number) =>
  transition(state, { name: 'message', offset, nowMs: NOW_MS });
const locatedAt = (offset: number, claimed: ClaimedBatch | null = null, until = 0) =>
  transition(UNLOCATED, { name: 'located', offset, claim: claimed, until }).state;

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
  test('a log that the checkpoint does not describe is compared with storage up to its end at that time, then it streams', () => {
    const { seen, state } = walk(locatedAt(10, null, 13), 10, 12, 13);
    expect(seen).toEqual(['append comparing', 'append comparing', 'append comparing']);
    expect([10, 12, 13].map((first) => mustCompare(state, first))).toEqual([true, true, false]);
    expect(transition(state, { name: 'stored', last: 11 }).state.name).toBe('comparing');
    expect(transition(state, { name: 'stored', last: 12 }).state).toEqual({ name: 'streaming', next: 14 });
    expect(walk(locatedAt(13, null, 13), 13).seen).toEqual(['append streaming']);
  });

  test('a young claim in such a log is rebuilt and compared', () => {
    const { seen, state } = walk(locatedAt(5, claim(7), 20), 5, 7);
    expect(seen).toEqual(['append rebuilding', 'appendAndClose comparing']);
    expect(mustCompare(state, 5)).toBe(true);
  });

  test('a message that is not the one of the checkpoint restarts the partition, with the offset at which the log differs', () => {
    expect(transition(locatedAt(5), { name: 'otherLog', offset: 4 })).toEqual({
      state: { name: 'locating', keepSources: false, differsAt: 4 },
      action: 'restart',
    });
  });

  test('an offset that goes back while earlier messages are read again restarts the partition', () => {
    expect(walk(locatedAt(5), 3, 4, 0).seen).toEqual(['remember warmingUp', 'remember warmingUp', 'restart locating']);
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
      transition(from, { name: 'inserting', last, ageMs, isAsClaimed: true }).state;
    expect(inserting(state, 5, TRUST_TOKEN_MS)).toBe(state);
    const comparing = inserting(inserting(state, 5, TRUST_TOKEN_MS + 1), 6, TRUST_TOKEN_MS + 1);
    expect(transition(comparing, { name: 'stored', last: 5 }).state.name).toBe('comparing');
    expect(transition(comparing, { name: 'stored', last: 6 }).state).toEqual(state);
  });

  test('a young batch that contains something else than the claimed one is compared', () => {
    const { state } = walk(locatedAt(5, claim(7)), 5, 7);
    expect(state.name).toBe('streaming');
    const inserting = transition(state, { name: 'inserting', last: 7, ageMs: 0, isAsClaimed: false }).state;
    expect(mustCompare(inserting, 5)).toBe(true);
  });

  test('an offset that goes back restarts the partition, and messages are ignored until it is located', () => {
    const { seen } = walk(locatedAt(5), 5, 6, 6, 0);
    expect(seen.slice(2)).toEqual(['restart locating', 'none locating']);
  });

  test('the batch of a rejected row is rebuilt with the bytes of its rows', () => {
    const { state } = transition(locatedAt(5), { name: 'failed', keepSources: true });
    const found = transition(state, { name: 'located', offset: 5, claim: claim(7), until: 0 }).state;
    expect(unfinishedRebuild(found)).toEqual({ ...claim(7), keepSources: true });
    expect(unfinishedRebuild(locatedAt(5, claim(7)))?.keepSources).toBe(false);
  });
});

/** A message of the log. Another log, or one that was truncated, has another message at the same offset. */
interface LogEntry {
  offset: number;
  id: number;
}

interface ModelBatch {
  first: number;
  last: number;
  validatedAsOfMs: number;
  claimed: ClaimedBatch | null;
  entries: LogEntry[];
}

interface ModelInsert {
  token: string;
  ids: number[];
}

type Op =
  /** `count` messages arrive, including those that were fetched before the partition was located. */
  | { name: 'fetch' | 'grow' | 'truncate'; count: number }
  /** `upgrade`: from now on, other messages are invalid. `expire`: Kafka forgets the group's offset. */
  | { name: 'close' | 'locate' | 'write' | 'crash' | 'fail' | 'recreate' | 'expire' | 'upgrade' }
  /** Retention or compaction takes a message of the claim: the last one or, `back` messages before it, another. */
  | { name: 'vanish'; back: number }
  /** The insert of the rows, or also of the dead letters, reaches ClickHouse, now or later, and its answer does not come back. */
  | { name: 'loseAnswer'; isLate: boolean; rowsOnly: boolean }
  | { name: 'wait'; ms: number };

const WINDOW = 3;

/** A model of one partition: a log, a group, ClickHouse, and an ingestor that may crash at any time. */
class World {
  #nowMs = NOW_MS;
  #ids = 0;
  #log: LogEntry[] = [];
  #position = 0;
  #group: ({ offset: number } & Checkpoint) | null = null;
  readonly stored = new Map<number, number>();
  #tokens = new Set<string>();
  #late: ModelInsert[] = [];
  #version = 0;
  #hasVanished = false;
  #epochs = 0;
  // What an ingestor has in memory.
  state: PartitionState = UNLOCATED;
  #open: ModelBatch | null = null;
  #closed: ModelBatch[] = [];
  /** Where the next batch begins; null before the first. */
  #next: number | null = null;
  #done: 'nothing' | 'claim' | 'insert' = 'nothing';
  #held: number | null = null;
  #own: Checkpoint | null = null;
  #mark: LogMark | null = null;
  #isCut = false;

  readonly #machine: typeof transition;

  /** @param machine the state machine under test */
  constructor(messages: number, machine: typeof transition) {
    this.#machine = machine;
    this.#grow(messages);
  }

  get expected(): number[] {
    return this.#log.map(({ id }) => id);
  }

  apply(op: Op): void {
    if (op.name === 'fetch') this.#fetch(op.count);
    if (op.name === 'close' && !unfinishedRebuild(this.state)) this.#close();
    if (op.name === 'locate' && this.state.name === 'locating') this.#locate();
    if (op.name === 'write') this.#write();
    if (op.name === 'loseAnswer') this.#loseAnswer(op.isLate, op.rowsOnly);
    if (op.name === 'crash') this.#crash();
    if (op.name === 'fail') this.#fail();
    if (op.name === 'wait') this.#wait(op.ms);
    if (op.name === 'recreate') this.#recreate();
    if (op.name === 'vanish') this.#vanish(op.back);
    if (op.name === 'grow') this.#grow(op.count);
    if (op.name === 'truncate') this.#truncate(op.count);
    if (op.name === 'upgrade') this.#upgrade();
    if (op.name === 'expire') this.#expire();
  }

  /** Finishes everything that is open. Then each message must be stored. A claim whose last message is gone needs a further message. */
  settle(): void {
    this.#noticeCut();
    this.#log.push({ offset: 100, id: this.#ids++ });
    for (let round = 0; round < 8; round++) {
      this.apply({ name: 'locate' });
      this.apply({ name: 'fetch', count: this.#log.length });
      this.apply({ name: 'close' });
      for (let i = 0; i < 3 * this.#log.length; i++) this.apply({ name: 'write' });
    }
  }

  get #end(): number {
    return (this.#log.at(-1)?.offset ?? -1) + 1;
  }

  #grow(count: number): void {
    this.#noticeCut();
    for (let i = 0; i < count; i++)
      this.#log.push({ offset: this.#end + (this.#end % 5 === 3 ? 1 : 0), id: this.#ids++ });
  }

  /**
   * A fetch beyond the end of the log: kafkajs goes back to its start, and deletes the checkpoint. Known limit: if a log is truncated and
   * has grown beyond the position again before the next fetch, the running ingestor does not notice.
   */
  #noticeCut(): void {
    if (this.#position <= this.#end || this.state.name === 'locating') return;
    this.#wait(0); // Known limit: an insert that still runs when kafkajs deletes the checkpoint, and a crash before the next one.
    this.#position = 0;
    this.#group = null;
  }

  #fetch(count: number): void {
    this.#noticeCut();
    const entries = this.#log.filter(({ offset }) => offset >= this.#position).slice(0, count);
    for (const entry of entries) {
      const { offset } = entry;
      this.#position = offset + 1;
      const before = this.state;
      if (this.#mark && offset >= this.#mark.offset) {
        const isSame = offset === this.#mark.offset && entry.id === this.#mark.checksum;
        const differsAt = this.#mark.offset;
        this.#mark = null;
        if (!isSame) {
          this.#forget(this.#machine(before, { name: 'otherLog', offset: differsAt }).state);
          return;
        }
      }
      const { state, action } = this.#machine(before, { name: 'message', offset, nowMs: this.#nowMs });
      this.state = state;
      if (action === 'restart') {
        this.#forget(state);
        return;
      }
      if (action === 'closeAndAppend') this.#close(unfinishedRebuild(before)?.last);
      if (action.toLowerCase().includes('append')) this.#append(before, entry, action);
      if (action === 'appendAndClose') this.#close();
    }
  }

  #append(before: PartitionState, entry: LogEntry, action: string): void {
    const { offset } = entry;
    const rebuild = action === 'closeAndAppend' ? null : unfinishedRebuild(before);
    this.#open ??= {
      ...{ first: this.#next ?? nextOffset(before) ?? offset, last: offset, entries: [], claimed: rebuild },
      validatedAsOfMs: rebuild?.validatedAsOfMs ?? this.#nowMs,
    };
    // Contiguous, of one log, and never more than was claimed.
    if (this.#open.entries.length > 0) expect(offset).toBeGreaterThan(this.#open.last);
    if (rebuild) expect(offset).toBeLessThanOrEqual(rebuild.last);
    this.#open.last = offset;
    this.#open.entries.push(entry);
    if (this.#group === null && this.#own && this.#held === null) this.#commit(this.#open.first, null, null); // The new epoch.
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
    const differsAt = this.state.name === 'locating' ? this.state.differsAt : Infinity;
    const known = this.#own && { ...this.#own, claim: null, compareBelow: 0 };
    const found = locateIn({ low: 0, high: this.#end }, held?.offset ?? null, held ?? known, differsAt);
    this.#held = held?.offset ?? null;
    const { claim, marks } = found;
    this.#own = { epoch: found.epoch ?? `e${this.#epochs++}`, claim, marks, compareBelow: found.compareBelow };
    this.#mark = found.mark;
    this.#isCut = found.doubt === 'truncated';
    this.#position = Math.max(0, Math.min(found.offset - WINDOW, found.mark?.offset ?? Infinity));
    const { offset, compareBelow: until } = found;
    this.state = this.#machine(this.state, { name: 'located', offset, claim, until }).state;
  }

  #forget(state: PartitionState): void {
    this.state = state;
    this.#open = null;
    this.#closed = [];
    this.#next = null;
    this.#mark = null;
    this.#done = 'nothing';
  }

  #crash(): void {
    this.#forget(UNLOCATED);
    this.#own = null;
  }

  #upgrade(): void {
    this.#version++;
    this.#crash();
  }

  #fail(): void {
    if (this.#closed.length > 0) this.#forget(this.#machine(this.state, { name: 'failed', keepSources: true }).state);
  }

  /** Claim, insert and commit, one at a time. */
  #write(): void {
    const [batch] = this.#closed;
    if (!batch) return;
    const { first, last, validatedAsOfMs } = batch;
    if (this.#done === 'insert') {
      const final = batch.entries.at(-1);
      if (!this.#commit(last + 1, null, final ? { offset: final.offset, checksum: final.id } : null)) return;
      this.#closed.shift();
      this.#done = 'nothing';
      this.state = this.#machine(this.state, { name: 'stored', last }).state;
    } else if (this.#done === 'claim') {
      for (const insert of this.#attempt(batch)) this.#insert(insert);
      this.#done = 'insert';
    } else {
      const digest = batch.claimed?.digest ?? this.#digest(batch);
      if (this.#mustCompare(batch) && this.#own) {
        this.#own = { ...this.#own, compareBelow: Math.max(this.#own.compareBelow, last + 1) };
      }
      if (this.#commit(first, { last, validatedAsOfMs, digest }, null)) this.#done = 'claim';
    }
  }

  #commit(offset: number, claimed: ClaimedBatch | null, mark: LogMark | null): boolean {
    if ((this.#group?.offset ?? null) !== this.#held && this.#group?.offset !== offset) {
      this.#fail();
      return false;
    }
    if (!this.#own) throw new Error('a partition commits only after it is located');
    const compareBelow = this.#own.compareBelow > offset ? this.#own.compareBelow : 0;
    this.#own = { ...this.#own, marks: mark ? withMark(this.#own.marks, mark) : this.#own.marks, compareBelow };
    this.#group = { ...this.#own, offset, claim: claimed };
    this.#held = offset;
    return true;
  }

  /** Whether the message is invalid, for the version that reads it. */
  #isLetter(id: number): boolean {
    return (id + this.#version) % 4 === 0;
  }

  #digest({ entries }: ModelBatch): string {
    return entries.map(({ id }) => `${id}${this.#isLetter(id) ? 'letter' : 'row'}`).join();
  }

  #mustCompare(batch: ModelBatch): boolean {
    const ageMs = this.#nowMs - batch.validatedAsOfMs;
    const isAsClaimed = batch.claimed === null || batch.claimed.digest === this.#digest(batch);
    this.state = this.#machine(this.state, { name: 'inserting', last: batch.last, ageMs, isAsClaimed }).state;
    return mustCompare(this.state, batch.first);
  }

  /** The insert of the rows, then that of the dead letters. */
  #attempt(batch: ModelBatch): ModelInsert[] {
    const isCompared = this.#mustCompare(batch);
    // Then the insert waits until no earlier one can be running.
    if (this.#isCut || (batch.claimed !== null && batch.claimed.digest !== this.#digest(batch))) this.#wait(0);
    if (batch.validatedAsOfMs < this.#nowMs - TRUST_TOKEN_MS) expect(isCompared).toBe(true);
    const token = `${this.#own?.epoch ?? ''}:${batch.first}-${batch.last}`;
    const isOther = batch.claimed !== null && batch.claimed.digest !== this.#digest(batch);
    const into = (table: 'row' | 'letter') => {
      const all = batch.entries.filter(({ id }) => this.#isLetter(id) === (table === 'letter')).map(({ id }) => id);
      const ids = isCompared ? all.filter((id) => !this.stored.has(id)) : all;
      const isWhole = ids.length === all.length && !isOther;
      return { token: `${table}:${token}${isWhole ? '' : `:missing-${ids.join()}`}`, ids };
    };
    return [into('row'), into('letter')];
  }

  #insert({ token, ids }: ModelInsert): void {
    if (ids.length === 0 || this.#tokens.has(token)) return;
    this.#tokens.add(token);
    for (const id of ids) this.stored.set(id, (this.stored.get(id) ?? 0) + 1);
  }

  #loseAnswer(isLate: boolean, rowsOnly: boolean): void {
    const [batch] = this.#closed;
    if (!batch || this.#done !== 'claim') return;
    const inserts = this.#attempt(batch).slice(0, rowsOnly ? 1 : 2);
    if (isLate) this.#late.push(...inserts);
    else for (const insert of inserts) this.#insert(insert);
  }

  /** An insert ends within its timeout, and ClickHouse forgets tokens in time. */
  #wait(ms: number): void {
    for (const insert of this.#late) this.#insert(insert);
    this.#late = [];
    this.#nowMs += ms;
    if (ms > TRUST_TOKEN_MS) this.#tokens.clear();
  }

  /** Kafka deletes the group's offset with the topic. */
  #recreate(): void {
    this.#wait(0);
    this.#group = null;
    this.#log = [];
    this.#grow(6);
    this.#position = 0;
  }

  /** Only a group without members expires. Known limit: an insert that still runs when somebody deletes the group's offset. */
  #expire(): void {
    this.#crash();
    this.#wait(0);
    this.#group = null;
  }

  /** Known limit: a truncation of messages whose neighbours vanished by compaction. */
  #truncate(count: number): void {
    if (this.#hasVanished) return;
    this.#wait(0);
    this.#log = this.#log.slice(0, Math.max(0, this.#log.length - count));
  }

  /** An insert of the message may still be running. */
  #vanish(back: number): void {
    const { offset: first, claim: claimed } = this.#group ?? {};
    if (first === undefined || !claimed) return;
    const left = this.#log.filter(({ offset }) => offset >= first && offset <= claimed.last);
    const gone = left.at(-1 - back);
    if (gone === this.#log.at(-1)) this.#grow(1); // The end of the log stays.
    this.#hasVanished = true;
    this.#log = this.#log.filter((entry) => entry !== gone);
  }
}

const named = <Name extends Op['name']>(...names: Name[]) => fc.record({ name: fc.constantFrom(...names) });
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('fetch' as const), count: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 6, arbitrary: named('write') },
  { weight: 4, arbitrary: named('locate', 'close') },
  {
    weight: 3,
    arbitrary: fc.record({ name: fc.constant('loseAnswer' as const), isLate: fc.boolean(), rowsOnly: fc.boolean() }),
  },
  { weight: 2, arbitrary: named('crash', 'fail') },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant('wait' as const), ms: fc.constantFrom(1_000, TRUST_TOKEN_MS + 1) }),
  },
  { weight: 2, arbitrary: named('recreate', 'expire', 'upgrade') },
  {
    weight: 2,
    arbitrary: fc.record({
      name: fc.constantFrom('grow' as const, 'truncate' as const),
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ name: fc.constant('vanish' as const), back: fc.constantFrom(0, 0, 0, 1, 2) }),
  }
);

/** An ingestor dies with its insert unanswered, and the next one takes over. Single operations rarely add up to this twice. */
const takeover: fc.Arbitrary<Op[]> = fc
  .record({
    ...{ isLate: fc.boolean(), rowsOnly: fc.boolean(), count: fc.integer({ min: 1, max: 6 }) },
    change: fc.constantFrom<Op[]>(
      [],
      [],
      [{ name: 'vanish', back: 0 }],
      [{ name: 'vanish', back: 1 }],
      [{ name: 'upgrade' }]
    ),
  })
  .map(({ isLate, rowsOnly, change, count }) => [
    ...[{ name: 'close' as const }, { name: 'write' as const }, { name: 'loseAnswer' as const, isLate, rowsOnly }],
    ...[{ name: 'crash' as const }, ...change],
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
      { name: 'loseAnswer', isLate: false, rowsOnly: false },
      { name: 'crash' },
      { name: 'vanish', back: 0 },
      { name: 'locate' },
      { name: 'fetch', count: 2 },
      { name: 'write' },
      { name: 'crash' },
    ],
  ],
];

/** Each message is stored exactly once. */
const exactlyOnce = (machine: typeof transition, visited = new Set<string>()) =>
  fc.property(fc.integer({ min: 1, max: 14 }), history, (messages, ops) => {
    const world = new World(messages, machine);
    for (const each of ops) {
      world.apply(each);
      visited.add(world.state.name);
    }
    world.settle();
    for (const id of world.expected) expect(world.stored.get(id) ?? 0, String(id)).toBeGreaterThanOrEqual(1);
    for (const [id, count] of world.stored) expect(count, String(id)).toBe(1);
  });

test('model: whatever dies, waits or is lost on the way, each message is stored exactly once', () => {
  const visited = new Set<string>();
  fc.assert(exactlyOnce(transition, visited), { numRuns: 4_000, examples: COUNTEREXAMPLES });
  expect([...visited].sort()).toEqual(['comparing', 'locating', 'rebuilding', 'streaming', 'warmingUp']);
});

type Mistake = (state: PartitionState, event: PartitionEvent) => Step;
const onlyFor =
  <Name extends PartitionEvent['name']>(
    name: Name,
    mistake: (state: PartitionState, event: Extract<PartitionEvent, { name: Name }>) => Step
  ): Mistake =>
  (state, event) =>
    event.name === name ? mistake(state, event as Extract<PartitionEvent, { name: Name }>) : transition(state, event);
const insteadOf = (action: Action, other: Action): Mistake => {
  return (state, event) => {
    const step = transition(state, event);
    return step.action === action ? { ...step, action: other } : step;
  };
};

const MISTAKES: Record<string, Mistake> = {
  'the claim of a crashed ingestor is not rebuilt': onlyFor('located', (state, event) =>
    transition(state, { ...event, claim: null })
  ),
  'reading continues one message too late': onlyFor('located', (state, event) =>
    transition(state, { ...event, offset: event.offset + 1 })
  ),
  'the range that the checkpoint says to compare is not compared': onlyFor('located', (state, event) =>
    transition(state, { ...event, until: 0 })
  ),
  'the token of an old batch is trusted': (state, event) => {
    if (event.name === 'inserting') return transition(state, { ...event, ageMs: 0 });
    return transition(state, event.name === 'message' ? { ...event, nowMs: 0 } : event);
  },
  'a batch that differs from its claim is not compared': onlyFor('inserting', (state, event) =>
    transition(state, { ...event, isAsClaimed: true })
  ),
  'comparing ends with the first stored batch': onlyFor('stored', (state, event) =>
    state.name === 'comparing'
      ? { state: { name: 'streaming', next: state.next }, action: 'none' }
      : transition(state, event)
  ),
  'a claimed batch whose last message is gone takes the next message': insteadOf('closeAndAppend', 'append'),
  'messages of the warm-up are stored again': insteadOf('remember', 'append'),
  'another log is not noticed': onlyFor('otherLog', (state) => ({ state, action: 'none' })),
  'messages that were fetched before the position was known are stored': onlyFor('message', (state, event) =>
    state.name === 'locating'
      ? { state: { name: 'streaming', next: event.offset + 1 }, action: 'append' }
      : transition(state, event)
  ),
};

test.each(Object.entries(MISTAKES))('model: it detects a planted mistake: %s', (_, mistake) => {
  const run = fc.check(exactlyOnce(mistake), {
    numRuns: 10_000,
    seed: 1,
    endOnFailure: true,
    examples: COUNTEREXAMPLES,
  });
  expect(run.failed).toBe(true);
});

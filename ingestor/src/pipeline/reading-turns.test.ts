import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ReadingTurns } from './reading-turns.ts';

const reader = () => ({ onTurn: vi.fn() });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('ReadingTurns', () => {
  test('one reads, the others follow in the order in which they asked', () => {
    const turns = new ReadingTurns(() => true);
    const [a, b, c] = [reader(), reader(), reader()];
    expect([turns.ask(a), turns.ask(b), turns.ask(c), turns.ask(b)]).toEqual([true, false, false, false]);
    turns.end(a);
    expect([turns.isHeldBy(b), turns.ask(a), turns.ask(b)]).toEqual([true, false, true]);
    turns.end(b);
    turns.end(c);
    expect(turns.isHeldBy(a)).toBe(true);
    expect([a, b, c].map(({ onTurn }) => onTurn.mock.calls.length)).toEqual([2, 1, 1]);
  });

  test('waits for memory', () => {
    let hasRoom = false;
    const turns = new ReadingTurns(() => hasRoom);
    const a = reader();
    expect(turns.ask(a)).toBe(false);
    turns.offer();
    expect(a.onTurn).not.toHaveBeenCalled();
    hasRoom = true;
    turns.offer();
    expect(a.onTurn).toHaveBeenCalledOnce();
  });

  test('a partition whose broker is away does not keep the others from reading', () => {
    const turns = new ReadingTurns(() => true);
    const [a, b] = [reader(), reader()];
    turns.ask(a);
    turns.ask(b);
    vi.advanceTimersByTime(900);
    turns.ask(a);
    vi.advanceTimersByTime(900);
    turns.offer();
    expect(b.onTurn).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    turns.offer();
    expect(b.onTurn).toHaveBeenCalledOnce();
  });

  test('who leaves gives up its turn and its place', () => {
    const turns = new ReadingTurns(() => true);
    const [a, b, c] = [reader(), reader(), reader()];
    for (const each of [a, b, c]) turns.ask(each);
    turns.leave(b);
    turns.leave(a);
    expect(turns.isHeldBy(c)).toBe(true);
    expect(b.onTurn).not.toHaveBeenCalled();
  });
});

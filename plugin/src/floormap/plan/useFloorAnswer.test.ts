import { act, renderHook } from '@testing-library/react';
import { useFloorAnswer } from './useFloorAnswer';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

it('keeps the last answer while the database is away, and has the next one soon after it is back', async () => {
  const ask = jest.fn<Promise<string>, []>().mockResolvedValue('a plan');
  const { result } = renderHook(() => useFloorAnswer('hall', ask, { isRechecked: true }));
  await pass(0);
  expect(result.current).toMatchObject({ answer: 'a plan', problem: '' });

  ask.mockRejectedValue(new Error('refused'));
  await pass(60_000);
  expect(result.current).toMatchObject({ answer: 'a plan', problem: 'refused.' });

  ask.mockResolvedValue('a new plan');
  await pass(5_000);
  expect(result.current).toMatchObject({ answer: 'a new plan', problem: '' });
});

it('does not show the answer to another question when its own fails', async () => {
  const ask = jest.fn<Promise<string>, []>().mockResolvedValueOnce('the hall').mockRejectedValue(new Error('refused'));
  const { result, rerender } = renderHook(({ question }) => useFloorAnswer(question, ask, { isRechecked: true }), {
    initialProps: { question: 'hall' },
  });
  await pass(0);
  rerender({ question: 'mezzanine' });
  expect(result.current.answer).toBe('the hall');
  await pass(0);
  expect(result.current).toMatchObject({ answer: null, problem: 'refused.' });
});

it('asks no more after unmount, nor where nothing changes', async () => {
  const ask = jest.fn().mockResolvedValue('a plan');
  const once = renderHook(() => useFloorAnswer('url', ask, { isRechecked: false }));
  await pass(600_000);
  expect(ask).toHaveBeenCalledTimes(1);
  once.unmount();
  const watching = renderHook(() => useFloorAnswer('hall', ask, { isRechecked: true }));
  await pass(0);
  watching.unmount();
  await pass(600_000);
  expect(ask).toHaveBeenCalledTimes(2);
});

it('asks again for what does not change when it could not be had', async () => {
  const ask = jest.fn<Promise<string>, []>().mockRejectedValueOnce(new Error('502')).mockResolvedValue('a plan');
  const { result } = renderHook(() => useFloorAnswer('url', ask, { isRechecked: false }));
  await pass(0);
  expect(result.current).toMatchObject({ answer: null, problem: '502.' });
  await pass(60_000);
  expect(result.current).toMatchObject({ answer: 'a plan', problem: '' });
});

it('hands on the same answer when the next one means the same', async () => {
  const ask = jest.fn(() => Promise.resolve(['zone']));
  const isSame = (last: unknown, next: unknown) => JSON.stringify(last) === JSON.stringify(next);
  const { result } = renderHook(() => useFloorAnswer('hall', ask, { isRechecked: true, isSame }));
  await pass(0);
  const { answer } = result.current;
  await pass(60_000);
  expect(ask).toHaveBeenCalledTimes(2);
  expect(result.current.answer).toBe(answer);
});

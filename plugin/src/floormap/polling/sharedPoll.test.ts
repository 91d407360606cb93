import { sharePoll } from './sharedPoll';

const listener = () => ({ onAnswer: jest.fn(), onFailure: jest.fn() });
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const hide = (isHidden: boolean) => {
  Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  hide(false);
  jest.useRealTimers();
});

function questionOf(key: string) {
  const ask = jest.fn((_: AbortSignal) => Promise.resolve('yes'));
  return { key, ask, againInMs: (hasFailed: boolean) => (hasFailed ? 1_000 : 30_000) };
}

it('asks once for two panels, and gives the second one the answer of the first', async () => {
  const question = questionOf('two');
  const [first, second] = [listener(), listener()];
  const leave = [sharePoll(question, first)];
  await pass(0);
  leave.push(sharePoll(question, second));
  expect(second.onAnswer).toHaveBeenCalledWith('yes');
  await pass(30_000);
  expect(question.ask).toHaveBeenCalledTimes(2);
  expect(first.onAnswer).toHaveBeenCalledTimes(2);
  leave.forEach((end) => end());
  await pass(60_000);
  expect(question.ask).toHaveBeenCalledTimes(2);
});

it('asks nothing while the tab is hidden, and at once when it is seen again', async () => {
  const question = questionOf('hidden');
  const end = sharePoll(question, listener());
  await pass(0);
  hide(true);
  await pass(300_000);
  expect(question.ask).toHaveBeenCalledTimes(1);
  hide(false);
  expect(question.ask).toHaveBeenCalledTimes(2);
  end();
});

it('cancels the request when the last listener leaves', async () => {
  const question = questionOf('cancelled');
  const one = listener();
  const end = sharePoll(question, one);
  end();
  expect(question.ask.mock.calls[0]?.[0].aborted).toBe(true);
  await pass(0);
  expect(one.onAnswer).not.toHaveBeenCalled();
});

it('asks again sooner after a failure', async () => {
  const question = questionOf('failed');
  question.ask.mockRejectedValueOnce(new Error('away'));
  const one = listener();
  const end = sharePoll(question, one);
  await pass(1_000);
  expect(one.onFailure).toHaveBeenCalledTimes(1);
  expect(one.onAnswer).toHaveBeenCalledWith('yes');
  end();
});

it('knows how many questions in a row failed, and how long the last one took', async () => {
  const question = { ...questionOf('attempts'), againInMs: jest.fn(() => 1_000) };
  const slow = () => new Promise<string>((_, reject) => setTimeout(() => reject(new Error('away')), 400));
  question.ask.mockImplementationOnce(slow).mockImplementationOnce(slow);
  const end = sharePoll(question, listener());
  await pass(2 * 1_400);
  const attempts = (question.againInMs.mock.calls as unknown[][]).map(([hasFailed, attempt]) => [hasFailed, attempt]);
  expect(attempts).toEqual([
    [true, { tookMs: 400, failures: 1 }],
    [true, { tookMs: 400, failures: 2 }],
    [false, { tookMs: 0, failures: 0 }],
  ]);
  end();
});

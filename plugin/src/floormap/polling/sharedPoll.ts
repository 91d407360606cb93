/** One question that is asked again and again. */
export interface Question<Answer> {
  /** Names it: panels that ask the same question share its answers. */
  key: string;
  /** @param signal is aborted when nobody wants the answer any more */
  ask: (signal: AbortSignal) => Promise<Answer>;
  /** Milliseconds until it is asked again; null for never. */
  againInMs: (hasFailed: boolean, last: Attempt) => number | null;
}

export interface Attempt {
  /** From the question to its answer or failure. */
  tookMs: number;
  /** Failures in a row, up to this one. */
  failures: number;
}

export interface Listener<Answer> {
  onAnswer: (answer: Answer) => void;
  onFailure: (error: unknown) => void;
}

const polls = new Map<string, unknown>();

/**
 * Asks a question for this listener and all others of the same key: once, however many panels a page has. A tab that is
 * hidden asks nothing, and asks what is due when it is seen again. The request is cancelled when the last listener leaves.
 * @returns what ends it for this listener
 */
export function sharePoll<Answer>(question: Question<Answer>, listener: Listener<Answer>): () => void {
  const shared = polls.get(question.key) as Poll<Answer> | undefined;
  const poll = shared ?? new Poll<Answer>(question);
  if (!shared) polls.set(question.key, poll);
  poll.join(listener);
  return () => {
    if (poll.leave(listener)) polls.delete(question.key);
  };
}

class Poll<Answer> {
  readonly #question: Question<Answer>;
  readonly #listeners = new Set<Listener<Answer>>();
  readonly #aborter = new AbortController();
  #last: { answer: Answer } | null = null;
  #timer = 0;
  #failures = 0;
  #isDue = false;

  constructor(question: Question<Answer>) {
    this.#question = question;
    document.addEventListener('visibilitychange', this.#onVisibility);
    void this.#ask();
  }

  join(listener: Listener<Answer>): void {
    this.#listeners.add(listener);
    if (this.#last) listener.onAnswer(this.#last.answer);
  }

  /** True when it was the last listener. */
  leave(listener: Listener<Answer>): boolean {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return false;
    this.#aborter.abort();
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
    return true;
  }

  readonly #onVisibility = (): void => {
    if (this.#isDue && !document.hidden) void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#isDue = false;
    const askedAtMs = performance.now();
    try {
      const answer = await this.#question.ask(this.#aborter.signal);
      if (this.#aborter.signal.aborted) return;
      this.#failures = 0;
      this.#last = { answer };
      for (const { onAnswer } of this.#listeners) onAnswer(answer);
    } catch (error) {
      if (this.#aborter.signal.aborted) return;
      this.#failures++;
      for (const { onFailure } of this.#listeners) onFailure(error);
    }
    const attempt = { tookMs: performance.now() - askedAtMs, failures: this.#failures };
    const inMs = this.#question.againInMs(attempt.failures > 0, attempt);
    if (inMs === null) return;
    this.#timer = window.setTimeout(() => {
      this.#isDue = document.hidden;
      if (!this.#isDue) void this.#ask();
    }, inMs);
  }
}

import { useEffect, useRef, useState } from 'react';
import { sharePoll } from '../polling/sharedPoll';

/** A plan or zone that is imported again appears within this time without a reload of the dashboard. */
const RECHECK_MS = 60_000;
/** A database that did not answer is asked again this soon: it may be back. */
const RETRY_MS = 5_000;

interface Asking {
  /** False for what does not change: that is asked again only after a failure, and less often. */
  isRechecked: boolean;
  /** Whether two answers mean the same: then the last one stays, and nothing is redrawn. */
  isSame?: (last: unknown, next: unknown) => boolean;
}

interface FloorAnswer<Answer> {
  /** The question that it belongs to. */
  question: string;
  answer: Answer | null;
  /** One sentence on what went wrong; '' when nothing did. */
  problem: string;
}

/**
 * Asks a question about the floor, and again now and then. Invariant: a question that fails takes nothing away that an
 * earlier answer to the same question has given.
 * @param question names what is asked, for all panels of the page; '' asks nothing and shows nothing
 * @param ask may change at each render without asking again
 */
export function useFloorAnswer<Answer>(
  question: string,
  ask: (signal: AbortSignal) => Promise<Answer | null>,
  { isRechecked, isSame = Object.is }: Asking
): FloorAnswer<Answer> {
  const [state, setState] = useState<FloorAnswer<Answer>>({ question: '', answer: null, problem: '' });
  const latest = useRef({ ask, isSame });
  useEffect(() => {
    latest.current = { ask, isSame };
  });

  useEffect(() => {
    const settle = (next: (last: Answer | null, lastQuestion: string) => FloorAnswer<Answer>) =>
      setState((last) => {
        const state = next(last.answer, last.question);
        const isUnchanged =
          state.answer === last.answer && state.problem === last.problem && state.question === last.question;
        return isUnchanged ? last : state;
      });
    const onAnswer = (answer: Answer | null) => {
      const keep = (last: Answer | null) => (latest.current.isSame(last, answer) ? last : answer);
      settle((last) => ({ question, answer: keep(last), problem: '' }));
    };
    const onFailure = (error: unknown) => {
      const problem = asSentence(error instanceof Error ? error.message : String(error));
      settle((last, lastQuestion) => ({ question, answer: lastQuestion === question ? last : null, problem }));
    };
    if (question === '') return onAnswer(null);
    const againInMs = (hasFailed: boolean) =>
      isRechecked ? (hasFailed ? RETRY_MS : RECHECK_MS) : hasFailed ? RECHECK_MS : null;
    return sharePoll(
      { key: question, ask: (signal) => latest.current.ask(signal), againInMs },
      { onAnswer, onFailure }
    );
  }, [question, isRechecked]);
  return state;
}

function asSentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

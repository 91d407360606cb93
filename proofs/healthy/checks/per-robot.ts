import { differences, type Expected } from '../compare/differences.ts';
import { Patience } from '../compare/patience.ts';
import { matchPrefix } from '../compare/prefix.ts';
import type { Reading, Row, Verdict, ViewCheck } from '../compare/reading.ts';
import type { Ledger, SentEvent } from '../fleet/ledger.ts';

export interface RobotQuestion {
  view: string;
  query: string;
  allowedMs: number;
  /** How long an answer may be between two right ones. */
  graceMs: number;
  /** Names a row among those of its robot. */
  keyOf: (row: Row) => string;
  /** What the view must say about a robot that sent these events, by key. */
  answer: (sent: readonly SentEvent[], reading: Reading) => Map<string, Expected>;
}

/** A view whose rows about a robot are all computed from the same number of its events. */
export function perRobotCheck(ledger: Ledger, { answer, keyOf, graceMs, ...question }: RobotQuestion): ViewCheck {
  const patience = new Patience(graceMs);
  return {
    ...question,
    compare(rows, reading): Verdict {
      const verdict: Verdict = { compared: 0, mismatches: [], delayMs: 0 };
      const byRobot = Map.groupBy(rows, (row) => String(row['robot_id']));
      for (const [robotId, sent] of ledger.robots) {
        const ofRobot = byRobot.get(robotId) ?? [];
        const found = new Map(ofRobot.map((row) => [keyOf(row), row]));
        if (found.size !== ofRobot.length) verdict.mismatches.push(`${robotId}: a row is there twice`);
        const match = matchPrefix(sent, reading, question.allowedMs, (length) =>
          wrongRows(answer(sent.slice(0, length), reading), found)
        );
        verdict.compared += ofRobot.length;
        verdict.delayMs = Math.max(verdict.delayMs, match.delayMs);
        const isWrong = match.length === null;
        if (patience.isOver(robotId, isWrong, reading))
          verdict.mismatches.push(`${robotId}: ${match.wrong.join('; ')}`);
      }
      for (const robotId of byRobot.keys()) {
        if (!ledger.robots.has(robotId)) verdict.mismatches.push(`${robotId}: should not exist`);
      }
      return verdict;
    },
  };
}

export function wrongRows(expected: ReadonlyMap<string, Expected>, found: ReadonlyMap<string, Row>): string[] {
  const wrong: string[] = [];
  for (const [key, values] of expected) {
    const row = found.get(key);
    if (row) wrong.push(...differences(values, row).map((text) => `${key}: ${text}`));
    else wrong.push(`${key}: is missing`);
  }
  for (const key of found.keys()) if (!expected.has(key)) wrong.push(`${key}: should not exist`);
  return wrong;
}

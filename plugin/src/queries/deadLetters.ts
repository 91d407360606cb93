import { sqlText } from '@floorwatch/contract/sql-text';

export const DEAD_LETTERS_PER_PAGE = 10;

/** Which dead letters the address of the page chooses. */
export interface DeadLetterChoice {
  /** '' for all. */
  reason: string;
  /** From 1. */
  page: number;
}

/** Never fails: what the address should not hold is taken for nothing. */
export function readDeadLetterChoice(parameters: URLSearchParams): DeadLetterChoice {
  const page = Number(parameters.get('page') ?? 1);
  return {
    reason: parameters.get('reason') ?? '',
    page: Number.isInteger(page) && page >= 1 && page <= 1e6 ? page : 1,
  };
}

/** One page of the dead letters of the chosen time, the newest first; `letters` counts those of all pages. */
export function deadLetters({ reason, page }: DeadLetterChoice): string {
  const condition = reason === '' ? '' : ` AND reason = ${sqlText(reason)}`;
  return `SELECT
  topic, partition, offset, part, reason, detail, sample, raw_bytes, key, received_at, path, repaired_at,
  count() OVER () AS letters
FROM warehouse.v_dead_letters
WHERE $__timeFilter(received_at)${condition}
ORDER BY received_at DESC, topic, partition, offset DESC, part
LIMIT ${DEAD_LETTERS_PER_PAGE} OFFSET ${(page - 1) * DEAD_LETTERS_PER_PAGE}`;
}

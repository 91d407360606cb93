/** The result of one check. `remedy` says what to do, and is absent if the check is ok. */
export interface Finding {
  /** What was checked, such as `topic robot.telemetry`. */
  check: string;
  status: 'ok' | 'warning' | 'failed';
  detail: string;
  remedy?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail };
}

/** It works, but with a problem, or it will soon fail. */
export function warning(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'warning', detail, remedy };
}

/** Events cannot be ingested, or not exactly once. */
export function failed(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'failed', detail, remedy };
}

export function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || (code ?? 'no reason given');
}

/** The text output: one line per finding with the remedy below it, then the totals. */
export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, detail, remedy }) => [
    `${status.padEnd(7)}  ${check.padEnd(width)}  ${detail}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(width + 11)}→ ${remedy}`]),
  ]);
  const sum = (['ok', 'warning', 'failed'] as const)
    .map((status) => `${findings.filter((finding) => finding.status === status).length} ${status}`)
    .join(', ');
  return [...lines, sum].join('\n');
}

/** What one check has found. `remedy` says what to do, and is there unless all is well. */
export interface Finding {
  /** What was looked at, such as `topic robot.telemetry`. */
  check: string;
  status: 'ok' | 'warning' | 'failed';
  detail: string;
  remedy?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail };
}

/** It works, but not as it should, or not for long. */
export function warning(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'warning', detail, remedy };
}

/** Events cannot be ingested, or would not be exact. */
export function failed(check: string, detail: string, remedy: string): Finding {
  return { check, status: 'failed', detail, remedy };
}

export function messageOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || (code ?? 'no reason given');
}

/** For people: a line a finding, the remedy below it, and the sum. */
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

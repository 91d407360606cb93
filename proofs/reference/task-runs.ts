import type { ReferenceEvent } from './reference-event.ts';

/** One run of a task: from a start to the first end before the next start; null while there is none. */
export interface ExpectedRun {
  taskId: string;
  startedMs: number;
  endedMs: number | null;
  outcome: 'running' | 'completed' | 'failed';
}

/** @param events one robot's events in the order of their time */
export function runsOf(events: readonly ReferenceEvent[]): ExpectedRun[] {
  const open = new Map<string, ExpectedRun>();
  const runs: ExpectedRun[] = [];
  for (const { taskId, eventType, tsMs } of events) {
    if (taskId === null) continue;
    if (eventType === 'TASK_STARTED') {
      const run: ExpectedRun = { taskId, startedMs: tsMs, endedMs: null, outcome: 'running' };
      open.set(taskId, run);
      runs.push(run);
    }
    const run = open.get(taskId);
    if (run && (eventType === 'TASK_COMPLETED' || eventType === 'TASK_FAILED')) {
      run.endedMs = tsMs;
      run.outcome = eventType === 'TASK_COMPLETED' ? 'completed' : 'failed';
      open.delete(taskId);
    }
  }
  return runs;
}

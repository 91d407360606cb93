/** What the reference needs to know about an event. Null means that the event does not have the field. */
export interface ReferenceEvent {
  /** Event time, milliseconds since the epoch. */
  tsMs: number;
  eventType: string;
  taskId: string | null;
  x: number | null;
  y: number | null;
  /** Absent: all positions of the robot are on one map. */
  mapId?: string | null;
  battery: number | null;
  speed: number | null;
  state: string | null;
}

/** The state that an event counts as: one without a state that names a task in progress counts as `working`. */
export function stateOf(event: ReferenceEvent): string {
  if (event.state !== null) return event.state;
  const inProgress = event.taskId !== null && event.eventType !== 'TASK_COMPLETED' && event.eventType !== 'TASK_FAILED';
  return inProgress ? 'working' : 'unknown';
}

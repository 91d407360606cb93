import type { ReferenceEvent } from '../../reference/reference-event.ts';

/** One event as a robot reports it. */
export interface RobotReport extends ReferenceEvent {
  /** Null: Floorwatch derives the id from the event's place in Kafka. */
  eventId: string | null;
  robotId: string;
  mapId: string | null;
  siteId: string | null;
  errorCode: string | null;
  /** meta.localization_score and meta.deviation_range. */
  score: number | null;
  deviationMetres: number | null;
}

export const FIRMWARE = 'v2.4.1';

/** `meta` as the robot sends it; without the operator, who is personal, as readers see it. */
export function metaOf(report: RobotReport, operator?: string): Record<string, unknown> {
  return {
    firmware: FIRMWARE,
    ...(operator !== undefined && { operator }),
    ...(report.score !== null && { localization_score: report.score }),
    ...(report.deviationMetres !== null && { deviation_range: report.deviationMetres }),
  };
}

export function jsonOf(report: RobotReport): string {
  return JSON.stringify({
    ...(report.eventId !== null && { event_id: report.eventId }),
    robot_id: report.robotId,
    ts: new Date(report.tsMs).toISOString(),
    event_type: report.eventType,
    task_id: report.taskId,
    ...(report.x !== null && { x: report.x, y: report.y }),
    map_id: report.mapId,
    site_id: report.siteId,
    battery: report.battery,
    speed: report.speed,
    state: report.state,
    error_code: report.errorCode,
    meta: metaOf(report, 'Ada'),
  });
}

/**
 * MassRobotics AMR Interoperability Standard: status and identity reports.
 * x and y are in the units of the report's planar datum. The standard does not define them (it even suggests latitude and
 * longitude), so the ingestor never assumes metres. A report whose datum has no registered transform is a dead letter that names it.
 */
import type { Result, RobotState, TelemetryMessage } from '@floorwatch/contract';
import { firstProblem } from '@floorwatch/floorplan/foreign-json';
import { z } from 'zod';
import type { FormatRejectReason } from '../decode/outcome.ts';
import { yawRadians } from './quaternion.ts';

/** The transform of a planar datum to the map frame: scale, then rotate, then translate. */
export interface PlanarDatum {
  mapId: string;
  /** The datum's origin in the map frame. */
  xMetres: number;
  yMetres: number;
  /** Direction of the datum's +x axis in the map frame, counter-clockwise. */
  yawRadians: number;
  /** Metres per unit of the report's x and y. */
  metresPerUnit: number;
}

/** By datum UUID in lower case. */
export type PlanarDatums = ReadonlyMap<string, PlanarDatum>;

const quaternion = z.object({ x: z.number(), y: z.number(), z: z.number(), w: z.number() });
const statusReport = z.object({
  uuid: z.string().min(1),
  timestamp: z.string(),
  operationalState: z.enum([
    'navigating',
    'idle',
    'disabled',
    'offline',
    'charging',
    'waitingHumanEvent',
    'waitingExternalEvent',
    'waitingInternalEvent',
    'manualOverride',
  ]),
  location: z.object({ x: z.number(), y: z.number(), angle: quaternion, planarDatum: z.string().min(1) }),
  velocity: z.object({ linear: z.number() }).nullish(),
  batteryPercentage: z.number().nullish(),
  errorCodes: z.array(z.string()).nullish(),
});
const identityReport = z.object({
  uuid: z.string().min(1),
  timestamp: z.string(),
  manufacturerName: z.string(),
  robotModel: z.string(),
  robotSerialNumber: z.string(),
});

type OperationalState = z.infer<typeof statusReport>['operationalState'];

/** A robot that waits for a person or another machine is blocked. One that waits for itself is working. */
const STATE_OF: Record<OperationalState, RobotState> = {
  navigating: 'working',
  idle: 'idle',
  disabled: 'maintenance',
  offline: 'offline',
  charging: 'charging',
  waitingHumanEvent: 'blocked',
  waitingExternalEvent: 'blocked',
  waitingInternalEvent: 'working',
  manualOverride: 'manual',
};

/**
 * @param json a parsed report, plain or wrapped as `{ statusReport: {...} }`; an identity report becomes a HEARTBEAT
 * @param datums the registered planar datums
 */
export function normaliseMassRobotics(
  json: unknown,
  datums: PlanarDatums
): Result<TelemetryMessage, FormatRejectReason> {
  const report = unwrap(json);
  const identity = identityReport.safeParse(report);
  if (identity.success) return { ok: true, value: heartbeatOf(identity.data) };
  const { data, error } = statusReport.safeParse(report);
  if (error) return { ok: false, reason: 'massrobotics_invalid', detail: firstProblem(error) };

  const { location } = data;
  const datum = datums.get(location.planarDatum.toLowerCase());
  if (datum === undefined) {
    const detail = `planarDatum ${location.planarDatum} has no registered transform`;
    return { ok: false, reason: 'planar_datum_unknown', detail };
  }
  const yawInDatum = yawRadians(location.angle);
  if (yawInDatum === null) {
    return { ok: false, reason: 'massrobotics_invalid', detail: 'location.angle: a quaternion of length 0' };
  }
  const error_code = data.errorCodes?.[0] ?? null;
  return {
    ok: true,
    value: {
      robot_id: data.uuid.toLowerCase(),
      ts: data.timestamp,
      event_type: error_code === null ? 'POSITION_UPDATE' : 'ERROR',
      ...toMapFrame(location, datum),
      theta: yawInDatum + datum.yawRadians,
      map_id: datum.mapId,
      speed: data.velocity?.linear ?? null,
      battery: data.batteryPercentage ?? null,
      state: STATE_OF[data.operationalState],
      error_code,
      meta: { format: 'massrobotics', operational_state: data.operationalState, error_codes: data.errorCodes ?? [] },
    },
  };
}

function unwrap(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if ('statusReport' in json) return json.statusReport;
  return 'identityReport' in json ? json.identityReport : json;
}

function toMapFrame(location: { x: number; y: number }, datum: PlanarDatum): { x: number; y: number } {
  const cos = Math.cos(datum.yawRadians) * datum.metresPerUnit;
  const sin = Math.sin(datum.yawRadians) * datum.metresPerUnit;
  return {
    x: datum.xMetres + cos * location.x - sin * location.y,
    y: datum.yMetres + sin * location.x + cos * location.y,
  };
}

function heartbeatOf(identity: z.infer<typeof identityReport>): TelemetryMessage {
  return {
    robot_id: identity.uuid.toLowerCase(),
    ts: identity.timestamp,
    event_type: 'HEARTBEAT',
    meta: {
      format: 'massrobotics',
      manufacturer: identity.manufacturerName,
      model: identity.robotModel,
      serial_number: identity.robotSerialNumber,
    },
  };
}

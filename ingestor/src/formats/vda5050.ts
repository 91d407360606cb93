/**
 * VDA 5050 `state` messages, versions 2.x and 3.x. Source: the VDA 5050 JSON schemas; the two versions have different
 * names for the pose, the battery and the emergency stop. All other fields used here are the same.
 */
import type { Result, RobotState, TelemetryMessage } from '@floorwatch/contract';
import { firstProblem } from '@floorwatch/floorplan/foreign-json';
import { z } from 'zod';
import type { FormatRejectReason } from '../decode/outcome.ts';

const optional = <T extends z.ZodType>(schema: T) => schema.nullish();

const common = {
  timestamp: z.string(),
  version: z.string(),
  manufacturer: z.string().min(1),
  serialNumber: z.string().min(1),
  orderId: optional(z.string()),
  nodeStates: optional(z.array(z.unknown())),
  driving: z.boolean(),
  paused: optional(z.boolean()),
  operatingMode: z.string(),
  velocity: optional(z.object({ vx: optional(z.number()), vy: optional(z.number()) })),
  errors: z.array(z.object({ errorType: z.string(), errorLevel: z.string() })),
};
const pose = { x: z.number(), y: z.number(), theta: z.number(), mapId: z.string() };
const localisation = { localizationScore: optional(z.number()), deviationRange: optional(z.number()) };

const stateV2 = z.object({
  ...common,
  agvPosition: optional(z.object({ ...pose, ...localisation, positionInitialized: z.boolean() })),
  batteryState: z.object({ batteryCharge: z.number(), charging: z.boolean(), batteryHealth: optional(z.number()) }),
  safetyState: z.object({ eStop: z.string(), fieldViolation: z.boolean() }),
});
const stateV3 = z.object({
  ...common,
  mobileRobotPosition: optional(z.object({ ...pose, ...localisation, localized: z.boolean() })),
  powerSupply: z.object({ stateOfCharge: z.number(), charging: z.boolean(), batteryHealth: optional(z.number()) }),
  safetyState: z.object({ activeEmergencyStop: z.string(), fieldViolation: z.boolean() }),
});

/** The common content of the two versions. */
interface State {
  common: z.infer<z.ZodObject<typeof common>>;
  position: (z.infer<z.ZodObject<typeof pose & typeof localisation>> & { localized: boolean }) | null;
  battery: { percent: number; charging: boolean; healthPercent: number | null };
  emergencyStop: string;
  fieldViolation: boolean;
}

/** From most to least severe. A robot can work with WARNING and URGENT, but not with CRITICAL and FATAL. */
const ERROR_LEVELS = ['FATAL', 'CRITICAL', 'URGENT', 'WARNING'];
const STOPPING_LEVELS = new Set(['FATAL', 'CRITICAL']);

const STATE_OF_MODE: Partial<Record<string, RobotState>> = {
  MANUAL: 'manual',
  INTERVENED: 'manual',
  TEACHIN: 'manual',
  TEACH_IN: 'manual',
  SERVICE: 'maintenance',
  STARTUP: 'maintenance',
};

/** @param json a parsed VDA 5050 `state` message */
export function normaliseVda5050State(json: unknown): Result<TelemetryMessage, FormatRejectReason> {
  const version = z.object({ version: z.string() }).safeParse(json);
  if (!version.success) return { ok: false, reason: 'vda5050_invalid', detail: firstProblem(version.error) };
  const major = version.data.version.split('.')[0];
  if (major !== '2' && major !== '3') {
    const detail = `version ${version.data.version} is not supported; supported are 2.x and 3.x`;
    return { ok: false, reason: 'vda5050_version_unsupported', detail };
  }
  const foreign = foreignPose(json, major);
  if (foreign !== null) {
    const detail = `${foreign} belongs to another version than ${version.data.version}`;
    return { ok: false, reason: 'vda5050_invalid', detail };
  }
  const parsed = major === '2' ? readV2(json) : readV3(json);
  return 'error' in parsed
    ? { ok: false, reason: 'vda5050_invalid', detail: firstProblem(parsed.error) }
    : { ok: true, value: messageOf(parsed) };
}

/** The name of a position field of the other version, if the message has none of its own version. Ignoring it would lose a pose. */
function foreignPose(json: unknown, major: '2' | '3'): string | null {
  const { agvPosition, mobileRobotPosition } = json as Record<string, unknown>;
  if (major === '2') return agvPosition == null && mobileRobotPosition != null ? 'mobileRobotPosition' : null;
  return mobileRobotPosition == null && agvPosition != null ? 'agvPosition' : null;
}

function readV2(json: unknown): State | { error: z.ZodError } {
  const { data, error } = stateV2.safeParse(json);
  if (error) return { error };
  const { agvPosition, batteryState, safetyState } = data;
  return {
    common: data,
    position: agvPosition ? { ...agvPosition, localized: agvPosition.positionInitialized } : null,
    battery: {
      percent: batteryState.batteryCharge,
      charging: batteryState.charging,
      healthPercent: batteryState.batteryHealth ?? null,
    },
    emergencyStop: safetyState.eStop,
    fieldViolation: safetyState.fieldViolation,
  };
}

function readV3(json: unknown): State | { error: z.ZodError } {
  const { data, error } = stateV3.safeParse(json);
  if (error) return { error };
  const { mobileRobotPosition, powerSupply, safetyState } = data;
  return {
    common: data,
    position: mobileRobotPosition ?? null,
    battery: {
      percent: powerSupply.stateOfCharge,
      charging: powerSupply.charging,
      healthPercent: powerSupply.batteryHealth ?? null,
    },
    emergencyStop: safetyState.activeEmergencyStop,
    fieldViolation: safetyState.fieldViolation,
  };
}

function messageOf(state: State): TelemetryMessage {
  const { common: c, position, battery } = state;
  const worst = [...c.errors].sort((a, b) => severity(a.errorLevel) - severity(b.errorLevel))[0];
  const stopped = worst !== undefined && STOPPING_LEVELS.has(worst.errorLevel);
  // orderId stays set after an order has ended. Only open nodes show that the order is still active.
  const onOrder = Boolean(c.orderId) && (c.nodeStates?.length ?? 0) > 0;
  const { vx, vy } = c.velocity ?? {};
  return {
    robot_id: `${c.manufacturer}/${c.serialNumber}`,
    ts: c.timestamp,
    event_type: stopped ? 'ERROR' : position ? 'POSITION_UPDATE' : 'HEARTBEAT',
    task_id: onOrder ? (c.orderId ?? null) : null,
    x: position?.x ?? null,
    y: position?.y ?? null,
    theta: position?.theta ?? null,
    // The schema requires a map, but a robot that is not localised has none.
    map_id: position === null || position.mapId === '' ? null : position.mapId,
    speed: vx == null && vy == null ? null : Math.hypot(vx ?? 0, vy ?? 0),
    battery: battery.percent,
    state: robotState(state, stopped, onOrder),
    error_code: worst?.errorType ?? null,
    meta: {
      format: `vda5050/${c.version}`,
      operating_mode: c.operatingMode,
      emergency_stop: state.emergencyStop,
      localized: position?.localized ?? null,
      localization_score: position?.localizationScore ?? null,
      deviation_range: position?.deviationRange ?? null,
      battery_health: battery.healthPercent,
    },
  };
}

/** First whether safety stops the robot, then who drives it, then what it does. */
function robotState(state: State, stopped: boolean, onOrder: boolean): RobotState {
  if (stopped || state.emergencyStop !== 'NONE') return 'error';
  const byMode = STATE_OF_MODE[state.common.operatingMode];
  if (byMode) return byMode;
  if (state.battery.charging) return 'charging';
  if (state.common.paused === true || state.fieldViolation) return 'blocked';
  return state.common.driving || onOrder ? 'working' : 'idle';
}

function severity(level: string): number {
  const index = ERROR_LEVELS.indexOf(level);
  return index === -1 ? ERROR_LEVELS.length : index;
}

/** Messages of other standards. Each function takes the id that the robot has in that standard. */

export const MANUFACTURER = 'ACME';
const IDENTITY_QUATERNION = { x: 0, y: 0, z: 0, w: 1 };

export function vda5050StateV2(serialNumber: string, nowMs: number): object {
  return {
    ...vda5050Common(serialNumber, nowMs),
    version: '2.1.0',
    agvPosition: { x: 3, y: 4, theta: 0.5, mapId: 'hall', positionInitialized: true },
    batteryState: { batteryCharge: 80, charging: false },
    safetyState: { eStop: 'NONE', fieldViolation: false },
  };
}

export function vda5050StateV3(serialNumber: string, nowMs: number): object {
  return {
    ...vda5050Common(serialNumber, nowMs),
    version: '3.0.0',
    mobileRobotPosition: { x: 3, y: 4, theta: 0.5, mapId: 'hall', localized: true },
    powerSupply: { stateOfCharge: 80, charging: false },
    safetyState: { activeEmergencyStop: 'NONE', fieldViolation: false },
  };
}

function vda5050Common(serialNumber: string, nowMs: number): object {
  return {
    headerId: 1,
    timestamp: new Date(nowMs).toISOString(),
    manufacturer: MANUFACTURER,
    serialNumber,
    orderId: 'order-1',
    orderUpdateId: 0,
    lastNodeId: 'n1',
    lastNodeSequenceId: 0,
    nodeStates: [{ nodeId: 'n2', sequenceId: 2, released: true }],
    edgeStates: [],
    actionStates: [],
    driving: true,
    operatingMode: 'AUTOMATIC',
    errors: [],
  };
}

/** @param planarDatum UUID of the datum that x and y refer to */
export function massRoboticsStatus(uuid: string, planarDatum: string, nowMs: number): object {
  return {
    statusReport: {
      uuid,
      timestamp: new Date(nowMs).toISOString(),
      operationalState: 'navigating',
      location: { x: 3, y: 4, angle: IDENTITY_QUATERNION, planarDatum },
      velocity: { linear: 1.2 },
      batteryPercentage: 80,
      errorCodes: [],
    },
  };
}

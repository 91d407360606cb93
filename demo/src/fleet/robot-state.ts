import type { RobotState } from '@floorwatch/contract';
import type { Floor } from './floor.ts';
import type { Localisation, WeaknessAt } from './localisation.ts';
import type { FindRoute } from './routes.ts';
import type { Stations } from './stations.ts';

/** The state of one simulated robot. Only `stepRobot` changes it. */
export interface Robot {
  robotId: string;
  site: Site;
  state: RobotState;
  /** Remaining cells of the route. The first one is where the robot is or which it just left. */
  route: [number, ...number[]];
  /** Metres driven from the first cell of the route towards the second. */
  metresIntoSegment: number;
  xMetres: number;
  yMetres: number;
  headingRadians: number;
  speedMetresPerSecond: number;
  localisation: Localisation;
  batteryPercent: number;
  taskId: string | null;
  errorCode: string | null;
  firmware: string;
  /** Seconds left in a state that ends by itself (idle, blocked, error, maintenance). */
  secondsLeft: number;
}

/** One floor with the data that its robots share. */
export interface Site {
  floor: Floor;
  stations: Stations;
  findRoute: FindRoute;
  weaknessAt: WeaknessAt;
}

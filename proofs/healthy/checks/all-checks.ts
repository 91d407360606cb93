import type { ViewCheck } from '../compare/reading.ts';
import type { Ledger } from '../fleet/ledger.ts';
import { deadLetterChecks } from './dead-letters.ts';
import { eventsCheck } from './events.ts';
import { fleetCountChecks } from './fleet-counts.ts';
import { fleetNowCheck } from './fleet-now.ts';
import { floorCellChecks } from './floor-cells.ts';
import { hourChecks } from './hours.ts';
import { minuteChecks } from './minutes.ts';
import { pathOffsetsCheck } from './path-offsets.ts';
import { taskChecks } from './tasks.ts';
import { telemetryDropoffCheck } from './telemetry-dropoff.ts';

/** Checks that are read one after the other; the groups are read at the same time, so that a slow one delays no other. */
export interface CheckGroup {
  /** Roll-ups that are computed too seldom for a proof of minutes. */
  slowRollUps: readonly string[];
  isOfRollUps: boolean;
  checks: ViewCheck[];
}

/** Every view that is compared, each with what it must say about what the ledger holds. */
export function allChecks(ledger: Ledger, topic: string): CheckGroup[] {
  return [
    {
      slowRollUps: [],
      isOfRollUps: false,
      checks: [fleetNowCheck(ledger), ...fleetCountChecks(ledger), telemetryDropoffCheck(ledger)],
    },
    {
      slowRollUps: [],
      isOfRollUps: false,
      checks: [
        ...taskChecks(ledger),
        eventsCheck(ledger, topic),
        ...deadLetterChecks(ledger),
        pathOffsetsCheck(ledger, topic),
      ],
    },
    { slowRollUps: [], isOfRollUps: true, checks: minuteChecks(ledger) },
    { slowRollUps: ['telemetry_hour_mv'], isOfRollUps: true, checks: hourChecks(ledger) },
    { slowRollUps: ['floor_cells_hour_mv'], isOfRollUps: true, checks: floorCellChecks(ledger) },
  ];
}

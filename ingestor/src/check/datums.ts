import { PlanError } from '@floorwatch/floorplan/plan-error';
import type { Config } from '../config/config.ts';
import { parsePlanarDatums } from '../formats/planar-datums.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

const CHECK = 'planar datums';

/** Checks the transforms of the planar datums. A MassRobotics report with an unknown datum is a dead letter. */
export function datumFindings({ massRoboticsDatums: file }: Pick<Config['formats'], 'massRoboticsDatums'>): Finding[] {
  if (file === undefined) return [];
  try {
    const { size } = parsePlanarDatums(file.text, file.path);
    if (size > 0) return [ok(CHECK, `${size} in ${file.path}`)];
    return [
      warning(
        CHECK,
        `none in ${file.path}`,
        'Add the datums that the robots name, by UUID. `geometry --help` shows an example.'
      ),
    ];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return [failed(CHECK, error.message, 'Correct MASSROBOTICS_DATUMS_FILE. `geometry --help` shows an example.')];
  }
}

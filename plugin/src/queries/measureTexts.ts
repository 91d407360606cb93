import { t } from '@grafana/i18n';
import type { CellMeasureId } from './floorCells';

/** What people read of a measure. */
export function measureTexts(measure: CellMeasureId): { name: string; meaning: string } {
  switch (measure) {
    case 'dwell':
      return {
        name: t('measure.dwell.name', 'Dwell'),
        meaning: t('measure.dwell.what', 'Time that robots spent in each square metre, all robots together.'),
      };
    case 'congestion':
      return {
        name: t('measure.congestion.name', 'Congestion'),
        meaning: t(
          'measure.congestion.what',
          'Time that robots waited (blocked, or working below 0.1 m/s) with another robot within a cell of them.'
        ),
      };
    case 'errors':
      return {
        name: t('measure.errors.name', 'Errors'),
        meaning: t('measure.errors.what', 'ERROR events by the square metre where they happened.'),
      };
    case 'localisation':
      return {
        name: t('measure.localisation.name', 'Localisation'),
        meaning: t(
          'measure.localisation.what',
          'Mean localisation score of what was reported from each square metre; 100 % is certain.'
        ),
      };
    case 'deviation':
      return {
        name: t('measure.deviation.name', 'Position deviation'),
        meaning: t('measure.deviation.what', 'Mean deviation that robots reported of their own position.'),
      };
  }
}

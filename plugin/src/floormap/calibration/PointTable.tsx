import React, { useMemo } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { IconButton, Input, Select, useStyles2 } from '@grafana/ui';
import type { Fleet } from '../fleet/fleet';
import type { ClickedPoint } from './imagePlacement';

interface TableProps {
  clicks: readonly ClickedPoint[];
  fleet: Fleet;
  /** One per point while they fit; empty otherwise. */
  residualsCentimetres: readonly number[];
  onChange: (index: number, next: Partial<ClickedPoint>) => void;
  onRemove: (index: number) => void;
}

/** The clicked points with their metres, typed or taken from a robot, and how far each is off the fit. */
export function PointTable({ clicks, fleet, residualsCentimetres, onChange, onRemove }: TableProps) {
  const styles = useStyles2(getStyles);
  const robots = useMemo(
    () =>
      fleet.robotIds
        .map((label, value) => ({ label, value }))
        .filter(({ value }) => Number.isFinite(fleet.xMetres[value]) && Number.isFinite(fleet.yMetres[value])),
    [fleet]
  );
  const metres = (index: number, axis: 'xMetres' | 'yMetres', name: string) => (
    <Input
      type="number"
      width={11}
      aria-label={t('map.calibration.metres', '{{axis}} of point {{number}}, metres', {
        axis: name,
        number: index + 1,
      })}
      value={clicks[index]?.[axis] ?? ''}
      onChange={({ currentTarget }) =>
        onChange(index, { [axis]: currentTarget.value === '' ? null : currentTarget.valueAsNumber })
      }
    />
  );

  if (clicks.length === 0) return <p className={styles.empty}>{t('map.calibration.none', 'No points yet.')}</p>;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th />
          <th>{t('map.field.x', 'x (m)')}</th>
          <th>{t('map.field.y', 'y (m)')}</th>
          <th>{t('map.calibration.or_robot', 'or robot')}</th>
          <th className={styles.number}>{t('map.calibration.off_by', 'off by')}</th>
          <th />
        </tr>
      </thead>
      <tbody>
        {clicks.map((_, index) => (
          <tr key={index}>
            <td>{index + 1}</td>
            <td>{metres(index, 'xMetres', 'x')}</td>
            <td>{metres(index, 'yMetres', 'y')}</td>
            <td>
              <Select
                width={16}
                placeholder={t('map.field.robot_id', 'Robot')}
                aria-label={t('map.calibration.robot_at', 'Robot at point {{number}}', { number: index + 1 })}
                options={robots}
                virtualized
                value={null}
                onChange={({ value = -1 }) =>
                  onChange(index, { xMetres: fleet.xMetres[value] ?? null, yMetres: fleet.yMetres[value] ?? null })
                }
              />
            </td>
            <td className={styles.number}>{formatResidual(residualsCentimetres[index])}</td>
            <td>
              <IconButton
                name="trash-alt"
                tooltip={t('map.calibration.remove', 'Remove point {{number}}', { number: index + 1 })}
                onClick={() => onRemove(index)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function formatResidual(centimetres: number | undefined): string {
  return centimetres === undefined ? '' : `${centimetres.toFixed(1)} cm`;
}

const getStyles = (theme: GrafanaTheme2) => ({
  empty: css({ color: theme.colors.text.secondary }),
  table: css({
    width: '100%',
    'th, td': { padding: theme.spacing(0.5), fontWeight: theme.typography.fontWeightRegular },
    th: { color: theme.colors.text.secondary, fontSize: theme.typography.bodySmall.fontSize },
  }),
  number: css({ textAlign: 'right', fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }),
});

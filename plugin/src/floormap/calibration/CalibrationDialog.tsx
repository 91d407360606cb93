import React, { useMemo, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { MAX_CALIBRATION_POINTS } from '@floorwatch/floorplan/fit-placement';
import { t, Trans } from '@grafana/i18n';
import { Alert, Button, Checkbox, Input, Modal, useStyles2 } from '@grafana/ui';
import type { Fleet } from '../fleet/fleet';
import type { ImagePlacement } from '../plan/planOptions';
import { ClickableImage } from './ClickableImage';
import { fitClicks, placementOf, type ClickedPoint } from './imagePlacement';
import { PointTable } from './PointTable';
import { useImage } from './useImage';

interface DialogProps {
  planUrl: string;
  fleet: Fleet;
  placement: ImagePlacement;
  onApply: (placement: ImagePlacement) => void;
  onClose: () => void;
}

/** Three steps on one page: click the image, say where each click is on the floor, read how well it fits. */
export function CalibrationDialog({ planUrl, fleet, placement, onApply, onClose }: DialogProps) {
  const styles = useStyles2(getStyles);
  const { image, problem } = useImage(planUrl);
  const [clicks, setClicks] = useState<readonly ClickedPoint[]>(placement.points);
  const [isScaleKnown, setScaleKnown] = useState(false);
  const [scale, setScale] = useState(placement.metresPerPixel);
  const fit = useMemo(
    () => (image && clicks.length > 0 ? fitClicks(clicks, image.heightPixels, isScaleKnown ? scale : undefined) : null),
    [clicks, image, isScaleKnown, scale]
  );
  const change = (index: number, next: Partial<ClickedPoint>) =>
    setClicks(clicks.map((click, k) => (k === index ? { ...click, ...next } : click)));

  return (
    <Modal title={t('map.calibration.title', 'Calibrate the plan')} isOpen onDismiss={onClose} className={styles.modal}>
      <p className={styles.help}>
        {t(
          'map.calibration.what',
          'Click three to eight points that you can find on the floor, far apart and not on one line. Then type where each one is, or pick a robot that stands there now.'
        )}
      </p>
      {problem !== '' && <Alert severity="error" title={problem} />}
      <div className={styles.columns}>
        {image && (
          <ClickableImage
            image={image}
            clicks={clicks}
            canAdd={clicks.length < MAX_CALIBRATION_POINTS}
            onAdd={(uPixels, vPixels) => setClicks([...clicks, { uPixels, vPixels, xMetres: null, yMetres: null }])}
            onMove={(index, uPixels, vPixels) => change(index, { uPixels, vPixels })}
          />
        )}
        <div className={styles.side}>
          <PointTable
            clicks={clicks}
            fleet={fleet}
            residualsCentimetres={fit?.ok ? fit.residualsCentimetres : []}
            onChange={change}
            onRemove={(index) => setClicks(clicks.filter((_, k) => k !== index))}
          />
          <div className={styles.scale}>
            <Checkbox
              label={t('map.calibration.known', 'The scale is known')}
              value={isScaleKnown}
              onChange={(event) => setScaleKnown(event.currentTarget.checked)}
            />
            {isScaleKnown && (
              <Input
                type="number"
                width={20}
                aria-label={t('map.option.metres_per_pixel.name', 'Metres per pixel')}
                suffix={t('map.calibration.unit', 'm/pixel')}
                value={scale}
                onChange={(event) => setScale(event.currentTarget.valueAsNumber)}
              />
            )}
          </div>
          <div role="status" data-testid="calibration-result" className={styles.result}>
            {fit?.ok && (
              <Trans
                i18nKey="map.calibration.result"
                defaults="RMS error <strong>{{rms}} cm</strong>, {{scale}} cm per pixel, turned {{turn}}"
                values={{
                  rms: fit.rmsCentimetres.toFixed(1),
                  scale: (100 * fit.placement.metresPerPixel).toPrecision(4),
                  turn: formatTurn(fit.placement.yawRadians),
                }}
                components={{ strong: <strong /> }}
              />
            )}
            {fit && !fit.ok && <span className={styles.refusal}>{fit.reason}</span>}
          </div>
        </div>
      </div>
      <Modal.ButtonRow>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {t('map.calibration.cancel', 'Cancel')}
        </Button>
        <Button disabled={!fit?.ok} onClick={() => fit?.ok && onApply(placementOf(fit, clicks))}>
          {t('map.calibration.apply', 'Apply')}
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}

/** An angle just below 0 must not read -0.00°. */
function formatTurn(yawRadians: number): string {
  return `${(Math.round((yawRadians * 18_000) / Math.PI) / 100 + 0).toFixed(2)}°`;
}

const getStyles = (theme: GrafanaTheme2) => ({
  modal: css({ width: 'min(1400px, 95vw)' }),
  help: css({ color: theme.colors.text.secondary }),
  columns: css({ display: 'flex', gap: theme.spacing(2), alignItems: 'flex-start' }),
  side: css({ flex: '0 0 430px' }),
  scale: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(2), minHeight: theme.spacing(5) }),
  result: css({ minHeight: theme.spacing(5), fontVariantNumeric: 'tabular-nums' }),
  refusal: css({ color: theme.colors.warning.text }),
});

import React, { useEffect, useRef, useState } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { ToolbarButton, useStyles2 } from '@grafana/ui';
import type { DecodedImage } from '../plan/decodeImage';
import type { ClickedPoint } from './imagePlacement';

interface ImageProps {
  image: DecodedImage;
  clicks: readonly ClickedPoint[];
  canAdd: boolean;
  onAdd: (uPixels: number, vPixels: number) => void;
  onMove: (index: number, uPixels: number, vPixels: number) => void;
}

const ZOOMS = [1, 2, 4, 8] as const;

/** Image pixels that an arrow key moves a point, right and down; with Shift ten times as many. */
const STEPS: Partial<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * The plan image with its numbered points: a click adds one, dragging moves one, zooming makes clicks exact. By keyboard,
 * Enter adds one in the middle and the arrows move the one in focus.
 */
export function ClickableImage({ image, clicks, canAdd, onAdd, onMove }: ImageProps) {
  const styles = useStyles2(getStyles);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [zoom, setZoom] = useState<number>(ZOOMS[0]);
  const dragged = useRef<number | null>(null);
  const { widthPixels, heightPixels } = image;

  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    pen?.clearRect(0, 0, widthPixels, heightPixels);
    pen?.drawImage(image.image, 0, 0, widthPixels, heightPixels);
  }, [image, widthPixels, heightPixels]);

  const onImage = (u: number, v: number): [number, number] => [
    Math.min(widthPixels, Math.max(0, u)),
    Math.min(heightPixels, Math.max(0, v)),
  ];

  /** Image pixels of a pointer's place, whatever the zoom. */
  const pixelAt = (event: React.MouseEvent): [number, number] => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return [NaN, NaN];
    const u = ((event.clientX - box.left) / box.width) * widthPixels;
    return onImage(u, ((event.clientY - box.top) / box.height) * heightPixels);
  };

  const moveByKey = (event: React.KeyboardEvent, index: number) => {
    const [step, click] = [STEPS[event.key], clicks[index]];
    if (!step || !click) return;
    // The frame must not scroll.
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    onMove(index, ...onImage(click.uPixels + step[0] * far, click.vPixels + step[1] * far));
  };

  return (
    <div className={styles.frame}>
      <div className={styles.zoom}>
        {ZOOMS.map((factor) => (
          <ToolbarButton
            key={factor}
            variant={factor === zoom ? 'active' : 'canvas'}
            aria-label={t('map.calibration.zoom', 'Zoom {{factor}} times', { factor })}
            onClick={() => setZoom(factor)}
          >
            {factor}×
          </ToolbarButton>
        ))}
      </div>
      <div className={styles.scroll}>
        <div
          className={styles.surface}
          style={{ width: `${100 * zoom}%` }}
          onPointerMove={(event) => dragged.current !== null && onMove(dragged.current, ...pixelAt(event))}
          onPointerUp={() => (dragged.current = null)}
          onPointerLeave={() => (dragged.current = null)}
        >
          <canvas
            ref={canvas}
            className={styles.image}
            width={widthPixels}
            height={heightPixels}
            data-testid="calibration-image"
            role="button"
            tabIndex={0}
            aria-label={t('map.calibration.image', 'Plan image; a click adds a point, Enter adds one in the middle')}
            onClick={(event) => canAdd && onAdd(...pixelAt(event))}
            onKeyDown={(event) => event.key === 'Enter' && canAdd && onAdd(widthPixels / 2, heightPixels / 2)}
          />
          {clicks.map(({ uPixels, vPixels }, index) => (
            <span
              key={index}
              className={styles.point}
              role="button"
              tabIndex={0}
              aria-label={t('map.calibration.point', 'Point {{number}} at pixel {{u}}, {{v}}; arrow keys move it', {
                number: index + 1,
                u: Math.round(uPixels),
                v: Math.round(vPixels),
              })}
              onKeyDown={(event) => moveByKey(event, index)}
              style={{ left: `${(100 * uPixels) / widthPixels}%`, top: `${(100 * vPixels) / heightPixels}%` }}
              onPointerDown={(event) => {
                event.preventDefault();
                dragged.current = index;
              }}
            >
              {index + 1}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css({ flex: '1 1 0', minWidth: 0, position: 'relative' }),
  zoom: css({ display: 'flex', gap: theme.spacing(0.5), marginBottom: theme.spacing(1) }),
  scroll: css({ maxHeight: '62vh', overflow: 'auto', border: `1px solid ${theme.colors.border.medium}` }),
  surface: css({ position: 'relative' }),
  image: css({
    display: 'block',
    width: '100%',
    cursor: 'crosshair',
    background: theme.colors.background.canvas,
    '&:focus-visible': { outline: `2px solid ${theme.colors.primary.border}`, outlineOffset: -2 },
  }),
  point: css({
    position: 'absolute',
    width: 20,
    height: 20,
    margin: '-10px 0 0 -10px',
    borderRadius: '50%',
    border: `2px solid ${theme.colors.primary.contrastText}`,
    outline: `1px solid ${theme.colors.primary.shade}`,
    background: theme.colors.primary.main,
    color: theme.colors.primary.contrastText,
    fontSize: 11,
    lineHeight: '16px',
    textAlign: 'center',
    opacity: 0.85,
    cursor: 'move',
    userSelect: 'none',
    '&:focus-visible': { outline: `3px solid ${theme.colors.warning.main}`, outlineOffset: 2 },
  }),
});

import React, { useEffect, useRef } from 'react';
import { statusIndex, type Status } from '../fleet/status';
import type { Palette } from '../paint/palette';
import { drawMarker } from '../paint/shapes';

const SIDE_PX = 18;

/** The marker of a status as the map draws it, heading to the upper right. */
export function MarkerIcon({ status, palette }: { status: Status; palette: Palette }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (!canvas.current || !pen) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = canvas.current.height = SIDE_PX * ratio;
    pen.scale(ratio, ratio);
    pen.translate(SIDE_PX / 2, SIDE_PX / 2);
    const fill = palette.statusFill[statusIndex(status)] ?? '';
    drawMarker(pen, status, Math.PI / 4, SIDE_PX - 4, { fill, outline: palette.outline, sign: palette.sign });
  }, [status, palette]);
  return <canvas ref={canvas} style={{ width: SIDE_PX, height: SIDE_PX }} aria-hidden />;
}

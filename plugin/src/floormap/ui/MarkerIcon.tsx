import React, { useEffect, useRef } from 'react';
import { statusIndex, type Status } from '../fleet/status';
import { PIN_PX } from '../annotations/annotationsAt';
import { drawPin } from '../layers/annotationsLayer';
import type { Palette } from '../paint/palette';
import { drawMarker } from '../paint/markers';

const SIDE_PX = 18;

interface MarkerIconProps {
  status: Status;
  palette: Palette;
  /** NaN where none is known. */
  headingRadians: number;
}

/** To the upper right. */
export const LEGEND_HEADING_RADIANS = Math.PI / 4;

/** The marker of a status as the map draws it. */
export function MarkerIcon({ status, palette, headingRadians }: MarkerIconProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pen = begin(canvas.current);
    if (!pen) return;
    pen.translate(SIDE_PX / 2, SIDE_PX / 2);
    const fill = palette.statusFill[statusIndex(status)] ?? '';
    drawMarker(pen, status, headingRadians, SIDE_PX - 4, { fill, outline: palette.outline, sign: palette.sign });
  }, [status, palette, headingRadians]);
  return <canvas ref={canvas} style={{ width: SIDE_PX, height: SIDE_PX }} aria-hidden />;
}

/** The pin of an annotation as the map draws it. */
export function PinIcon({ palette }: { palette: Palette }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pen = begin(canvas.current);
    if (!pen) return;
    pen.translate(SIDE_PX / 2, SIDE_PX - 1);
    pen.scale((SIDE_PX - 4) / PIN_PX, (SIDE_PX - 4) / PIN_PX);
    drawPin(pen, '', palette);
  }, [palette]);
  return <canvas ref={canvas} style={{ width: SIDE_PX, height: SIDE_PX }} aria-hidden />;
}

/** A pen in CSS pixels on the cleared canvas. */
function begin(canvas: HTMLCanvasElement | null): CanvasRenderingContext2D | null {
  const pen = canvas?.getContext('2d') ?? null;
  if (!canvas || !pen) return null;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = canvas.height = SIDE_PX * ratio;
  pen.scale(ratio, ratio);
  return pen;
}

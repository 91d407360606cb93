import type { MapLayer } from './mapLayer';

/** A length for the scale bar: 1, 2 or 5 times a power of ten that fills up to `maxPx` on screen. */
export function scaleBar(pxPerMetre: number, maxPx: number): { metres: number; widthPx: number } {
  const longest = maxPx / pxPerMetre;
  const power = 10 ** Math.floor(Math.log10(longest));
  const step = [5, 2, 1].find((factor) => factor * power <= longest * (1 + 1e-9)) ?? 1;
  return { metres: step * power, widthPx: step * power * pxPerMetre };
}

/** How long a metre is, in the lower right corner. */
export const scaleBarLayer: MapLayer = {
  name: 'scale',
  canvas: 'overlay',
  shows: [],
  create:
    () =>
    (pen, { view, scene: { palette } }) => {
      const { metres, widthPx } = scaleBar(view.pxPerMetre, Math.min(140, view.widthPx / 4));
      const [right, bottom] = [view.widthPx - 12.5, view.heightPx - 11.5];
      const label =
        metres >= 1_000 ? `${metres / 1_000} km` : metres >= 1 ? `${metres} m` : `${Math.round(metres * 100)} cm`;
      pen.beginPath();
      pen.moveTo(right - widthPx, bottom - 5);
      pen.lineTo(right - widthPx, bottom);
      pen.lineTo(right, bottom);
      pen.lineTo(right, bottom - 5);
      for (const [colour, width] of [
        [palette.textHalo, 4],
        [palette.text, 1.5],
      ] as const) {
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.stroke();
      }
      pen.font = '11px Inter, Helvetica, Arial, sans-serif';
      pen.textAlign = 'right';
      pen.lineWidth = 3;
      pen.strokeStyle = palette.textHalo;
      pen.strokeText(label, right, bottom - 8);
      pen.fillStyle = palette.text;
      pen.fillText(label, right, bottom - 8);
    },
};

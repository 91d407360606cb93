import { toScreen, type Viewport } from './viewport';

/** How a layer drawn for one view must be moved to stand right in another: CSS `translate(x, y) scale(s)`, origin 0 0. */
export interface LayerShift {
  scale: number;
  xPx: number;
  yPx: number;
}

export function layerShift(drawn: Viewport, current: Viewport): LayerShift {
  const scale = current.pxPerMetre / drawn.pxPerMetre;
  const centre = toScreen(current, { xMetres: drawn.centreXMetres, yMetres: drawn.centreYMetres });
  return { scale, xPx: centre.xPx - (drawn.widthPx / 2) * scale, yPx: centre.yPx - (drawn.heightPx / 2) * scale };
}

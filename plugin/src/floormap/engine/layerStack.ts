import { t } from '@grafana/i18n';
import type { Frame, MapLayer, PaintLayer } from '../layers/mapLayer';
import type { Scene } from '../paint/scene';
import { UNESCAPED } from '../../grafana/showText';

/** The layers of one canvas. Invariant: a layer that throws takes none of the others off the map. */
export class LayerStack {
  readonly #layers: ReadonlyArray<{ layer: MapLayer; paint: PaintLayer }>;
  #failure = '';
  /** The last failure that the console was told of: a frame comes sixty times per second. */
  #logged = '';

  constructor(layers: readonly MapLayer[], canvas: MapLayer['canvas']) {
    this.#layers = layers.filter((layer) => layer.canvas === canvas).map((layer) => ({ layer, paint: layer.create() }));
  }

  /** What the last painting could not paint, in one sentence; '' when it painted all. */
  get failure(): string {
    return this.#failure;
  }

  /** Whether a change of this part of the scene is seen here. */
  shows(part: keyof Scene): boolean {
    return part === 'palette' || this.#layers.some(({ layer }) => layer.shows.includes(part));
  }

  /** Whether any layer goes along with the robots. */
  followsRobots(scene: Scene): boolean {
    return this.#layers.some(({ layer }) => layer.followsRobots?.(scene));
  }

  paint(pen: CanvasRenderingContext2D, frame: Frame): void {
    this.#failure = '';
    for (const { layer, paint } of this.#layers) {
      pen.save();
      try {
        paint(pen, frame);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        const failure = t('map.paint.layer', 'The map cannot paint its {{layer}}: {{reason}}', {
          layer: layer.name,
          reason,
          ...UNESCAPED,
        });
        if (failure !== this.#logged) console.error(failure, error);
        this.#logged = failure;
        this.#failure ||= failure;
      } finally {
        pen.restore();
      }
    }
  }
}

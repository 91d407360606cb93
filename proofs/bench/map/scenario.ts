/** What the benchmark asks of its page, and what the page measures. */

export interface Scenario {
  robots: number;
  trailPoints: number;
  /** With a layer of coloured cells over the whole hall. */
  hasHeat: boolean;
  width: number;
  height: number;
  /** Seconds of continuous pan and zoom. */
  seconds: number;
}

export interface Figures {
  fps_median: number;
  frame_ms_p95: number;
  update_ms_p95: number;
  heap_mb: number;
  /** What the panel chose by measuring. */
  raster: 'main memory' | 'default';
}

/** Input and output of the benchmark page. */

export interface Scenario {
  robots: number;
  trailPoints: number;
  /** Whether a heat map covers the whole hall. */
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
  /** Where the panel rasterizes, which it decides by measuring. */
  raster: 'main memory' | 'default';
}

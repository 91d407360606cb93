import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { REPOSITORY_DIR } from '@floorwatch/servers/paths';
import { bundlePage, call, openPage } from './browser.ts';
import { readFlags } from './flags.ts';
import type { Figures, Scenario } from './scenario.ts';

/**
 * `npm run bench:map`: runs the painting code of the floor map in a real Chromium.
 * --json: print one object; --seconds N: length of each run; --minutes N: length of the memory measurement;
 * --gpu: use the GPU, if there is one.
 */
const flags = readFlags();

const FULL_HD = { width: 1_920, height: 1_080 };
const ULTRA_HD = { width: 3_840, height: 2_160 };
const SCENARIOS: readonly Omit<Scenario, 'seconds'>[] = [
  { robots: 500, trailPoints: 60, hasHeat: false, ...FULL_HD },
  { robots: 5_000, trailPoints: 60, hasHeat: false, ...FULL_HD },
  { robots: 50_000, trailPoints: 0, hasHeat: false, ...FULL_HD },
  { robots: 5_000, trailPoints: 60, hasHeat: false, ...ULTRA_HD },
  { robots: 5_000, trailPoints: 60, hasHeat: true, ...FULL_HD },
];
const REFRESHES = 100;
const PANELS = 20;
const PANEL_SECONDS = 10;
/** The memory measurement starts after this time, when sprites and trails are full, so that growth means a leak. */
const WARM_UP_SECONDS = 15;

async function main(): Promise<void> {
  const loadBefore = loadavg();
  const script = await bundlePage();
  const bundleKb = panelBundleKb();
  const rows = [];
  for (const { trailPoints, hasHeat, ...scenario } of SCENARIOS) {
    const { page, close } = await openPage(script, scenario, flags.gpu);
    const { seconds } = flags;
    const figures = await call<Figures>(page, 'runScenario', [{ ...scenario, trailPoints, hasHeat, seconds }]);
    await close();
    rows.push({ ...scenario, trail_points: trailPoints, heat: hasHeat, ...rounded(figures), bundle_kb_gzip: bundleKb });
    if (!flags.json) console.log(rows.at(-1));
  }
  const { page, close } = await openPage(script, FULL_HD, flags.gpu);
  const blankFrames = await call<number>(page, 'countBlankFrames', [500, REFRESHES]);
  const painted = await call<number[]>(page, 'runManyPanels', [PANELS, 200, PANEL_SECONDS]);
  const { minutes } = flags;
  const times = [WARM_UP_SECONDS, WARM_UP_SECONDS + Math.ceil(minutes * 60)];
  await close();
  // A new page: memory of earlier runs would be freed meanwhile and hide growth.
  const watched = await openPage(script, FULL_HD, flags.gpu);
  const [early = NaN, late = NaN] = await call<number[]>(watched.page, 'watchHeap', [500, times]);
  await watched.close();
  const report = {
    rows,
    bundle_kb_gzip: bundleKb,
    blank_frames: blankFrames,
    refreshes: REFRESHES,
    panels: PANELS,
    panels_drawing: painted.filter((frames) => frames >= PANEL_SECONDS).length,
    heap_minutes: minutes,
    heap_growth_percent: Math.round((late / early - 1) * 1_000) / 10,
    gpu: flags.gpu ? 'as found' : 'off',
    // On a loaded machine, frames are late for reasons outside the map.
    cpus: availableParallelism(),
    load_average: [...loadBefore, ...loadavg()].map((load) => Math.round(load * 10) / 10),
  };
  console.log(flags.json ? JSON.stringify(report) : report);
}

/** Compressed size of the panel bundle in kilobytes. Builds the plugin if necessary. */
function panelBundleKb(): number {
  const plugin = join(REPOSITORY_DIR, 'plugin');
  const file = join(plugin, 'dist/floormap/module.js');
  if (!existsSync(file)) execFileSync('npm', ['run', '-s', 'build'], { cwd: plugin, stdio: ['ignore', 2, 2] });
  return Math.round(gzipSync(readFileSync(file)).length / 102.4) / 10;
}

function rounded(figures: Figures): Figures {
  const entries = Object.entries(figures).map(([name, figure]: [string, unknown]) => [
    name,
    typeof figure === 'number' ? Math.round(figure * 10) / 10 : figure,
  ]);
  return Object.fromEntries(entries) as Figures;
}

await main();

import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { simulateFleet } from '@floorwatch/demo/fleet/simulate';
import { chromium } from '@playwright/test';
import config from '../playwright.config.ts';
import setup from '../setup.ts';
import { readWorld, skipReason } from '../world.ts';
import { PICTURES, type World } from './list.ts';
import { takePicture, THEMES } from './take.ts';

const HELP = `Takes pictures of every page and bad state in both themes, with a real Grafana.

Usage: npm run -s pictures -- [options]
  --out <folder>     where the PNG files go (default .floorwatch/pictures)
  --only <text,...>  only pictures whose names contain one of these texts
  --seconds <n>      how long the fleet drives first, so that charts have something to show (default 180)
  --help             prints this`;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: '.floorwatch/pictures' },
    only: { type: 'string', default: '' },
    seconds: { type: 'string', default: '180' },
    help: { type: 'boolean', default: false },
  },
});

const ROBOTS = 50;
/** The last of them stop after half of the time, so that alerts fire. */
const FAULTS = { silent: 0.08, malformed: 0.01, late: 0.02, duplicates: 0.01 };

async function main(): Promise<number> {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const seconds = Number(values.seconds);
  if (!(seconds >= 0)) throw new Error(`--seconds is ${values.seconds}; it must be a number of seconds`);
  const wanted = values.only.split(',').filter((text) => text !== '');
  const pictures = PICTURES.filter(({ name }) => wanted.length === 0 || wanted.some((text) => name.includes(text)));
  if (pictures.length === 0) throw new Error(`No picture has a name with ${values.only}`);
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });

  const tearDown = await setup();
  if (tearDown === undefined) {
    console.error(`No pictures: ${skipReason() ?? 'no Grafana'}`);
    return 1;
  }
  const driving = new AbortController();
  const browser = await chromium.launch(config.use?.launchOptions);
  let fleet: Promise<unknown> = Promise.resolve();
  let problems = 0;
  try {
    const world = readWorld();
    const takeAll = async (kind: World): Promise<void> => {
      for (const picture of pictures.filter((one) => one.world === kind)) {
        for (const theme of THEMES) {
          const file = join(folder, `${picture.name}-${theme}.png`);
          const found = await takePicture(browser, world, picture, theme, file);
          problems += found.length;
          console.log([`${picture.name} ${theme}`, ...found].join('\n  '));
        }
      }
    };
    await takeAll('empty');
    if (pictures.some((one) => one.world === 'fleet')) {
      fleet = simulateFleet({
        brokers: world.kafkaBrokers,
        topic: world.topic,
        robots: ROBOTS,
        speed: 1,
        seed: 7,
        faults: { ...FAULTS, silentAfterSeconds: seconds / 3 },
        signal: driving.signal,
      });
      await sleep(seconds * 1_000);
      await takeAll('fleet');
    }
  } finally {
    driving.abort();
    await fleet;
    await browser.close();
    await tearDown();
  }
  console.log(`${pictures.length * THEMES.length} pictures in ${folder}, ${problems} problems`);
  return problems === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { mapPanel, openDashboard } from './map-dashboard.ts';
import { expect, ROBOTS, test } from './test.ts';

/** A black PNG with one bit per pixel. */
function blankPng(sidePixels: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sidePixels, 0);
  header.writeUInt32BE(sidePixels, 4);
  header[8] = 1;
  const rows = deflateSync(Buffer.alloc(sidePixels * (1 + Math.ceil(sidePixels / 8))));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

const HALL = join(import.meta.dirname, '../demo/plans/hall.png');
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" width="600" height="400"><rect width="600" height="400" fill="#36c"/></svg>';
const PLANS = {
  'hall.png': { path: HALL },
  'plan.svg': { body: SVG, contentType: 'image/svg+xml' },
  'gone.png': { status: 404 },
  'cut.pgm': { body: 'P5\n100 100\n255\nshort', contentType: 'application/octet-stream' },
  'huge.png': { body: blankPng(20_000), contentType: 'image/png' },
  'vague.yaml': { body: 'image: hall.png\norigin: [0, 0, 0]\n', contentType: 'text/yaml' },
} as const;
const SAID: Partial<Record<keyof typeof PLANS, RegExp>> = {
  'gone.png': /^gone\.png: the server answered 404\.$/,
  'cut.pgm': /^cut\.pgm is cut short or corrupt: 10000 values of 0 to 255 are expected\.$/,
  'huge.png': /^huge\.png: 20000 × 20000 pixels are too many; the limit is 16384 on a side\.$/,
  'vague.yaml': /^vague\.yaml: resolution is missing/,
};

for (const file of Object.keys(PLANS) as (keyof typeof PLANS)[]) {
  const said = SAID[file];
  const title = said
    ? `${file}, which is invalid, is reported in one sentence`
    : `${file} is loaded from its URL and drawn`;
  test(`a plan, ${title}, and the robots are there`, async ({ page, world }) => {
    await page.route(`**/e2e-plans/${file}`, (route) => route.fulfill(PLANS[file]));
    // Zones are on the same canvas as the plan, whose pixels are checked below.
    const options = { planSource: 'url', planUrl: `/e2e-plans/${file}`, showZones: false };
    await openDashboard(page, world, 'e2e-plans', [mapPanel({ options })]);
    await expect(page.getByTestId('floormap-counts')).toContainText(`= ${ROBOTS} robots`);
    const messages = page.getByTestId('floormap-messages');
    await (said ? expect(messages).toHaveText(said) : expect(messages).toBeEmpty());

    const paintedOn = (layer: string) =>
      page.locator(`[data-testid="floormap-canvas"] canvas[data-layer="${layer}"]`).evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
        return pixels?.some((channel) => channel !== 0) ?? false;
      });
    await expect.poll(() => paintedOn('robots')).toBe(true);
    await expect.poll(() => paintedOn('plan')).toBe(said === undefined);
  });
}

import { createTheme } from '@grafana/data';
import { testFleet } from '../fleet/testFleet';
import { paletteOf } from '../paint/palette';
import { opacities, paintingOrder } from '../paint/paintedRobots';
import { emptyScene } from '../paint/scene';
import { robotLabels } from './robotLabels';

/** The texts of a fleet of these statuses, one robot per metre. */
function labels(statuses: string[], { markerPx = 20, selected = [] as string[] } = {}): string[] {
  const rows = statuses.map((status, k) => ({
    robot_id: `r${k}`,
    x: k % 40,
    y: Math.floor(k / 40),
    status,
    silent_seconds: 0,
    age_seconds: 300,
  }));
  const fleet = testFleet(rows, Date.now());
  const robots = {
    fleet,
    xMetres: fleet.xMetres,
    yMetres: fleet.yMetres,
    headingRadians: fleet.headingRadians,
    isShown: new Uint8Array(fleet.count).fill(1),
    order: paintingOrder(fleet.statuses),
    opacity: opacities(fleet, 60),
  };
  const view = { widthPx: 4_000, heightPx: 4_000, centreXMetres: 20, centreYMetres: 20, pxPerMetre: 10 };
  const scene = { ...emptyScene(paletteOf(createTheme())), selectedIds: new Set(selected) };
  const frame = { view, ratio: 1, scene, robots, drawnRobots: fleet.count, markerPx };
  return robotLabels(frame, Date.now()).labels.map(({ text }) => text);
}
const many = (count: number, status: string) => new Array<string>(count).fill(status);

it('names all of 40 robots, where once only 30 had names', () => {
  expect(labels(many(40, 'working'))).toHaveLength(40);
});

it('names those that need attention and the selected ones among 500, and no other', () => {
  const texts = labels([...many(497, 'working'), 'error', 'blocked', 'silent'], { selected: ['r3'] });
  expect(texts.sort()).toEqual(['r3', 'r497', 'r498', 'r499 · 5 min']);
});

it('writes nothing beside hundreds of silent robots, and names the one in error among them', () => {
  expect(labels([...many(400, 'silent'), 'error'])).toEqual(['r400']);
});

it('names robots in error among thousands of small markers', () => {
  expect(labels([...many(2_500, 'working'), 'error', 'error'], { markerPx: 8 }).sort()).toEqual(['r2500', 'r2501']);
});

import { NEW_LAYER, type HeatLayer } from '../heatmap/heatLayer';
import { completeOptions, DEFAULT_OPTIONS, type FloorMapOptions } from './options';

it.each([undefined, null, {}])('takes the defaults for %j', (saved) => {
  expect(completeOptions(saved)).toEqual(DEFAULT_OPTIONS);
});

it('completes a panel that somebody wrote by hand', () => {
  const layer = { name: 'Wear', source: { kind: 'query', refId: 'B' } } as HeatLayer;
  const planPlacement = { metresPerPixel: 0.02 } as FloorMapOptions['planPlacement'];
  expect(completeOptions({ mapId: ' hall ', layers: [layer], planPlacement })).toMatchObject({
    mapId: 'hall',
    layers: [{ ...NEW_LAYER, name: 'Wear', compareWith: '' }],
    planPlacement: { metresPerPixel: 0.02, originXMetres: 0, points: [] },
  });
});

it('takes the default for what makes no sense', () => {
  const mad = { silentAfterSeconds: 0, trailPoints: 1e9, layers: null, mapId: null, fields: null };
  expect(completeOptions(mad as unknown as FloorMapOptions)).toEqual({ ...DEFAULT_OPTIONS, trailPoints: 120 });
  expect(completeOptions({ trailPoints: NaN }).trailPoints).toBe(0);
});

it.each([
  [0, 0],
  [-1, 0],
  [NaN, 0],
  ['often', 0],
  [1, 5],
  [20, 20],
])('rotates floors every %p s: %p', (rotateFloorsSeconds, seconds) => {
  expect(completeOptions({ rotateFloorsSeconds } as FloorMapOptions).rotateFloorsSeconds).toBe(seconds);
});

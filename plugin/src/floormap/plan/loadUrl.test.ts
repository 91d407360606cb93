import { isRosMap, loadPlanFromUrl } from './loadUrl';

const PLACEMENT = { metresPerPixel: 0.05, originXMetres: 0, originYMetres: 0, yawDegrees: 0, points: [] };

it('names what is no address', async () => {
  expect(isRosMap('http://[')).toBe(false);
  await expect(loadPlanFromUrl('http://[', PLACEMENT)).rejects.toThrow('"http://[" is not an address.');
});

it('tells a ROS map by its name, whatever follows', () => {
  expect(isRosMap('/maps/hall.yaml?v=3')).toBe(true);
  expect(isRosMap('/maps/hall.png')).toBe(false);
});

it('stores no picture in a dashboard', async () => {
  await expect(loadPlanFromUrl('data:image/png;base64,iVBORw0KGgo=', PLACEMENT)).rejects.toThrow(
    'A plan must be a file with an address, not data in its place.'
  );
});

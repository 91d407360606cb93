import { expect, it } from 'vitest';
import { pagesOfApp } from './pages.ts';

it('opens every page of the navigation, by the name of its path, and the page of a robot', () => {
  const pages = pagesOfApp('robot/7');
  expect(pages[0]).toEqual({ name: 'fleet', path: '/a/floorwatch-fleet-app/fleet' });
  expect(pages.at(-1)).toEqual({ name: 'robot', path: '/a/floorwatch-fleet-app/robot?id=robot%2F7' });
  expect(new Set(pages.map(({ name }) => name)).size).toBe(pages.length);
});

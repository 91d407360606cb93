import type { MapShape } from '@floorwatch/ingestor/plans/map-shape';
import { act, renderHook } from '@testing-library/react';
import { useState } from 'react';
import { testFleet } from '../fleet/testFleet';
import type { MapEngine } from '../engine/mapEngine';
import { useZoneSelection } from './useZoneSelection';

const square = (id: string, from: number, to: number): MapShape => ({
  type: 'zone',
  id,
  name: id,
  kind: 'zone',
  mapId: 'hall',
  corners: [
    [from, from],
    [to, from],
    [to, to],
    [from, to],
  ].map(([xMetres = NaN, yMetres = NaN]) => ({ xMetres, yMetres })),
});

const SHAPES = [square('Dock', 0, 10), square('Buffer', 20, 30), square('Far', 500, 510)];
const FLEET = testFleet([
  { robot_id: 'r-1', x: 1, y: 1 },
  { robot_id: 'r-2', x: 9, y: 9 },
  { robot_id: 'hidden', x: 5, y: 5 },
  { robot_id: 'r-3', x: 25, y: 25 },
]);

function setUp(shapes = SHAPES) {
  const view = { widthPx: 400, heightPx: 400, centreXMetres: 15, centreYMetres: 15, pxPerMetre: 10 };
  const engine = { view, painted: FLEET } as unknown as MapEngine;
  const moveTo = jest.fn();
  const { result } = renderHook(() => {
    const [ids, setIds] = useState<readonly string[]>([]);
    const select = (next: readonly string[]) => {
      setIds(next);
      return next;
    };
    const selection = { robotIds: new Set(ids), select };
    const isShown = Uint8Array.from([1, 1, 0, 1]);
    return { ids, setIds, zones: useZoneSelection({ engine, fleet: FLEET, isShown, shapes, selection, moveTo }) };
  });
  const say = (what: (zones: typeof result.current.zones) => string) => {
    let said = '';
    act(() => {
      said = what(result.current.zones);
    });
    return said;
  };
  const zone = (name: string) =>
    result.current.zones.at({ xMetres: name === 'Dock' ? 5 : 25, yMetres: name === 'Dock' ? 5 : 25 })!;
  return { result, say, zone, moveTo };
}

it('selects the shown robots in a zone, and takes that back at the next click', () => {
  const { result, say, zone } = setUp();
  expect(say((zones) => zones.toggle(zone('Dock'), false))).toBe('2 robots in zone Dock selected');
  expect(result.current.ids).toEqual(['r-1', 'r-2']);
  expect(result.current.zones.outline).not.toBeNull();
  expect(say((zones) => zones.toggle(zone('Dock'), false))).toBe('Zone Dock no longer selected');
  expect(result.current.ids).toEqual([]);
});

it('adds the robots of another zone', () => {
  const { result, say, zone } = setUp();
  say((zones) => zones.toggle(zone('Dock'), false));
  expect(say((zones) => zones.toggle(zone('Buffer'), true))).toBe('1 robot in zone Buffer selected');
  expect(result.current.ids).toEqual(['r-1', 'r-2', 'r-3']);
});

it('outlines a zone only while its robots are the selected ones', () => {
  const { result, say, zone } = setUp();
  say((zones) => zones.select(zone('Dock'), false));
  act(() => result.current.setIds(['r-3']));
  expect(result.current.zones.outline).toBeNull();
});

it('goes through the zones by name, both ways, and brings a far one on screen', () => {
  const { say, moveTo } = setUp();
  expect(say((zones) => zones.step(1))).toBe('1 robot in zone Buffer selected');
  expect(say((zones) => zones.step(1))).toBe('2 robots in zone Dock selected');
  expect(moveTo).not.toHaveBeenCalled();
  expect(say((zones) => zones.step(1))).toBe('0 robots in zone Far selected');
  expect(moveTo).toHaveBeenCalledWith(expect.objectContaining({ centreXMetres: 505, centreYMetres: 505 }));
  expect(say((zones) => zones.step(1))).toBe('1 robot in zone Buffer selected');
  expect(say((zones) => zones.step(-1))).toBe('0 robots in zone Far selected');
});

it('says that a floor has no zones', () => {
  const { say } = setUp([]);
  expect(say((zones) => zones.step(-1))).toBe('No zones on this floor');
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { mapsOf, placeShapes } from '@floorwatch/floorplan/place-shapes';
import { decode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readShapes } from '../src/floorplan-import/read-shapes.ts';
import { storeShapes, type StoredCounts } from '../src/floorplan-import/store-shapes.ts';
import { migrate } from '../src/migrate/migrate.ts';
import { rows, startTestServer, type TestServer } from './clickhouse.ts';
import { runCommand } from './command.ts';

let clickhouse: TestServer;
/** Connects like the ingestor: as the writer, to the database `warehouse`. */
let writer: ClickHouseClient;
const folder = mkdtempSync(join(tmpdir(), 'floorwatch-shapes-'));

beforeAll(async () => {
  clickhouse = await startTestServer();
  const { url, passwords } = clickhouse.server;
  writer = createClient({ url, username: 'floorwatch_writer', password: passwords.writer, database: 'warehouse' });
  await migrate(clickhouse.as('owner'), {});
});
afterAll(async () => {
  await writer.close();
  await clickhouse.stop();
  rmSync(folder, { recursive: true });
});

function importJson(name: string, json: unknown, replaces = false): Promise<StoredCounts> {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(json));
  const plan = readShapes(file);
  const placed = placeShapes(plan.shapes, file);
  return storeShapes(writer, placed, replaces ? mapsOf(plan, placed, file) : []);
}

const ask = (sql: string): Promise<unknown[]> => rows(clickhouse.as('reader'), sql);
const vertices = [
  { x: 0, y: 0 },
  { x: 5, y: 0 },
  { x: 5, y: 4 },
];
const zoneSet = (...zoneIds: string[]) => ({
  zoneSet: {
    mapId: 'hall',
    zoneSetId: 'day',
    zones: zoneIds.map((zoneId) => ({ zoneId, zoneType: 'BLOCKED', vertices })),
  },
});

test('zones of a VDA 5050 zone set are read back through v_zones', async () => {
  expect(await importJson('zones.json', zoneSet('a', 'b'))).toEqual({ zone: 2, lane: 0, station: 0 });
  expect(await ask('SELECT map_id, zone_id, name, kind, polygon FROM warehouse.v_zones ORDER BY zone_id')).toEqual([
    { map_id: 'hall', zone_id: 'a', name: 'a', kind: 'blocked', polygon: vertices },
    { map_id: 'hall', zone_id: 'b', name: 'b', kind: 'blocked', polygon: vertices },
  ]);
});

test('a second import updates shapes, and hides missing ones only with --replace, even the last zone', async () => {
  await importJson('zones.json', zoneSet('b', 'c'));
  const ids = () => ask('SELECT zone_id FROM warehouse.v_zones ORDER BY zone_id');
  expect(await ids()).toEqual([{ zone_id: 'a' }, { zone_id: 'b' }, { zone_id: 'c' }]);
  await importJson('zones.json', zoneSet('c'), true);
  expect(await ids()).toEqual([{ zone_id: 'c' }]);
  await importJson('zones.json', zoneSet(), true);
  expect(await ids()).toEqual([]);
});

test('lanes and stations of a LIF file are read back through their views', async () => {
  const lif = {
    layouts: [
      {
        layoutId: 'ground',
        nodes: [
          { nodeId: 'N1', mapId: 'hall', nodePosition: { x: 0, y: 0 } },
          { nodeId: 'N2', mapId: 'hall', nodePosition: { x: 11, y: 0 } },
        ],
        edges: [{ edgeId: 'E', startNodeId: 'N1', endNodeId: 'N2' }],
        stations: [{ stationId: 'S', stationName: 'Dock', interactionNodeIds: ['N2'] }],
      },
    ],
  };
  expect(await importJson('site.lif', lif)).toEqual({ zone: 0, lane: 1, station: 1 });
  const path = [
    { x: 0, y: 0 },
    { x: 11, y: 0 },
  ];
  expect(await ask('SELECT map_id, lane_id, kind, path FROM warehouse.v_lanes')).toEqual([
    { map_id: 'hall', lane_id: 'E', kind: 'lane', path },
  ]);
  expect(await ask('SELECT station_id, name, x, y, theta FROM warehouse.v_stations')).toEqual([
    { station_id: 'S', name: 'Dock', x: 11, y: 0, theta: null },
  ]);
});

test('a ROS map is stored once, as a PNG, with the placement of its YAML', async () => {
  writeFileSync(join(folder, 'attic.pgm'), 'P2 # by hand\n2 2\n15\n0 15 5 10\n');
  writeFileSync(join(folder, 'attic.yaml'), 'image: attic.pgm\nresolution: "5e-2"\norigin: [-1, 2, -0.5]\n');
  const { url, passwords } = clickhouse.server;
  const importPlan = (...flags: string[]) =>
    runCommand(['floorplan', 'import', join(folder, 'attic.yaml'), ...flags], {
      CLICKHOUSE_URL: url,
      CLICKHOUSE_PASSWORD: passwords.writer,
    });
  const stored = await importPlan('--site-id', 'north', '--name', 'Attic');
  expect(stored).toMatchObject({ code: 0, stderr: '' });
  expect(stored.stdout).toMatch(/^attic: stored \(2 × 2 pixels, 0\.1 × 0\.1 m, \d+ bytes\)\n$/);
  expect((await importPlan('--site-id', 'north', '--name', 'Attic')).stdout).toContain('attic: unchanged');
  const plans = await ask(`SELECT map_id, site_id, name, width, height, resolution, origin_x, origin_y, origin_yaw,
    image_base64 AS png FROM warehouse.v_floor_plans`);
  const place = { width: 2, height: 2, resolution: 0.05, origin_x: -1, origin_y: 2, origin_yaw: -0.5 };
  expect(plans).toMatchObject([{ map_id: 'attic', site_id: 'north', name: 'Attic', ...place }]);
  const [{ png }] = plans as [{ png: string }];
  expect([...decode(Buffer.from(png, 'base64')).data]).toEqual([0, 255, 85, 170]);
});

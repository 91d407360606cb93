import { validate, type TelemetryMessage } from '@floorwatch/contract';
import { describe, expect, it } from 'vitest';
import { simulate, type FleetOptions } from './fleet.ts';
import { parseGridMap } from './grid-map.ts';
import { loadDemoFloors } from './plans.ts';

const START_MS = Date.UTC(2026, 0, 17, 12);

async function run(options: Partial<FleetOptions> = {}): Promise<{ text: string; events: TelemetryMessage[] }> {
  const batches = simulate({
    floors: await loadDemoFloors(),
    siteId: 'test-site',
    robots: 20,
    rateHz: 2,
    seed: 7,
    startMs: START_MS,
    durationSeconds: 300,
    ...options,
  });
  const lines = [...batches].flat().map(({ value }) => String(value));
  return { text: lines.join('\n'), events: lines.map((line) => JSON.parse(line) as TelemetryMessage) };
}

describe('simulate', () => {
  it('returns the same bytes for the same seed and start, and different bytes for another seed', async () => {
    const first = await run();
    expect((await run()).text).toBe(first.text);
    expect((await run({ seed: 8 })).text).not.toBe(first.text);
  });

  it('makes new event ids when it starts at another time', async () => {
    const ids = new Set((await run()).events.map(({ event_id: id }) => id));
    const later = await run({ startMs: START_MS + 1000 });
    expect(later.events.filter(({ event_id: id }) => ids.has(id))).toEqual([]);
  });

  it('makes only valid events, each with a unique id', async () => {
    const { events } = await run();
    expect(events.map((event) => validate(event, START_MS)).filter(({ ok }) => !ok)).toEqual([]);
    expect(new Set(events.map(({ event_id: id }) => id)).size).toBe(events.length);
  });

  it('covers every event type and state of a working fleet', async () => {
    const { events } = await run({ robots: 60, durationSeconds: 900, rateHz: 1 });
    const types = new Set(events.map(({ event_type: type }) => type));
    expect([...types].sort()).toEqual([
      'BATTERY',
      'ERROR',
      'HEARTBEAT',
      'POSITION_UPDATE',
      'STATE_CHANGE',
      'TASK_COMPLETED',
      'TASK_FAILED',
      'TASK_STARTED',
    ]);
    const states = new Set(events.map(({ state }) => state));
    expect([...states].sort()).toEqual(['blocked', 'charging', 'error', 'idle', 'maintenance', 'working']);
  });

  it('ends each task once, after its start', async () => {
    const { events } = await run({ durationSeconds: 900 });
    const open = new Set<unknown>();
    for (const { event_type: type, task_id: taskId } of events) {
      if (type === 'TASK_STARTED') open.add(taskId);
      if (type === 'TASK_COMPLETED' || type === 'TASK_FAILED') expect(open.delete(taskId)).toBe(true);
    }
  });

  it('reports localisation: most robots are localised, a few are lost', async () => {
    const { events } = await run({ robots: 60, durationSeconds: 900, rateHz: 1 });
    const localised = events.filter(({ meta }) => meta?.['localized'] === true);
    const lost = events.filter(({ meta }) => meta?.['localized'] === false);
    expect(localised.length + lost.length).toBe(events.length);
    expect(lost.length / events.length).toBeGreaterThan(0.005);
    expect(lost.length / events.length).toBeLessThan(0.1);
    const deviationOf = ({ meta }: TelemetryMessage) => Number(meta?.['deviation_range']);
    expect(Math.min(...lost.map(deviationOf))).toBeGreaterThan(Math.max(...localised.map(deviationOf)));
    const scores = events.map(({ meta }) => Number(meta?.['localization_score']));
    expect(scores.every((score) => score >= 0 && score <= 1)).toBe(true);
  });

  it('needs no person: each robot leaves a problem before it would have an alert', async () => {
    // The limits of v_alert_robots, in seconds.
    const limits: Record<string, { has: (event: TelemetryMessage) => boolean; seconds: number }> = {
      'in error': { has: ({ state }) => state === 'error', seconds: 180 },
      blocked: { has: ({ state }) => state === 'blocked', seconds: 180 },
      'position lost': {
        has: ({ state, meta }) => state !== 'maintenance' && meta?.['localized'] === false,
        seconds: 180,
      },
      'low battery': { has: ({ state, battery }) => state !== 'charging' && Number(battery) < 10, seconds: 30 },
    };
    const sinceMs = new Map<string, number>();
    const longest = new Map<string, number>();
    for (const event of (await run({ robots: 50, durationSeconds: 1_800, rateHz: 1 })).events) {
      const tsMs = Date.parse(String(event.ts));
      for (const [problem, { has }] of Object.entries(limits)) {
        const key = `${event.robot_id} ${problem}`;
        if (!has(event)) sinceMs.delete(key);
        else sinceMs.set(key, sinceMs.get(key) ?? tsMs);
        const seconds = (tsMs - (sinceMs.get(key) ?? tsMs)) / 1000;
        longest.set(problem, Math.max(longest.get(problem) ?? 0, seconds));
      }
    }
    // Robots do have these problems.
    for (const problem of ['in error', 'blocked', 'position lost']) expect(longest.get(problem)).toBeGreaterThan(10);
    for (const [problem, { seconds }] of Object.entries(limits))
      expect(longest.get(problem), problem).toBeLessThan(seconds - 15);
  });

  it('lets every robot report at least every 5 s', async () => {
    const lastMs = new Map<string, number>();
    for (const { robot_id: robotId, ts } of (await run({ durationSeconds: 600 })).events) {
      const tsMs = Date.parse(String(ts));
      expect(tsMs - (lastMs.get(robotId) ?? tsMs)).toBeLessThanOrEqual(5_000);
      lastMs.set(robotId, tsMs);
    }
    expect(lastMs.size).toBe(20);
  });

  it('keeps robots on the free cells of their own floor', async () => {
    const grid = ['@@@@@@', '@....@', '@.@@.@', '@....@', '@@@@@@'];
    const floor = parseGridMap(`type octile\nheight 5\nwidth 6\nmap\n${grid.join('\n')}\n`, 'small.map', 'small');
    const { events } = await run({ floors: [floor], robots: 5 });
    for (const { x, y, map_id: mapId } of events) {
      expect(grid[4 - Math.floor(Number(y))]?.[Math.floor(Number(x))]).toBe('.');
      expect(mapId).toBe('small');
    }
  });

  it('reports the driving direction as heading', async () => {
    const last = new Map<string, TelemetryMessage>();
    for (const event of (await run({ robots: 1, rateHz: 10 })).events) {
      const before = last.get(event.robot_id);
      last.set(event.robot_id, event);
      if (before?.speed !== 1.5 || event.speed !== 1.5 || before.theta !== event.theta) continue;
      const dx = Number(event.x) - Number(before.x);
      const dy = Number(event.y) - Number(before.y);
      if (Math.hypot(dx, dy) > 0.1) expect(Math.cos(Math.atan2(dy, dx) - Number(event.theta))).toBeCloseTo(1, 3);
    }
  });
});

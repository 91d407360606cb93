import { setTimeout as sleep } from 'node:timers/promises';
import type { ClickHouseClient } from '@clickhouse/client';
import { MAX_TEXT_CHARS } from '@floorwatch/contract';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Metrics } from '../metrics/metrics.ts';

const text = z.string().max(MAX_TEXT_CHARS);
const robot = z.object({ robot_id: z.string(), model: text, site_id: text, fleet: text });
type Robot = z.infer<typeof robot>;

export interface RobotReferenceOptions {
  client: Pick<ClickHouseClient, 'query'>;
  everyMs: number;
  metrics: Metrics;
  log: Logger;
}

/**
 * A copy of `warehouse.robots` in memory, which is refreshed at intervals. If a refresh fails, the last copy stays in use (at
 * start an empty one): events must not wait because a model is missing.
 */
export class RobotReference {
  readonly #options: RobotReferenceOptions;
  #robots: ReadonlyMap<string, Robot> = new Map();

  constructor(options: RobotReferenceOptions) {
    this.#options = options;
  }

  /** Resolves after the first attempt to read the table; then refreshes it until the signal. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#refresh();
    void this.#refreshUntil(signal);
  }

  /** A copy of a valid event with its robot's site, model and fleet, if the event itself does not contain them. */
  enrich(record: object, robotId: string): object {
    const known = this.#robots.get(robotId);
    if (known === undefined) return record;
    const { site_id, meta } = record as { site_id?: string | null; meta?: object | null };
    const { model, fleet } = known;
    const said = { ...(model !== '' && { model }), ...(fleet !== '' && { fleet }) };
    return { ...record, site_id: site_id ?? (known.site_id || null), meta: { ...said, ...meta } };
  }

  async #refreshUntil(signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(this.#options.everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await this.#refresh();
    }
  }

  async #refresh(): Promise<void> {
    const { client, metrics, log } = this.#options;
    try {
      const query = 'SELECT robot_id, model, site_id, fleet FROM robots FINAL WHERE deleted = 0';
      const result = await client.query({ query, format: 'JSONEachRow' });
      const robots = z.array(robot).parse(await result.json());
      this.#robots = new Map(robots.map((one) => [one.robot_id, one]));
      metrics.referenceRobots.set(robots.length);
      metrics.referenceReadAt.setToCurrentTime();
    } catch (err) {
      metrics.referenceFailures.inc();
      log.warn({ err, robots: this.#robots.size }, 'robots table could not be read; using the last copy');
    }
  }
}

import { createBoard, type Board } from './board.ts';
import type { StackContext } from './context.ts';
import * as data from './data-parts.ts';
import { launchPlugin, type PluginMode } from './plugin-part.ts';
import * as view from './view-parts.ts';

export interface StartOptions {
  /** Takes one line of progress. */
  say: (line: string) => void;
  /** A simulated fleet on the topic. */
  fleet: boolean;
  /** Parts that are written here start again when their source changes. */
  watch: boolean;
  plugin: PluginMode;
}

export interface Stack {
  board: Board;
  /** Settles when every part is up or has said why not. */
  started: Promise<void>;
}

/** Starts every part as soon as what it needs is up. */
export function startStack(context: StackContext, { say, fleet, watch, plugin: pluginMode }: StartOptions): Stack {
  const board = createBoard(say);
  const kafka = board.start('Kafka', {}, () => data.launchKafka(context));
  const clickHouse = board.start('ClickHouse', {}, () => data.launchClickHouse(context));
  const registry = board.start('Schema Registry', {}, () => data.launchRegistry(context));
  const topics = board.start('Topics', { needs: { Kafka: kafka } }, () => data.createTopics(context));
  const schema = board.start('Schema', { needs: { ClickHouse: clickHouse, Topics: topics } }, () =>
    data.migrateSchema(context)
  );
  const plans = board.start('Floor plans', { needs: { Schema: schema } }, () => data.importFloorPlans(context));
  const ingestor = board.start('Ingestor', { needs: { Topics: topics, Schema: schema } }, () =>
    data.launchIngestor(context, watch)
  );
  const simulated = fleet
    ? board.start('Fleet', { needs: { Topics: topics } }, () => view.launchFleet(context))
    : Promise.resolve(undefined);
  const pager = board.start('Pager', {}, () => view.launchPager(context, say));
  const prometheus = board.start('Prometheus', {}, () => view.launchPrometheus(context));
  const plugin = board.start('Plugin', {}, () => launchPlugin(context, pluginMode));
  // Last: its alert rules fire when a data source does not answer, and a start must not wake anyone.
  const grafana = board.start('Grafana', { needs: { Plugin: plugin }, after: [ingestor, prometheus] }, () =>
    view.launchGrafana(context)
  );

  const all = [kafka, clickHouse, registry, topics, schema, plans, ingestor, pager, prometheus, plugin, grafana];
  return { board, started: Promise.all([...all, simulated]).then(() => undefined) };
}

import { createSupervisor, type Supervisor } from './supervisor.ts';
import type { StackContext } from './context.ts';
import * as data from './data-components.ts';
import { launchPlugin, type PluginMode } from './plugin-component.ts';
import * as view from './view-components.ts';

export interface StartOptions {
  /** Receives each line of progress. */
  say: (line: string) => void;
  /** Whether to simulate a fleet. */
  fleet: boolean;
  /** Whether to restart the ingestor when its source changes. */
  watch: boolean;
  plugin: PluginMode;
}

export interface Stack {
  supervisor: Supervisor;
  /** Settles when every component is running or has reported why it is not. */
  started: Promise<void>;
}

/** Starts each component as soon as the components that it needs are running. */
export function startStack(context: StackContext, { say, fleet, watch, plugin: pluginMode }: StartOptions): Stack {
  const supervisor = createSupervisor(say);
  const kafka = supervisor.start('Kafka', {}, () => data.launchKafka(context));
  const clickHouse = supervisor.start('ClickHouse', {}, () => data.launchClickHouse(context));
  const registry = supervisor.start('Schema Registry', {}, () => data.launchRegistry(context));
  const topics = supervisor.start('Topics', { needs: { Kafka: kafka } }, () => data.createTopics(context));
  const schema = supervisor.start('Schema', { needs: { ClickHouse: clickHouse, Topics: topics } }, () =>
    data.migrateSchema(context)
  );
  const plans = supervisor.start('Floor plans', { needs: { Schema: schema } }, () => data.importFloorPlans(context));
  const ingestor = supervisor.start('Ingestor', { needs: { Topics: topics, Schema: schema } }, () =>
    data.launchIngestor(context, watch)
  );
  const simulated = fleet
    ? supervisor.start('Fleet', { needs: { Topics: topics } }, () => view.launchFleet(context))
    : Promise.resolve(undefined);
  const pager = supervisor.start('Pager', {}, () => view.launchPager(context, say));
  const prometheus = supervisor.start('Prometheus', {}, () => view.launchPrometheus(context));
  const plugin = supervisor.start('Plugin', {}, () => launchPlugin(context, pluginMode));
  // Last, because alert rules fire when a data source does not respond, and a start of the stack must not page anyone.
  const grafana = supervisor.start('Grafana', { needs: { Plugin: plugin }, after: [ingestor, prometheus] }, () =>
    view.launchGrafana(context)
  );

  const all = [kafka, clickHouse, registry, topics, schema, plans, ingestor, pager, prometheus, plugin, grafana];
  return { supervisor, started: Promise.all([...all, simulated]).then(() => undefined) };
}

import { join } from 'node:path';
import { LOOPBACK } from '@floorwatch/servers/ports';
import type { Passwords } from './passwords.ts';
import type { StackSettings } from './settings.ts';

/** What the components of a running stack share. Ports are fixed, so every address is known before a component starts. */
export interface StackContext {
  settings: StackSettings;
  passwords: Passwords;
  dataDirOf: (component: string) => string;
  logFileOf: (component: string) => string;
  /** host:port, comma-separated. */
  kafkaBrokers: string;
  schemaRegistryUrl: string;
  clickHouseUrl: string;
  prometheusUrl: string;
  grafanaUrl: string;
  alertWebhookUrl: string;
  /** Consumer group of ClickHouse's Kafka engine. */
  engineGroupId: string;
}

/** @param stateDir holds data/ and logs/ */
export function createContext(settings: StackSettings, passwords: Passwords, stateDir: string): StackContext {
  const { ports, external } = settings;
  const local = (port: number): string => `http://${LOOPBACK}:${port}`;
  return {
    settings,
    passwords,
    dataDirOf: (component) => join(stateDir, 'data', component),
    logFileOf: (component) => join(stateDir, 'logs', `${component}.log`),
    kafkaBrokers: external.kafkaBrokers ?? `${LOOPBACK}:${ports.kafka}`,
    schemaRegistryUrl: external.schemaRegistryUrl ?? `${local(ports.registry)}/apis/ccompat/v7`,
    clickHouseUrl: external.clickHouseUrl ?? local(ports.clickHouseHttp),
    prometheusUrl: external.prometheusUrl ?? local(ports.prometheus),
    grafanaUrl: external.grafanaUrl ?? local(ports.grafana),
    alertWebhookUrl: external.alertWebhookUrl ?? `${local(ports.pager)}/`,
    engineGroupId: 'floorwatch-engine',
  };
}

import { join } from 'node:path';
import { LOOPBACK } from '@floorwatch/servers/ports';
import type { Passwords } from './passwords.ts';
import type { StackSettings } from './settings.ts';

/** What the parts of one running stack share. Every address is known before anything starts, because ports are fixed. */
export interface StackContext {
  settings: StackSettings;
  passwords: Passwords;
  dataDirOf: (part: string) => string;
  logFileOf: (part: string) => string;
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
  const { ports, yours } = settings;
  const local = (port: number): string => `http://${LOOPBACK}:${port}`;
  return {
    settings,
    passwords,
    dataDirOf: (part) => join(stateDir, 'data', part),
    logFileOf: (part) => join(stateDir, 'logs', `${part}.log`),
    kafkaBrokers: yours.kafkaBrokers ?? `${LOOPBACK}:${ports.kafka}`,
    schemaRegistryUrl: yours.schemaRegistryUrl ?? `${local(ports.registry)}/apis/ccompat/v7`,
    clickHouseUrl: yours.clickHouseUrl ?? local(ports.clickHouseHttp),
    prometheusUrl: yours.prometheusUrl ?? local(ports.prometheus),
    grafanaUrl: yours.grafanaUrl ?? local(ports.grafana),
    alertWebhookUrl: yours.alertWebhookUrl ?? `${local(ports.pager)}/`,
    engineGroupId: 'floorwatch-engine',
  };
}

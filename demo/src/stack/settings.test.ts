import { describe, expect, it } from 'vitest';
import { describeStackVariables, onFreePorts, parseStackSettings } from './settings.ts';

describe('parseStackSettings', () => {
  it('uses the default ports and no external server when no variable is set', () => {
    const settings = parseStackSettings({});
    expect(settings.ports).toMatchObject({ kafka: 9092, clickHouseHttp: 8123, grafana: 3000, ingestor: 9464 });
    expect(Object.values(settings.external).every((address) => address === undefined)).toBe(true);
  });

  it('uses the port and the external server that variables name', () => {
    const settings = parseStackSettings({ GRAFANA_PORT: '3001', KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092' });
    expect(settings.ports.grafana).toBe(3001);
    expect(settings.external.kafkaBrokers).toBe('kafka-1:9092,kafka-2:9092');
  });

  it('treats an empty variable as absent', () => {
    expect(parseStackSettings({ GRAFANA_PORT: '', KAFKA_BROKERS: '' })).toEqual(parseStackSettings({}));
  });

  it('names each invalid variable', () => {
    expect(() => parseStackSettings({ GRAFANA_PORT: 'three', INGEST_PATH: 'sideways' })).toThrow(
      /GRAFANA_PORT.*\n.*INGEST_PATH/
    );
  });
});

it('describes every variable with its default', () => {
  expect(describeStackVariables()).toMatch(/^ {2}GRAFANA_PORT +Port of Grafana \(default 3000\)$/m);
});

it('onFreePorts gives every component a different port', async () => {
  const { ports } = await onFreePorts(parseStackSettings({}));
  expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length);
  expect(ports.grafana).not.toBe(3000);
});

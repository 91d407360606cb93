import { describe, expect, it } from 'vitest';
import { describeStackVariables, onFreePorts, parseStackSettings } from './settings.ts';

describe('parseStackSettings', () => {
  it('takes the standard ports and starts every part when nothing is set', () => {
    const settings = parseStackSettings({});
    expect(settings.ports).toMatchObject({ kafka: 9092, clickHouseHttp: 8123, grafana: 3000, ingestor: 9464 });
    expect(Object.values(settings.yours).every((address) => address === undefined)).toBe(true);
  });

  it('moves a part to the port that is set, and uses a part that the user runs', () => {
    const settings = parseStackSettings({ GRAFANA_PORT: '3001', KAFKA_BROKERS: 'kafka-1:9092,kafka-2:9092' });
    expect(settings.ports.grafana).toBe(3001);
    expect(settings.yours.kafkaBrokers).toBe('kafka-1:9092,kafka-2:9092');
  });

  it('counts an empty variable as absent', () => {
    expect(parseStackSettings({ GRAFANA_PORT: '', KAFKA_BROKERS: '' })).toEqual(parseStackSettings({}));
  });

  it('names each variable that is wrong', () => {
    expect(() => parseStackSettings({ GRAFANA_PORT: 'three', INGEST_PATH: 'sideways' })).toThrow(
      /GRAFANA_PORT.*\n.*INGEST_PATH/
    );
  });
});

it('describes every variable with its default', () => {
  expect(describeStackVariables()).toMatch(/^ {2}GRAFANA_PORT +Port of Grafana \(default 3000\)$/m);
});

it('onFreePorts gives every part a port of its own', async () => {
  const { ports } = await onFreePorts(parseStackSettings({}));
  expect(new Set(Object.values(ports)).size).toBe(Object.keys(ports).length);
  expect(ports.grafana).not.toBe(3000);
});

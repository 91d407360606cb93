import { ComponentUnavailableError } from '@floorwatch/servers/errors';
import { describe, expect, it } from 'vitest';
import { createSupervisor, componentsTable, type LaunchedComponent } from './supervisor.ts';

function supervisorWithLines() {
  const lines: string[] = [];
  return { lines, supervisor: createSupervisor((line) => lines.push(line)) };
}

const running = (address: string): Promise<LaunchedComponent> => Promise.resolve({ address });
const unavailable = (): Promise<LaunchedComponent> =>
  Promise.reject(new ComponentUnavailableError('Kafka', 'port 9092 is taken', 'Set KAFKA_PORT to another port.'));

describe('supervisor', () => {
  it('reports why a component cannot start, and does not start the components that need it', async () => {
    const { lines, supervisor } = supervisorWithLines();
    const kafka = supervisor.start('Kafka', {}, unavailable);
    const clickHouse = supervisor.start('ClickHouse', {}, () => running('http://127.0.0.1:8123'));
    await supervisor.start('Ingestor', { needs: { Kafka: kafka, ClickHouse: clickHouse } }, () => running('never'));

    expect(lines).toContain('Kafka: port 9092 is taken. Set KAFKA_PORT to another port.');
    expect(lines).toContain('Ingestor: not started, it needs Kafka.');
    expect(supervisor.statuses().map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Kafka not started',
      'ClickHouse running',
      'Ingestor not started',
    ]);
  });

  it('rethrows an error that the user cannot fix', async () => {
    const { supervisor } = supervisorWithLines();
    await expect(supervisor.start('Kafka', {}, () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  });

  it('starts no component after stop was called', async () => {
    const { lines, supervisor } = supervisorWithLines();
    const slow = Promise.withResolvers<LaunchedComponent>();
    const launched = Promise.withResolvers<undefined>();
    const kafka = supervisor.start('Kafka', {}, () => {
      launched.resolve(undefined);
      return slow.promise;
    });
    const grafana = supervisor.start('Grafana', { after: [kafka] }, () => running('never'));
    await launched.promise;
    await supervisor.stop();
    let kafkaStopped = false;
    slow.resolve({
      address: '',
      stop: () => {
        kafkaStopped = true;
        return Promise.resolve();
      },
    });
    expect(await grafana).toBeUndefined();
    expect(kafkaStopped).toBe(true);
    expect(lines.some((line) => line.startsWith('Grafana'))).toBe(false);
  });

  it('stops components in reverse order, so that writers stop before the servers that they write to', async () => {
    const { supervisor } = supervisorWithLines();
    const stopped: string[] = [];
    for (const name of ['Kafka', 'ClickHouse', 'Ingestor']) {
      await supervisor.start(name, {}, () =>
        Promise.resolve({
          address: '',
          stop: () => {
            stopped.push(name);
            return Promise.resolve();
          },
        })
      );
    }
    await supervisor.stop();
    expect(stopped).toEqual(['Ingestor', 'ClickHouse', 'Kafka']);
  });

  it('reports a component that exits by itself', async () => {
    const { lines, supervisor } = supervisorWithLines();
    const crash = Promise.withResolvers<undefined>();
    await supervisor.start('Kafka', {}, () =>
      Promise.resolve({ address: '', logFile: 'k.log', exited: crash.promise })
    );
    crash.resolve(undefined);
    await crash.promise;
    await Promise.resolve();
    expect(lines.at(-1)).toBe('Kafka exited unexpectedly. Read k.log.');
    expect(supervisor.statuses()[0]?.state).toBe('ended');
  });
});

it('aligns the table of components under its headings', () => {
  const table = componentsTable([
    { name: 'Kafka', state: 'running', address: '127.0.0.1:9092', logFile: '/logs/kafka.log' },
    { name: 'Grafana', state: 'not started', address: '', logFile: '' },
  ]);
  expect(table.split('\n')).toEqual([
    'part     state        address         log file',
    'Kafka    running      127.0.0.1:9092  /logs/kafka.log',
    'Grafana  not started',
  ]);
});

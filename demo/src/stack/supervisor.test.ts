import { PartUnavailableError } from '@floorwatch/servers/part-error';
import { describe, expect, it } from 'vitest';
import { createBoard, partsTable, type LaunchedPart } from './board.ts';

function boardWithLines() {
  const lines: string[] = [];
  return { lines, board: createBoard((line) => lines.push(line)) };
}

const running = (address: string): Promise<LaunchedPart> => Promise.resolve({ address });
const unavailable = (): Promise<LaunchedPart> =>
  Promise.reject(new PartUnavailableError('Kafka', 'port 9092 is taken', 'Set KAFKA_PORT to another port.'));

describe('board', () => {
  it('says in one line why a part cannot start, and what needs it is not started either', async () => {
    const { lines, board } = boardWithLines();
    const kafka = board.start('Kafka', {}, unavailable);
    const clickHouse = board.start('ClickHouse', {}, () => running('http://127.0.0.1:8123'));
    await board.start('Ingestor', { needs: { Kafka: kafka, ClickHouse: clickHouse } }, () => running('never'));

    expect(lines).toContain('Kafka: port 9092 is taken. Set KAFKA_PORT to another port.');
    expect(lines).toContain('Ingestor: not started, it needs Kafka.');
    expect(board.statuses().map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Kafka not started',
      'ClickHouse running',
      'Ingestor not started',
    ]);
  });

  it('hands on an error that no user can mend', async () => {
    const { board } = boardWithLines();
    await expect(board.start('Kafka', {}, () => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');
  });

  it('starts nothing more once it is stopping', async () => {
    const { lines, board } = boardWithLines();
    const slow = Promise.withResolvers<LaunchedPart>();
    const launched = Promise.withResolvers<undefined>();
    const kafka = board.start('Kafka', {}, () => {
      launched.resolve(undefined);
      return slow.promise;
    });
    const grafana = board.start('Grafana', { after: [kafka] }, () => running('never'));
    await launched.promise;
    await board.stop();
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

  it('stops what writes before what is written to', async () => {
    const { board } = boardWithLines();
    const stopped: string[] = [];
    for (const name of ['Kafka', 'ClickHouse', 'Ingestor']) {
      await board.start(name, {}, () =>
        Promise.resolve({
          address: '',
          stop: () => {
            stopped.push(name);
            return Promise.resolve();
          },
        })
      );
    }
    await board.stop();
    expect(stopped).toEqual(['Ingestor', 'ClickHouse', 'Kafka']);
  });

  it('says that a part has ended by itself, but not that it was stopped', async () => {
    const { lines, board } = boardWithLines();
    const crash = Promise.withResolvers<undefined>();
    await board.start('Kafka', {}, () => Promise.resolve({ address: '', logFile: 'k.log', exited: crash.promise }));
    crash.resolve(undefined);
    await crash.promise;
    await Promise.resolve();
    expect(lines.at(-1)).toBe('Kafka has ended. Its last words are in k.log.');
    expect(board.statuses()[0]?.state).toBe('ended');
  });
});

it('aligns the parts under their headings', () => {
  const table = partsTable([
    { name: 'Kafka', state: 'running', address: '127.0.0.1:9092', logFile: '/logs/kafka.log' },
    { name: 'Grafana', state: 'not started', address: '', logFile: '' },
  ]);
  expect(table.split('\n')).toEqual([
    'part     state        address         log file',
    'Kafka    running      127.0.0.1:9092  /logs/kafka.log',
    'Grafana  not started',
  ]);
});

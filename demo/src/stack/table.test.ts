import { expect, it } from 'vitest';
import { partsTable } from './table.ts';

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

import { expect, test } from 'vitest';
import { topicFormats } from './topic-formats.ts';

const none = {
  byTopic: new Map(),
  schemaRegistryUrl: undefined,
  massRoboticsDatums: undefined,
  masking: null,
  storedHeaders: [],
};

test('a topic without a format is JSON and needs no preparation', () => {
  const { decode, preparation } = topicFormats(none)('any');
  expect([...decode(Buffer.from('{"robot_id":"amr-1","ts":0}'), 0)]).toMatchObject([{ ok: true }]);
  expect(preparation).toBeUndefined();
});

test('the error names the file and the field of an invalid planar datum', () => {
  const text = '{"4b8302da-21ad-401f-af45-1dfd956b80b5":{"map_id":"hall","x":0,"y":0,"yaw":0,"metres_per_unit":0}}';
  const config = {
    ...none,
    byTopic: new Map([['amr', 'massrobotics' as const]]),
    massRoboticsDatums: { path: 'datums.json', text },
  };
  expect(() => topicFormats(config)).toThrow(/^datums\.json .*4b8302da-21ad-401f-af45-1dfd956b80b5\.metres_per_unit/);
});

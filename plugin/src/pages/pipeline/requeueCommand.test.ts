import { HOSTILE } from '@floorwatch/contract/hostile-texts';
import { requeueOne, requeueReason } from './requeueCommand';

const place = { topic: 'robot.telemetry', partition: 3, offset: 42, part: 0 };

it('names a dead letter as the command line reads it', () => {
  expect(requeueOne(place)).toBe('ingestor dead-letters requeue robot.telemetry/3/42/0');
  expect(requeueReason('invalid_json', Date.UTC(2026, 10, 28))).toBe(
    'ingestor dead-letters requeue --reason invalid_json --since 2026-11-28T00:00:00.000Z'
  );
});

it.each(['a; rm -rf ~', '$(reboot)', '', '-x y', ...HOSTILE.map(({ text }) => `a ${text}`)])(
  'offers no command for %j, which a shell could read otherwise',
  (text) => {
    expect(requeueOne({ ...place, topic: text })).toBeNull();
    expect(requeueReason(text, 0)).toBeNull();
  }
);

import { eventsForMap, readEvent } from './readEvents';

it('takes the robot of a change of state from its labels', () => {
  const event = readEvent({
    id: 4,
    time: 1_000,
    timeEnd: 1_000,
    alertName: 'Telemetry drop-off',
    newState: 'Alerting',
    text: 'Telemetry drop-off {alertname=Telemetry drop-off, grafana_folder=Floorwatch, robot_id=acme/17, severity=warning} - silence=312.000000',
  });
  expect(event).toMatchObject({
    title: 'Telemetry drop-off: Alerting',
    text: 'silence=312.000000',
    robot_id: 'acme/17',
    color: 'red',
    isRegion: false,
  });
});

it('leaves a change of state that is about no robot without one', () => {
  const text = 'Consumer lag {alertname=Consumer lag, group=floorwatch-ingestor} - lag=90.000000';
  const event = readEvent({ id: 5, time: 1, alertName: 'Consumer lag', newState: 'Normal', text });
  expect(event).toMatchObject({ robot_id: '', color: 'green' });
  expect(readEvent({ id: 6, time: 1, alertName: 'Consumer lag', newState: 'Alerting (NoData)', text }).color).toBe(
    'red'
  );
});

it('keeps the tags of a note, which say its place, and reads its robot from them', () => {
  const note = readEvent({ id: 6, time: 1, timeEnd: 9, text: 'Wheel changed', tags: ['shift', 'robot: amr-7'] });
  expect(note).toMatchObject({
    text: 'Wheel changed',
    tags: ['shift', 'robot: amr-7'],
    robot_id: 'amr-7',
    isRegion: true,
  });
  expect(readEvent({ id: 7, time: 1, text: 'Oil', tags: ['x:4', 'y:3', 'map:hall'] }).robot_id).toBe('');
});

describe('on the map', () => {
  const change = (id: number, robot: string, newState: string) =>
    readEvent({
      id,
      time: id,
      alertName: 'Drop-off',
      newState,
      text: `Drop-off {alertname=Drop-off, grafana_folder=Floorwatch, robot_id=${robot}} - `,
    });

  it('an alert is shown while it fires, and no longer when it is resolved', () => {
    const events = [change(1, 'a', 'Alerting'), change(2, 'b', 'Alerting'), change(3, 'a', 'Normal')];
    expect(eventsForMap(events).map(({ robot_id }) => robot_id)).toEqual(['b']);
  });

  it('hundreds of robots that fall silent together put no pins over the others, and notes stay', () => {
    const many = Array.from({ length: 500 }, (_, k) => change(k, `r${k}`, 'Alerting'));
    const note = readEvent({ id: 600, time: 600, text: 'Wi-Fi down' });
    expect(eventsForMap([...many, note])).toEqual([note]);
  });
});

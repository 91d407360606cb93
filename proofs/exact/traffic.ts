import { Kafka, logLevel, type Message } from 'kafkajs';
import { bits, scheduledEvent, robotName, type FleetSchedule } from './schedule.ts';

const DUPLICATES_PERCENT = 5;
const MALFORMED_PERCENT = 1;
const MESSAGES_PER_REQUEST = 5_000;

/** The messages of all robots, second by second. 5 % of the events are sent twice, 1 % of the messages are malformed. */
function* messages(schedule: FleetSchedule): Generator<{ message: Message; malformed: boolean }> {
  for (let step = 0; step < schedule.stepsPerRobot; step++) {
    for (let robot = 0; robot < schedule.robots; robot++) {
      const draw = bits(schedule, robot, step, 30) % 100;
      const message = eventMessage(schedule, robot, step);
      yield { message, malformed: false };
      // Half of the duplicates follow at once, half a few seconds later.
      if (draw < DUPLICATES_PERCENT) {
        yield { message: draw % 2 ? message : eventMessage(schedule, robot, Math.max(0, step - 5)), malformed: false };
      }
      if (draw >= 100 - MALFORMED_PERCENT) yield { message: malformedMessage(schedule, robot, step), malformed: true };
    }
  }
}

function eventMessage(schedule: FleetSchedule, robot: number, step: number): Message {
  const event = scheduledEvent(schedule, robot, step);
  const json = {
    event_id: event.eventId,
    robot_id: event.robotId,
    ts: new Date(event.tsMs).toISOString(),
    event_type: event.eventType,
    task_id: event.taskId,
    ...(event.x === null ? {} : { x: event.x, y: event.y }),
    battery: event.battery,
    speed: event.speed,
    state: event.state,
    meta: { firmware: 'v2.4.1' },
  };
  return { key: event.robotId, value: JSON.stringify(json) };
}

function malformedMessage(schedule: FleetSchedule, robot: number, step: number): Message {
  const ts = new Date(schedule.startMs + step * schedule.stepMs).toISOString();
  const robotId = robotName(schedule, robot);
  const broken = [
    `{"robot_id":"${robotId}","ts":"${ts}"`,
    JSON.stringify({ robot_id: robotId, ts, battery: 300 }),
    JSON.stringify({ robot_id: robotId, ts: '1970-01-01T00:00:00Z' }),
    JSON.stringify({ ts, x: 1, y: 2 }),
    JSON.stringify({ robot_id: robotId, ts, x: '1.5', y: 2 }),
    Buffer.from(`{"robot_id":"${robotId}","ts":"\xff"}`, 'latin1'),
  ];
  return { key: robotId, value: broken[bits(schedule, robot, step, 31) % broken.length] ?? '' };
}

/** Publishes all messages once. @returns the number of messages and of malformed messages */
export async function publishFleet(
  schedule: FleetSchedule,
  brokers: string,
  topic: string
): Promise<{ messages: number; malformed: number }> {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.ERROR }).producer();
  await producer.connect();
  const sent = { messages: 0, malformed: 0 };
  let batch: Message[] = [];
  const send = async (): Promise<void> => {
    await producer.send({ topic, messages: batch });
    sent.messages += batch.length;
    batch = [];
  };
  for (const { message, malformed } of messages(schedule)) {
    batch.push(message);
    if (malformed) sent.malformed += 1;
    if (batch.length === MESSAGES_PER_REQUEST) await send();
  }
  if (batch.length > 0) await send();
  await producer.disconnect();
  return sent;
}

import { Kafka, logLevel, type Message } from 'kafkajs';
import { bits, plannedEvent, robotName, type FleetPlan } from './plan.ts';

const DUPLICATES_PERCENT = 5;
const MALFORMED_PERCENT = 1;
const MESSAGES_PER_REQUEST = 5_000;

/** The whole fleet's messages, second by second; 5 % of the events come twice, and 1 in 100 messages is malformed. */
function* messages(plan: FleetPlan): Generator<{ message: Message; malformed: boolean }> {
  for (let step = 0; step < plan.stepsPerRobot; step++) {
    for (let robot = 0; robot < plan.robots; robot++) {
      const draw = bits(plan, robot, step, 30) % 100;
      const message = eventMessage(plan, robot, step);
      yield { message, malformed: false };
      // Half of the repeats come at once, half a few seconds later.
      if (draw < DUPLICATES_PERCENT) {
        yield { message: draw % 2 ? message : eventMessage(plan, robot, Math.max(0, step - 5)), malformed: false };
      }
      if (draw >= 100 - MALFORMED_PERCENT) yield { message: malformedMessage(plan, robot, step), malformed: true };
    }
  }
}

function eventMessage(plan: FleetPlan, robot: number, step: number): Message {
  const event = plannedEvent(plan, robot, step);
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

function malformedMessage(plan: FleetPlan, robot: number, step: number): Message {
  const ts = new Date(plan.startMs + step * 1000).toISOString();
  const robotId = robotName(robot);
  const broken = [
    `{"robot_id":"${robotId}","ts":"${ts}"`,
    JSON.stringify({ robot_id: robotId, ts, battery: 300 }),
    JSON.stringify({ robot_id: robotId, ts: '1970-01-01T00:00:00Z' }),
    JSON.stringify({ ts, x: 1, y: 2 }),
    JSON.stringify({ robot_id: robotId, ts, x: '1.5', y: 2 }),
    Buffer.from(`{"robot_id":"${robotId}","ts":"\xff"}`, 'latin1'),
  ];
  return { key: robotId, value: broken[bits(plan, robot, step, 31) % broken.length] ?? '' };
}

/** Publishes all of it once. @returns how many messages went out, and how many of them are malformed */
export async function publishFleet(
  plan: FleetPlan,
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
  for (const { message, malformed } of messages(plan)) {
    batch.push(message);
    if (malformed) sent.malformed += 1;
    if (batch.length === MESSAGES_PER_REQUEST) await send();
  }
  if (batch.length > 0) await send();
  await producer.disconnect();
  return sent;
}

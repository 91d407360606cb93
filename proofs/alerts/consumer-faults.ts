import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { kafkaClassPath } from '@floorwatch/servers/kafka';
import { AssignerProtocol, Kafka, logLevel, type PartitionAssigner } from 'kafkajs';
import type { Fault } from './fault.ts';
import { PARTITIONS, TOPIC } from './stack.ts';

const INGESTOR_GROUP = 'floorwatch-ingestor';
/** Of the rule about consumer lag. */
const LAG_SECONDS = 60;

/** Path B covers for it, so only its own rows are missing. */
export const PATH_A: Fault = {
  name: 'detach-path-a-view',
  expects: 'Storage needs attention',
  holdsAfterSeconds: 5,
  prepare: async ({ stack }) => {
    await stack.setIngestPath('both');
    // Until path A has stored events, and its consumer group has an offset that can stand still.
    const rows = `SELECT count() AS seconds FROM warehouse.path_progress WHERE source = 'engine' AND second > now('UTC') - INTERVAL 30 SECOND`;
    for (let attempt = 0; ; attempt++) {
      const result = await stack.owner.query({ query: rows, format: 'JSONEachRow' });
      const [found] = await result.json<{ seconds: string }>();
      if (Number(found?.seconds) >= 10) break;
      if (attempt === 60) throw new Error('Path A stored nothing within two minutes.');
      await sleep(2_000);
    }
    return () => stack.setIngestPath('ingestor');
  },
  inject: async ({ stack }) => {
    await stack.owner.command({ query: 'DETACH TABLE warehouse.telemetry_from_kafka' });
    const fix = async (): Promise<void> => {
      await stack.owner.command({ query: 'ATTACH TABLE warehouse.telemetry_from_kafka' });
    };
    return { names: ['telemetry_from_kafka', 'detached'], fix };
  },
};

/** A program of somebody else in our consumer group: it gets partitions and never commits what it reads. */
export const STOLEN_PARTITIONS: Fault = {
  name: 'stop-commits',
  expects: 'Consumer lag',
  // 60 s of lag, after the group has given it partitions.
  holdsAfterSeconds: 70,
  inject: async ({ stack }) => {
    const kafka = new Kafka({ brokers: [stack.brokers], logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: INGESTOR_GROUP });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC });
    await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    return { names: [INGESTOR_GROUP, TOPIC], fix: () => consumer.disconnect() };
  },
};

const STRANGER = 'stranger';

/** Has the name of the ingestor's assigner, so that it can lead the group. Gives the first partition to no member, and nothing to the stranger. */
const leavesOneOut: PartitionAssigner = () => ({
  name: 'RoundRobinAssigner',
  version: 0,
  protocol: ({ topics }) => ({
    name: 'RoundRobinAssigner',
    metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
  }),
  assign: ({ members }) => {
    const readers = members.filter(({ memberId }) => !memberId.startsWith(STRANGER));
    return Promise.resolve(
      members.map(({ memberId }) => {
        const nth = readers.findIndex((reader) => reader.memberId === memberId);
        const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
        const own = partitions.filter((partition) => partition > 0 && nth >= 0 && partition % readers.length === nth);
        const assignment = { version: 0, assignment: { [TOPIC]: own }, userData: Buffer.alloc(0) };
        return { memberId, memberAssignment: AssignerProtocol.MemberAssignment.encode(assignment) };
      })
    );
  },
});

/** A program of somebody else leads our consumer group, and its assignment is wrong. */
export const NO_OWNER: Fault = {
  name: 'partition-without-owner',
  expects: 'Consumer lag',
  holdsAfterSeconds: LAG_SECONDS,
  inject: async ({ stack }) => {
    const kafka = new Kafka({ clientId: STRANGER, brokers: [stack.brokers], logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: INGESTOR_GROUP, partitionAssigners: [leavesOneOut] });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC });
    await consumer.run({ autoCommit: false, eachBatch: () => Promise.resolve() });
    // The member that is there first leads the group.
    await stack.stop('ingestor');
    await stack.start('ingestor');
    const names = [INGESTOR_GROUP, TOPIC, '1 partitions do not move'];
    return { names, holdsMs: Date.now() + LAG_SECONDS * 1000, fix: () => consumer.disconnect() };
  },
};

/** What the broker gives the ingestor while the flood lasts, in bytes per second: so a proof floods it with little CPU. Usual are 70,000. */
const QUOTA = 150_000;
/** Of one robot per second. One has about 350 bytes. */
const FLOOD_EVENTS = 1_800;

/** @param change of the quota of the ingestor, as kafka-configs.sh takes it */
async function alterQuota(brokers: string, change: readonly string[]): Promise<void> {
  const entity = ['--entity-type', 'clients', '--entity-name', 'floorwatch-ingestor'];
  const args = ['kafka.admin.ConfigCommand', '--bootstrap-server', brokers, '--alter', ...entity, ...change];
  await promisify(execFile)('java', ['-Xmx128m', '-cp', await kafkaClassPath(), ...args]);
}

/** A robot sends 1,800 events per second, more than the ingestor gets from Kafka. */
export const FLOOD: Fault = {
  name: 'flood',
  expects: 'Consumer lag',
  holdsAfterSeconds: LAG_SECONDS,
  inject: async ({ stack, fleet, random }) => {
    await alterQuota(stack.brokers, ['--add-config', `consumer_byte_rate=${QUOTA}`]);
    random.pick(fleet.robots).copies = FLOOD_EVENTS;
    // Of each second, about a fifth is read, so the lag grows by 0.8 seconds per second.
    const holdsMs = Date.now() + (LAG_SECONDS / 0.8) * 1000;
    const fix = async (): Promise<void> => {
      fleet.heal();
      await alterQuota(stack.brokers, ['--delete-config', 'consumer_byte_rate']);
    };
    return { names: [INGESTOR_GROUP, TOPIC], holdsMs, fix };
  },
};

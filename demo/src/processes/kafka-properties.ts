import { listenerAddresses, secureListenerProperties, type SecureListeners } from './kafka-security.ts';
import { LOOPBACK } from './ports.ts';

export interface BrokerProperties {
  port: number;
  controllerPort: number;
  /** Kafka's data; it calls them logs. */
  logsDir: string;
  secure?: SecureListeners | undefined;
}

/** Larger than the ingestor's limit, so that a message above that limit can be produced and be seen to be dead-lettered. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** server.properties of a broker that is also its only controller. */
export function brokerProperties({ port, controllerPort, logsDir, secure }: BrokerProperties): string {
  const open = `PLAINTEXT://${LOOPBACK}:${port}`;
  const listeners = [open, ...(secure ? listenerAddresses(secure) : [])].join(',');
  const properties: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${LOOPBACK}:${controllerPort}`,
    listeners: `${listeners},CONTROLLER://${LOOPBACK}:${controllerPort}`,
    'advertised.listeners': listeners,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logsDir,
    'auto.create.topics.enable': false,
    'message.max.bytes': MAX_MESSAGE_BYTES,
    'replica.fetch.max.bytes': MAX_MESSAGE_BYTES,
    // One node holds the only replica of the broker's own topics.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The default waits 3 s for more members before a group's first assignment; here nobody else is coming.
    'group.initial.rebalance.delay.ms': 100,
    ...(secure && secureListenerProperties(secure)),
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

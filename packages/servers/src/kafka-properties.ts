import { listenerAddresses, secureListenerProperties, type SecureListeners } from './kafka-security.ts';
import { LOOPBACK } from './ports.ts';

export interface BrokerProperties {
  port: number;
  controllerPort: number;
  /** Folder of the data, which Kafka calls logs. */
  logsDir: string;
  secure?: SecureListeners | undefined;
  proxied?: ProxiedListener | undefined;
  /** Properties to add or to replace. */
  properties?: Readonly<Record<string, string>> | undefined;
}

/** One more listener without security. The broker sends its clients through a proxy from their first request on. */
export interface ProxiedListener {
  port: number;
  /** Port of the proxy, which the broker advertises to the clients of this listener. */
  proxyPort: number;
}

/** Larger than the ingestor's limit, so that tests can produce a message above that limit and find its dead letter. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** server.properties of a broker that is also the only controller. */
export function brokerProperties(broker: BrokerProperties): string {
  const { port, controllerPort, logsDir, secure, proxied } = broker;
  const open = `PLAINTEXT://${LOOPBACK}:${port}`;
  const direct = [open, ...(secure ? listenerAddresses(secure) : [])];
  const listening = [...direct, ...(proxied ? [`PROXIED://${LOOPBACK}:${proxied.port}`] : [])];
  const advertised = [...direct, ...(proxied ? [`PROXIED://${LOOPBACK}:${proxied.proxyPort}`] : [])];
  const properties: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${LOOPBACK}:${controllerPort}`,
    listeners: [...listening, `CONTROLLER://${LOOPBACK}:${controllerPort}`].join(','),
    'advertised.listeners': advertised.join(','),
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': logsDir,
    'auto.create.topics.enable': false,
    'message.max.bytes': MAX_MESSAGE_BYTES,
    'replica.fetch.max.bytes': MAX_MESSAGE_BYTES,
    // There is one node, so the broker's internal topics have one replica.
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The default waits 3 s for more members before the first assignment of a group. Here no other member joins.
    'group.initial.rebalance.delay.ms': 100,
    ...(proxied && { 'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT' }),
    ...(secure && secureListenerProperties(secure)),
    ...broker.properties,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

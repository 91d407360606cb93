import Connection, { type Connection as KafkajsConnection } from 'kafkajs/src/network/connection.js';
import errors from 'kafkajs/src/errors.js';

const INT32_BYTES = 4;
const { connect, disconnect } = Connection.prototype;
const connecting = new WeakMap<KafkajsConnection, Promise<boolean>>();

/**
 * Mends what a kafkajs connection does when it breaks (kafkajs issue 715). Without it, a connection cut in the middle of
 * an answer leaves a consumer that reads nothing and says nothing for minutes, until its retries are used up.
 *
 * Like light-fetch.ts it reaches into kafkajs, whose version is therefore exact in package.json. Calling it again does
 * nothing more.
 */
export function mendConnections(): void {
  Connection.prototype.connect = connectAfresh;
  Connection.prototype.disconnect = disconnectWholly;
}

/** kafkajs takes the first bytes of the new connection for the rest of an answer that the old one broke off. */
function connectAfresh(this: KafkajsConnection): Promise<boolean> {
  if (this.isConnected()) return Promise.resolve(true);
  // Two sockets at once, as kafkajs opens them for two requests at once, would write into the same answer.
  const running = connecting.get(this);
  if (running) return running;
  this.chunks = [];
  this.bytesBuffered = 0;
  this.bytesNeeded = INT32_BYTES;
  const attempt = connect.call(this).finally(() => connecting.delete(this));
  connecting.set(this, attempt);
  return attempt;
}

/** kafkajs takes requests while it closes, sends them into the closed socket, and no longer times them out. */
async function disconnectWholly(this: KafkajsConnection): Promise<boolean> {
  await disconnect.call(this);
  const { host, port } = this;
  this.requestQueue.rejectAll(new errors.KafkaJSConnectionClosedError('Closed connection', { host, port }));
  return true;
}

import Connection, { type Connection as KafkajsConnection } from 'kafkajs/src/network/connection.js';
import connectionStatus from 'kafkajs/src/network/connectionStatus.js';
import errors from 'kafkajs/src/errors.js';

const INT32_BYTES = 4;
const { connect } = Connection.prototype;
const connecting = new WeakMap<KafkajsConnection, Promise<boolean>>();

/**
 * Fixes what a kafkajs connection does when it breaks (kafkajs issue 715). Without it, a connection cut in the middle of
 * an answer leaves a consumer that reads nothing and says nothing for minutes, until its retries are used up.
 *
 * Like fetch-decoder.ts it reaches into kafkajs, whose version is therefore exact in package.json. Calling it again does
 * nothing more.
 */
export function patchConnections(): void {
  Connection.prototype.connect = connectCleanly;
  Connection.prototype.disconnect = disconnectNow;
}

/** kafkajs takes the first bytes of the new connection for the rest of an answer that the old one broke off. */
function connectCleanly(this: KafkajsConnection): Promise<boolean> {
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

/**
 * kafkajs waits until every request has its answer, on a socket that may be dead, takes new requests meanwhile, and ends
 * whatever socket the connection has by then. Here the requests fail at once, which kafkajs repeats elsewhere, and what
 * the old socket still has to say no longer reaches the connection.
 */
function disconnectNow(this: KafkajsConnection): Promise<boolean> {
  const { host, port, socket, requestQueue } = this;
  const closed = new errors.KafkaJSConnectionClosedError('Closed connection', { host, port });
  this.authenticatedAt = null;
  this.connectionStatus = connectionStatus.CONNECTION_STATUS.DISCONNECTED;
  requestQueue.destroy();
  requestQueue.rejectAll(closed);
  this.authHandlers?.onError();
  // One that still connects ends by its error, which is what connect() waits for.
  if (connecting.has(this)) socket?.destroy(closed);
  else if (socket) release(socket);
  return Promise.resolve(true);
}

/** Lets what was written go out, and takes nothing more in. */
function release(socket: NonNullable<KafkajsConnection['socket']>): void {
  for (const event of ['data', 'end', 'error', 'timeout']) socket.removeAllListeners(event);
  socket.on('error', () => undefined);
  socket.destroySoon();
  socket.unref();
}

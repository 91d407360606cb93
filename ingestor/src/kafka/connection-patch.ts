import Connection, { type Connection as KafkajsConnection } from 'kafkajs/src/network/connection.js';
import connectionStatus from 'kafkajs/src/network/connectionStatus.js';
import errors from 'kafkajs/src/errors.js';

const INT32_BYTES = 4;
const { connect } = Connection.prototype;
const connecting = new WeakMap<KafkajsConnection, Promise<boolean>>();

/**
 * Fixes the handling of broken connections in kafkajs (kafkajs issue 715). Without it, if a connection breaks in the middle of a
 * response, the consumer reads nothing and logs nothing for minutes, until its retries are used up.
 *
 * Like fetch-decoder.ts it changes internals of kafkajs, so package.json pins its exact version. Further calls have no effect.
 */
export function patchConnections(): void {
  Connection.prototype.connect = connectCleanly;
  Connection.prototype.disconnect = disconnectNow;
}

/** kafkajs appends the first bytes of the new connection to the incomplete response of the old one. */
function connectCleanly(this: KafkajsConnection): Promise<boolean> {
  if (this.isConnected()) return Promise.resolve(true);
  // kafkajs opens two sockets for two concurrent requests, and both would append to the same response.
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
 * kafkajs waits for a response to every request, on a socket that may be dead. Meanwhile it accepts new requests, and at the end
 * it closes the current socket of the connection. With this patch the requests fail at once, and kafkajs retries them on another
 * connection. Data of the old socket no longer reaches the connection.
 */
function disconnectNow(this: KafkajsConnection): Promise<boolean> {
  const { host, port, socket, requestQueue } = this;
  const closed = new errors.KafkaJSConnectionClosedError('Closed connection', { host, port });
  this.authenticatedAt = null;
  this.connectionStatus = connectionStatus.CONNECTION_STATUS.DISCONNECTED;
  requestQueue.destroy();
  requestQueue.rejectAll(closed);
  this.authHandlers?.onError();
  // connect() waits for the error of a socket that is still connecting.
  if (connecting.has(this)) socket?.destroy(closed);
  else if (socket) release(socket);
  return Promise.resolve(true);
}

/** Sends what was written, and ignores further input. */
function release(socket: NonNullable<KafkajsConnection['socket']>): void {
  for (const event of ['data', 'end', 'error', 'timeout']) socket.removeAllListeners(event);
  socket.on('error', () => undefined);
  socket.destroySoon();
  socket.unref();
}

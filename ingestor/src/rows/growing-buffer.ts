/** A copy of that size; the memory of the old buffer is free at once, not when the garbage collector finds it. */
export function resized(buffer: Buffer<ArrayBuffer>, bytes: number): Buffer<ArrayBuffer> {
  return Buffer.from(buffer.buffer.transfer(bytes));
}

export function newBuffer(bytes: number): Buffer<ArrayBuffer> {
  return Buffer.from(new ArrayBuffer(bytes));
}

/** Below this many bytes the collector is cheaper. */
const WORTH_GIVING_BYTES = 4 * 1024

/**
 * Frees the memory of bytes that nobody needs any more, at once. Left to the collector, bytes outside V8's heap make it
 * walk all of the heap for every few dozen megabytes of them, which costs more than whatever was done with the bytes.
 * Does nothing for bytes that share their memory with others.
 * @param bytes are empty afterwards
 */
export function giveBack(bytes: Uint8Array): void {
  const { buffer } = bytes
  if (bytes.byteLength < WORTH_GIVING_BYTES || bytes.byteLength !== buffer.byteLength) return
  if (buffer instanceof ArrayBuffer) buffer.transfer(0)
}

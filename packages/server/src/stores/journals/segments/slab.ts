/** Enough for some ten thousand ordinary rows; a segment begins with a fresh one. */
export const SLAB_BYTES = 1024 * 1024
const MAX_FREE = 16

/** A stretch of a segment's bytes: in memory while there is room, in the file always. */
export interface Slab {
  /** `undefined`: only the file has them. */
  bytes: Buffer | undefined
  /** Where the stretch begins in the file. */
  readonly fileStart: number
  /** Bytes that are committed, counted from `fileStart`. */
  length: number
}

/** Buffers used again and again, so that a steady stream of events leaves the garbage collector alone. */
export class SlabPool {
  readonly #free: Buffer[] = []

  /** A buffer of the usual size, or of exactly `atLeast` bytes for rows that are bigger. */
  take(atLeast: number): Buffer {
    if (atLeast > SLAB_BYTES) return Buffer.allocUnsafeSlow(atLeast)
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(SLAB_BYTES)
  }

  /** Nobody may read `buffer` any more. */
  give(buffer: Buffer): void {
    if (buffer.length === SLAB_BYTES && this.#free.length < MAX_FREE) this.#free.push(buffer)
  }
}

/** Bounds of a journal; tests make them small. */
export interface JournalLimits {
  /** Appends are refused when so many bytes wait for the column store. */
  readonly waitingBytes: number
  /** Waiting bytes beyond it are read from the files instead of memory. */
  readonly memoryBytes: number
  /** A segment is sealed at this size… */
  readonly segmentBytes: number
  /** …or at this age, once the one before it is in the column store. */
  readonly sealAfterMillis: number
}

export const DEFAULT_LIMITS: JournalLimits = {
  waitingBytes: 256 * 1024 * 1024,
  memoryBytes: 32 * 1024 * 1024,
  // A second of full load: each insert makes a part, and the fewer parts there are, the less often merges write a row
  // again. The engine needs some four times as much memory while it inserts one.
  segmentBytes: 64 * 1024 * 1024,
  sealAfterMillis: 1_000,
}

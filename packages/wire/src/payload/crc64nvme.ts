import { type InstructionMemory, instructions } from '../instructions.ts'
import { FOLD_WASM } from './fold.wasm.ts'

/** The reflected polynomial 0x9a6c9329ac4bc9b5 in halves. @source NVM Express NVM Command Set 1.0, section 5.2.1.3.4 */
const POLYNOMIAL_HIGH = 0x9a6c9329
const POLYNOMIAL_LOW = 0xac4bc9b5
/** Bytes taken at once; a table of 256 entries each ("slicing by sixteen"). */
const SLICES = 16

/** A 64-bit number as two of 32 bits; V8 has no fast one. */
export interface Crc64 {
  high: number
  low: number
}

interface Exports {
  readonly memory: InstructionMemory
  readonly fold: (at: number, end: number, aside: number) => void
}

/** How far a byte turns others, at most: 1,497 bytes, in whole blocks. */
const SPAN_BYTES = 1_504
const BLOCK_BYTES = 16
/** Bytes that are folded at once. */
const WINDOW_BYTES = 65_536
/** Below this the table is as fast. */
const WORTH_FOLDING_BYTES = 8_192
/** Where the end of the bytes is put, behind them. */
const ASIDE_BYTES = 2_048

// Sixteen bytes at a time and without a table, which JavaScript can not do. The instructions stand in fold.wat.
const { memory, fold } = instructions<Exports>(FOLD_WASM)
const text = new Uint8Array(memory.buffer, SPAN_BYTES)
const start = new Int32Array(memory.buffer, SPAN_BYTES, 2)

const HIGH = new Int32Array(SLICES * 256)
const LOW = new Int32Array(SLICES * 256)
fillTables()

function fillTables(): void {
  for (let byte = 0; byte < 256; byte++) {
    let [high, low] = [0, byte]
    for (let bit = 0; bit < 8; bit++) {
      const odd = low & 1
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (odd) {
        high ^= POLYNOMIAL_HIGH
        low ^= POLYNOMIAL_LOW
      }
    }
    HIGH[byte] = high
    LOW[byte] = low
  }
  for (let at = 256; at < HIGH.length; at++) {
    const [high, low] = [HIGH[at - 256] ?? 0, LOW[at - 256] ?? 0]
    const next = low & 0xff
    HIGH[at] = (high >>> 8) ^ (HIGH[next] ?? 0)
    LOW[at] = ((low >>> 8) | (high << 24)) ^ (LOW[next] ?? 0)
  }
}

/** CRC-64/NVME: takes `bytes` into `crc`, which is {0, 0} before the first of them. */
export function crc64nvme(bytes: Uint8Array, crc: Crc64): void {
  for (let at = 0; at < bytes.length; at += WINDOW_BYTES) {
    const part = bytes.subarray(at, at + WINDOW_BYTES)
    byTable(part.length < WORTH_FOLDING_BYTES ? part : folded(part, crc), crc)
  }
}

/** A few bytes with the same CRC as many, which are added to what `crc` is so far. They stay until the next call. */
function folded(bytes: Uint8Array, crc: Crc64): Uint8Array {
  text.set(bytes)
  // What it is so far counts as if it had been added to the first bytes, and nothing came before them.
  start[0] = (start[0] as number) ^ ~crc.low
  start[1] = (start[1] as number) ^ ~crc.high
  crc.high = -1
  crc.low = -1
  const end = (bytes.length - SPAN_BYTES) & -BLOCK_BYTES
  fold(0, end, 0)
  // Those at the end are turned by the ones before, and not by each other.
  text.copyWithin(end + ASIDE_BYTES, end, bytes.length)
  text.fill(0, end, end + SPAN_BYTES)
  fold(end, end + SPAN_BYTES, ASIDE_BYTES)
  return text.subarray(end + ASIDE_BYTES, bytes.length + ASIDE_BYTES)
}

function byTable(bytes: Uint8Array, crc: Crc64): void {
  // One by one: taken out of an array, V8 no longer knows what they are, and the loop takes twice as long.
  const highs = HIGH
  const lows = LOW
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % SLICES)
  let high = ~crc.high
  let low = ~crc.low
  let at = 0
  for (; at < whole; at += SLICES) {
    let word = view.getInt32(at + 12, true)
    let entry = word >>> 24
    let nextHigh = highs[entry] as number
    let nextLow = lows[entry] as number
    entry = 0x100 | ((word >>> 16) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0x200 | ((word >>> 8) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0x300 | (word & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    word = view.getInt32(at + 8, true)
    entry = 0x400 | (word >>> 24)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0x500 | ((word >>> 16) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0x600 | ((word >>> 8) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0x700 | (word & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    word = high ^ view.getInt32(at + 4, true)
    entry = 0x800 | (word >>> 24)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0x900 | ((word >>> 16) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0xa00 | ((word >>> 8) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0xb00 | (word & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    word = low ^ view.getInt32(at, true)
    entry = 0xc00 | (word >>> 24)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0xd00 | ((word >>> 16) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0xe00 | ((word >>> 8) & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    entry = 0xf00 | (word & 0xff)
    nextHigh ^= highs[entry] as number
    nextLow ^= lows[entry] as number
    high = nextHigh
    low = nextLow
  }
  for (; at < bytes.length; at++) {
    const entry = (low ^ (bytes[at] as number)) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (lows[entry] as number)
    high = (high >>> 8) ^ (highs[entry] as number)
  }
  crc.high = ~high
  crc.low = ~low
}

/** The reflected polynomial 0x9a6c9329ac4bc9b5 in halves. @source NVM Express NVM Command Set 1.0, section 5.2.1.3.4 */
const POLYNOMIAL_HIGH = 0x9a6c9329
const POLYNOMIAL_LOW = 0xac4bc9b5
/** Bytes taken at once; a table of 256 entries each ("slicing by eight"). */
const SLICES = 8

/** A 64-bit number as two of 32 bits; V8 has no fast one. */
export interface Crc64 {
  high: number
  low: number
}

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
  const [highs, lows] = [HIGH, LOW]
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % SLICES)
  let high = ~crc.high
  let low = ~crc.low
  let at = 0
  for (; at < whole; at += SLICES) {
    const first = low ^ view.getInt32(at, true)
    const second = high ^ view.getInt32(at + 4, true)
    const [a, b, c, d] = [
      0x700 | (first & 0xff),
      0x600 | ((first >>> 8) & 0xff),
      0x500 | ((first >>> 16) & 0xff),
      0x400 | (first >>> 24),
    ]
    const [e, f, g, h] = [
      0x300 | (second & 0xff),
      0x200 | ((second >>> 8) & 0xff),
      0x100 | ((second >>> 16) & 0xff),
      second >>> 24,
    ]
    high =
      (highs[a] as number) ^
      (highs[b] as number) ^
      (highs[c] as number) ^
      (highs[d] as number) ^
      (highs[e] as number) ^
      (highs[f] as number) ^
      (highs[g] as number) ^
      (highs[h] as number)
    low =
      (lows[a] as number) ^
      (lows[b] as number) ^
      (lows[c] as number) ^
      (lows[d] as number) ^
      (lows[e] as number) ^
      (lows[f] as number) ^
      (lows[g] as number) ^
      (lows[h] as number)
  }
  for (; at < bytes.length; at++) {
    const entry = (low ^ (bytes[at] as number)) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (lows[entry] as number)
    high = (high >>> 8) ^ (highs[entry] as number)
  }
  crc.high = ~high
  crc.low = ~low
}

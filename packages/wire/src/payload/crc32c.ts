/** Castagnoli's polynomial, reflected. @source RFC 3720, appendix B.4 */
const POLYNOMIAL = 0x82f63b78
/** Bytes taken at once; a table of 256 entries each ("slicing by eight"). */
const SLICES = 8

const TABLES = makeTables()

function makeTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    tables[byte] = crc
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256] ?? 0
    tables[at] = (before >>> 8) ^ (tables[before & 0xff] ?? 0)
  }
  return tables
}

/**
 * CRC-32C of `bytes`, going on from the CRC of what came before.
 * @param before 0 for the first bytes
 * @returns an unsigned 32-bit number
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const tables = TABLES
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole = bytes.length - (bytes.length % SLICES)
  let crc = ~before
  let at = 0
  for (; at < whole; at += SLICES) {
    const low = crc ^ view.getInt32(at, true)
    const high = view.getInt32(at + 4, true)
    crc =
      (tables[0x700 | (low & 0xff)] as number) ^
      (tables[0x600 | ((low >>> 8) & 0xff)] as number) ^
      (tables[0x500 | ((low >>> 16) & 0xff)] as number) ^
      (tables[0x400 | (low >>> 24)] as number) ^
      (tables[0x300 | (high & 0xff)] as number) ^
      (tables[0x200 | ((high >>> 8) & 0xff)] as number) ^
      (tables[0x100 | ((high >>> 16) & 0xff)] as number) ^
      (tables[high >>> 24] as number)
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[at] as number)) & 0xff] as number)
  return ~crc >>> 0
}

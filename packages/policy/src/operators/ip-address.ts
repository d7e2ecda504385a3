import { plainText } from '../text/piece.ts'
import { type Operator, unreadable, withNegation } from './operator.ts'

/** An address as its bytes: 4 or 16. IPv4 inside IPv6 (`::ffff:192.0.2.1`) counts as IPv4. */
type Address = readonly number[]

interface Block {
  readonly address: Address
  readonly bits: number
}

const DOT = 0x2e
const ZERO = 0x30
const GROUP = /^[0-9A-Fa-f]{1,4}$/
const BITS = /^\d{1,3}$/

export function readAddress(text: string): Address | undefined {
  return text.includes(':') ? readV6(text)?.address : readV4(text)
}

/** An address block, `a.b.c.d/n` or `…::/n`; without a length the block is one address. */
export function readBlock(text: string): Block | undefined {
  const slash = text.indexOf('/')
  const host = slash === -1 ? text : text.slice(0, slash)
  const v6 = host.includes(':') ? readV6(host) : undefined
  const address = v6?.address ?? readV4(host)
  if (address === undefined) return undefined
  if (slash === -1) return { address, bits: address.length * 8 }
  const length = text.slice(slash + 1)
  const bits = BITS.test(length) ? Number(length) - (v6?.mapped === true ? 96 : 0) : -1
  return bits < 0 || bits > address.length * 8 ? undefined : { address, bits }
}

const contains = (block: Block, address: Address): boolean =>
  block.address.length === address.length && sameStart(block.address, address, block.bits)

function sameStart(left: Address, right: Address, bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i += 1) if (left[i] !== right[i]) return false
  const rest = bits & 7
  return rest === 0 || (((left[whole] ?? 0) ^ (right[whole] ?? 0)) & (0xff << (8 - rest)) & 0xff) === 0
}

/** Read by hand, since this is done for every request: four numbers up to 255 without leading zeros. */
function readV4(text: string): Address | undefined {
  const bytes: number[] = []
  let from = 0
  for (let at = 0; at <= text.length; at += 1) {
    if (at < text.length && text.charCodeAt(at) !== DOT) continue
    const byte = readByte(text, from, at)
    if (byte === undefined || bytes.length === 4) return undefined
    bytes.push(byte)
    from = at + 1
  }
  return bytes.length === 4 ? bytes : undefined
}

function readByte(text: string, from: number, to: number): number | undefined {
  const digits = to - from
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(from) === ZERO)) return undefined
  let byte = 0
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) return undefined
    byte = byte * 10 + digit
  }
  return byte <= 255 ? byte : undefined
}

function readV6(text: string): { readonly address: Address; readonly mapped: boolean } | undefined {
  const halves = text.split('::', 3)
  if (halves.length > 2) return undefined
  const head = readGroups(halves[0] ?? '', halves.length === 1)
  const tail = halves.length === 2 ? readGroups(halves[1] ?? '', true) : []
  if (head === undefined || tail === undefined) return undefined
  const missing = 16 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined
  const bytes = [...head, ...Array.from({ length: missing }, () => 0), ...tail]
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  return { address: mapped ? bytes.slice(12) : bytes, mapped }
}

/** The bytes of `a:b:c`; only the end of an address may be written as IPv4. */
function readGroups(text: string, atEnd: boolean): Address | undefined {
  if (text === '') return []
  const groups = text.split(':', 9)
  const bytes: number[] = []
  for (const [i, group] of groups.entries()) {
    if (GROUP.test(group)) {
      const value = Number.parseInt(group, 16)
      bytes.push(value >> 8, value & 0xff)
    } else {
      const v4 = atEnd && i === groups.length - 1 ? readV4(group) : undefined
      if (v4 === undefined) return undefined
      bytes.push(...v4)
    }
  }
  return bytes.length > 16 ? undefined : bytes
}

const prepare: Operator['prepare'] = (value) => {
  const block = readBlock(plainText(value))
  if (block === undefined) return unreadable
  return (actual) => {
    const address = readAddress(actual)
    return address === undefined ? undefined : contains(block, address)
  }
}

export const ipAddressOperators: readonly Operator[] = withNegation('IpAddress', 'NotIpAddress', prepare, false)

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { EpochMillis } from '#kernel/ids.ts'

const STEP_MILLIS = 30_000
const DIGITS = 6
const SEED_BYTES = 40
/** How many steps a device's clock may be off, either way. */
const DRIFT_STEPS = 1
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** A seed of 320 bits, base32 as authenticator apps take it. */
export const newSeed = (): string => encodeBase32(randomBytes(SEED_BYTES))

function encodeBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32[Number.parseInt(five, 2)] ?? '').join('')
}

function decodeBase32(text: string): Buffer {
  const bits = text
    .split('')
    .map((character) => BASE32.indexOf(character).toString(2).padStart(5, '0'))
    .join('')
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((eight) => Number.parseInt(eight, 2)))
}

/** The code of a step. @source RFC 6238, RFC 4226 */
export function codeAt(seed: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', decodeBase32(seed)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 15
  const number = (mac.readUInt32BE(offset) & 0x7f_ff_ff_ff) % 10 ** DIGITS
  return String(number).padStart(DIGITS, '0')
}

export const stepOf = (at: EpochMillis): number => Math.floor(at / STEP_MILLIS)

/** The step whose code this is, near `now` and after `usedStep`. `undefined`: it is none. */
export function matchingStep(seed: string, code: string, now: EpochMillis, usedStep: number): number | undefined {
  const current = stepOf(now)
  for (let step = Math.max(usedStep + 1, current - DRIFT_STEPS); step <= current + DRIFT_STEPS; step++)
    if (isSame(codeAt(seed, step), code)) return step
  return undefined
}

/** How far apart in time the two codes of a device may lie that is being enabled. */
const SEARCH_STEPS = 10

/** The later step of two codes that follow each other. `undefined`: they do not. */
export function consecutiveSteps(seed: string, first: string, second: string, now: EpochMillis): number | undefined {
  const current = stepOf(now)
  for (let step = current - SEARCH_STEPS; step <= current + SEARCH_STEPS; step++)
    if (isSame(codeAt(seed, step), first) && isSame(codeAt(seed, step + 1), second)) return step + 1
  return undefined
}

const isSame = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

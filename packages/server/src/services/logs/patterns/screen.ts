import { type Messages, TextFinder } from '#services/logs/patterns/finder/text-finder.ts'
import { TEXTS_A_PASS } from '#services/logs/patterns/finder/plan.ts'
import type { LogQuery } from '#stores/journals/log-journal.ts'

type Literals = NonNullable<LogQuery['containing']>

/** What a pattern asks of the texts of one pass of the finder, a bit for each text. */
interface Wanted extends Record<keyof Literals, number> {
  readonly pass: number
}

/**
 * What several patterns ask of a message before it is taken apart: that it has every text to include, one of `any` when
 * there are some, and none to exclude. The texts of all patterns are looked for at once, in many messages.
 */
export class Screen {
  readonly #finder: TextFinder
  readonly #wanted: readonly (readonly Wanted[])[]

  /** @param patterns what messages must contain; left out: any message will do */
  constructor(patterns: readonly (Literals | undefined)[]) {
    const numbers = new Map<string, number>()
    this.#wanted = patterns.map((literals) => wantedOf(literals, numbers))
    this.#finder = new TextFinder([...numbers.keys()])
  }

  over(messages: Messages): Screened {
    return new Screened(this.#wanted, this.#finder.find(messages))
  }
}

/** Messages that are asked for at once. */
export const AT_ONCE = 32
const KINDS = ['include', 'any', 'exclude'] as const

/** @param numbers of the texts of all patterns */
function wantedOf(literals: Literals | undefined, numbers: Map<string, number>): readonly Wanted[] {
  const wanted = new Map<number, Wanted>()
  for (const kind of KINDS) {
    for (const text of literals?.[kind] ?? []) {
      const number = numbers.get(text) ?? numbers.size
      numbers.set(text, number)
      const pass = Math.floor(number / TEXTS_A_PASS)
      const ofPass = wanted.get(pass) ?? { pass, include: 0, any: 0, exclude: 0 }
      ofPass[kind] |= 1 << (number % TEXTS_A_PASS)
      wanted.set(pass, ofPass)
    }
  }
  return [...wanted.values()]
}

/** Messages of which it is known what they contain. */
export class Screened {
  readonly #wanted: readonly (readonly Wanted[])[]
  readonly #found: readonly Int32Array[]
  /** What at least one of them contains. */
  readonly #somewhere: readonly number[]

  constructor(wanted: readonly (readonly Wanted[])[], found: readonly Int32Array[]) {
    this.#wanted = wanted
    this.#found = found
    this.#somewhere = found.map(unionOf)
  }

  /**
   * Which messages pass a pattern.
   * @param to not included; at most 32 messages are asked for at once
   * @returns a bit for each of them, the lowest for the first
   */
  mask(pattern: number, from: number, to: number): number {
    let mask = (-1 >>> (AT_ONCE - (to - from))) | 0
    let some = 0
    let isAny = false
    for (const { pass, include, any, exclude } of this.#wanted[pattern] as readonly Wanted[]) {
      const found = this.#found[pass] as Int32Array
      for (let index = from; index < to; index++) {
        const has = found[index] as number
        if ((has & include) !== include || (has & exclude) !== 0) mask &= ~(1 << (index - from))
        if ((has & any) !== 0) some |= 1 << (index - from)
      }
      isAny ||= any !== 0
    }
    return isAny ? mask & some : mask
  }

  /** False when no message can pass a pattern, since a text that it asks for is in none. */
  isPossible(pattern: number): boolean {
    let any = 0
    let anyFound = 0
    for (const wanted of this.#wanted[pattern] as readonly Wanted[]) {
      const has = this.#somewhere[wanted.pass] as number
      if ((has & wanted.include) !== wanted.include) return false
      any |= wanted.any
      anyFound |= has & wanted.any
    }
    return any === 0 || anyFound !== 0
  }
}

function unionOf(found: Int32Array): number {
  let union = 0
  for (const each of found) union |= each
  return union
}

/** How many bits of a mask are set. */
export function bitsIn(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** The place of the lowest bit that is set. */
export const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask)

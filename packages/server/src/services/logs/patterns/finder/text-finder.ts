import { type InstructionMemory, instructions } from '@sluice/wire'
import { FIND_WASM } from '#services/logs/patterns/finder/find.wasm.ts'
import { MAX_TEXT_BYTES, type Plan, TEXTS_A_PASS, planOf } from '#services/logs/patterns/finder/plan.ts'
import type { LogEvents, MessageRoom } from '#stores/journals/log-journal.ts'

export type Messages = Pick<LogEvents, 'length' | 'message' | 'copyMessages'>

interface Exports {
  readonly memory: InstructionMemory
  readonly find: (count: number, buckets: number) => void
}

const ROOM_MESSAGES = 4_096
const ROOM_BYTES = 0x40000
/** Messages that are asked which texts are common. */
const SAMPLE = 16

const { memory, find } = instructions<Exports>(FIND_WASM)
const planned = new Uint8Array(memory.buffer)
const room: MessageRoom = {
  starts: new Uint32Array(memory.buffer, 0x30000, ROOM_MESSAGES),
  ends: new Uint32Array(memory.buffer, 0x34000, ROOM_MESSAGES),
  bytes: Buffer.from(memory.buffer, 0x40000, ROOM_BYTES),
}
const results = new Int32Array(memory.buffer, 0x38000, ROOM_MESSAGES)

/** Looks for texts in many messages, for all of the texts at once. */
export class TextFinder {
  readonly #texts: readonly string[]
  readonly #passes: readonly Pass[]
  /** Numbers of texts that UTF-8 cannot say, or that are too long for a pass. */
  readonly #odd: readonly number[]

  constructor(texts: readonly string[]) {
    this.#texts = texts
    const isOdd = (text: string): boolean => !text.isWellFormed() || Buffer.byteLength(text) > MAX_TEXT_BYTES
    this.#odd = [...texts.keys()].filter((number) => isOdd(texts[number] as string))
    this.#passes = Array.from({ length: Math.ceil(texts.length / TEXTS_A_PASS) }, (_, pass) => {
      const own = texts.slice(pass * TEXTS_A_PASS, (pass + 1) * TEXTS_A_PASS)
      return new Pass(own.map((text) => Buffer.from(isOdd(text) ? '' : text)))
    })
  }

  /**
   * Tells which texts each message contains.
   * @returns for each 32 texts a number a message, of which the lowest bit stands for the first text
   */
  find(messages: Messages): readonly Int32Array[] {
    const found = this.#passes.map(() => new Int32Array(messages.length))
    if (found.length === 0) return found
    for (let from = 0; from < messages.length;) {
      const count = messages.copyMessages(from, room)
      for (const [pass, each] of this.#passes.entries()) found[pass]?.set(each.find(count), from)
      if (count === 0) this.#ask(this.#texts.keys(), messages, from, found)
      from += Math.max(count, 1)
    }
    if (this.#odd.length > 0)
      for (let index = 0; index < messages.length; index++) this.#ask(this.#odd, messages, index, found)
    return found
  }

  /** Asks a message for texts one by one. */
  #ask(numbers: Iterable<number>, messages: Messages, index: number, found: readonly Int32Array[]): void {
    const message = messages.message(index)
    for (const number of numbers) {
      const ofPass = found[Math.floor(number / TEXTS_A_PASS)] as Int32Array
      const bit = 1 << (number % TEXTS_A_PASS)
      const others = (ofPass[index] as number) & ~bit
      ofPass[index] = message.includes(this.#texts[number] as string) ? others | bit : others
    }
  }
}

/** Up to 32 texts. What is common changes with what groups log, so it is learned from what was found last. */
class Pass {
  readonly #texts: readonly Uint8Array[]
  #common = 0
  #plan: Plan

  constructor(texts: readonly Uint8Array[]) {
    this.#texts = texts
    this.#plan = planOf(texts, 0)
  }

  /** @returns one number for each message in the room, until the next search */
  find(count: number): Int32Array {
    planned.set(this.#plan.memory)
    find(count, this.#plan.buckets)
    const found = results.subarray(0, count)
    if (count >= SAMPLE) this.#learn(found)
    return found
  }

  #learn(found: Int32Array): void {
    const step = Math.floor(found.length / SAMPLE)
    let common = 0
    for (let number = 0; number < this.#texts.length; number++) {
      let times = 0
      for (let sample = 0; sample < SAMPLE; sample++) times += ((found[sample * step] as number) >>> number) & 1
      if (2 * times > SAMPLE) common |= 1 << number
    }
    if (common === this.#common) return
    this.#common = common
    this.#plan = planOf(this.#texts, common)
  }
}

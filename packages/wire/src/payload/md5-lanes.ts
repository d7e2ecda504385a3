import { type InstructionMemory, instructions } from '../instructions.ts'
import { LANES_WASM } from './lanes.wasm.ts'

interface Exports {
  readonly memory: InstructionMemory
  readonly take: (length: number) => void
}

const LANES = 4
const BLOCK_BYTES = 64
/** Bytes of each text that are taken at once. */
const WINDOW_BYTES = 65_536
/** Where a text's length stands in its last block. */
const LENGTH_AT = 56
const WORDS = 4
const STEPS = 64
/** Where in the memory of the instructions they look up what a step adds and which word it takes. */
const [STEPS_AT, WORDS_AT] = [512, 64]

/** Which of the sixteen words of a block each round of sixteen steps takes. @source RFC 1321, section 3.4 */
const WORD_OF: readonly ((step: number) => number)[] = [
  (step) => step % 16,
  (step) => (5 * step + 1) % 16,
  (step) => (3 * step + 5) % 16,
  (step) => (7 * step) % 16,
]

/**
 * MD5s of any number of texts, four at a time: that takes as long as one does, which is a third longer than OpenSSL takes
 * for one. So a text waits for others, until it ends or much of it waits. The instructions stand in lanes.wat.
 */
export class Md5Lanes {
  readonly #take: Exports['take']
  readonly #words: Int32Array
  readonly #windows: readonly Uint8Array[]
  readonly #line: Line

  /** @param patience so many bytes of a text do not wait for others; at least 64 KiB */
  constructor(patience: number) {
    this.#line = { ready: new Set(), due: new Set(), patience }
    const { memory, take } = instructions<Exports>(LANES_WASM)
    this.#take = take
    this.#words = new Int32Array(memory.buffer, 0, WORDS * LANES)
    this.#windows = [1, 2, 3, 4].map((nth) => new Uint8Array(memory.buffer, nth * WINDOW_BYTES, WINDOW_BYTES))
    const steps = new Int32Array(memory.buffer, STEPS_AT, 2 * STEPS)
    for (let step = 0; step < STEPS; step += 1) {
      const word = WORD_OF[Math.floor(step / 16)]?.(step) ?? 0
      steps.set([Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32), WORDS_AT + word * 16], 2 * step)
    }
  }

  /** @param spent is called for each piece of the text once it is needed no more */
  begin(spent: (piece: Uint8Array) => void): LaneText {
    return new LaneText(this.#line, spent)
  }

  /** Takes up to 64 KiB of each of up to four texts. @returns whether there is more that cannot wait */
  step(): boolean {
    const { ready, due } = this.#line
    if (due.size === 0 && ready.size < LANES) return false
    const texts = [...due, ...ready].slice(0, LANES)
    const waiting = Math.min(WINDOW_BYTES, ...texts.map((text) => text.waiting))
    const bytes = waiting - (waiting % BLOCK_BYTES)
    for (const [lane, text] of texts.entries()) {
      text.read((this.#windows[lane] as Uint8Array).subarray(0, bytes))
      for (let word = 0; word < WORDS; word += 1) this.#words[word * LANES + lane] = text.state[word] as number
    }
    this.#take(bytes)
    for (const [lane, text] of texts.entries()) {
      for (let word = 0; word < WORDS; word += 1) text.state[word] = this.#words[word * LANES + lane] as number
      text.taken()
    }
    return due.size > 0 || ready.size >= LANES
  }
}

/** Texts that can be taken further, by turns: those that can wait, and those that cannot. */
interface Line {
  readonly ready: Set<LaneText>
  readonly due: Set<LaneText>
  readonly patience: number
}

/** A text that comes piece by piece. */
export class LaneText {
  readonly state: Int32Array = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  /** Bytes that are not taken yet. */
  waiting = 0
  readonly #line: Line
  readonly #spent: (piece: Uint8Array) => void
  readonly #pieces: Uint8Array[] = []
  /** Bytes of the first piece that are taken. */
  #at = 0
  #length = 0
  #padding: Uint8Array | undefined
  #ended: ((digest: Buffer) => void) | undefined

  constructor(line: Line, spent: (piece: Uint8Array) => void) {
    this.#line = line
    this.#spent = spent
  }

  /** Bytes that follow; they must stay as they are until they are spent. */
  push(piece: Uint8Array): void {
    this.#length += piece.length
    this.#wait(piece)
  }

  /** There is no more of it. @param ended gets the digest */
  end(ended: (digest: Buffer) => void): void {
    const padding = BLOCK_BYTES - ((this.#length + BLOCK_BYTES - LENGTH_AT) % BLOCK_BYTES)
    const last = Buffer.alloc(padding + BLOCK_BYTES - LENGTH_AT)
    last[0] = 0x80
    last.writeBigUInt64LE(BigInt(this.#length) * 8n, padding)
    this.#padding = last
    this.#ended = ended
    this.#wait(last)
  }

  /** Nobody will ask for its digest. */
  drop(): void {
    this.#line.ready.delete(this)
    this.#line.due.delete(this)
  }

  /** Fills `into` with what comes next, which is to be no more than what waits. */
  read(into: Uint8Array): void {
    this.waiting -= into.length
    for (let filled = 0; filled < into.length;) {
      const piece = this.#pieces[0] as Uint8Array
      const part = piece.subarray(this.#at, this.#at + into.length - filled)
      into.set(part, filled)
      filled += part.length
      this.#at += part.length
      if (this.#at < piece.length) continue
      this.#at = 0
      this.#pieces.shift()
      if (piece !== this.#padding) this.#spent(piece)
    }
  }

  /** To be called when what was read is in its state. */
  taken(): void {
    if (this.waiting === 0) this.#ended?.(Buffer.from(Uint8Array.from(new Uint8Array(this.state.buffer))))
    // Its next turn is after that of the others.
    this.drop()
    this.#lineUp()
  }

  #wait(piece: Uint8Array): void {
    this.waiting += piece.length
    if (piece.length > 0) this.#pieces.push(piece)
    else this.#spent(piece)
    this.#lineUp()
  }

  #lineUp(): void {
    const { ready, due, patience } = this.#line
    if (this.waiting >= patience || (this.#ended !== undefined && this.waiting > 0)) {
      ready.delete(this)
      due.add(this)
    } else if (this.waiting >= WINDOW_BYTES) ready.add(this)
  }
}

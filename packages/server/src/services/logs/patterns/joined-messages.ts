import type { LogEvents } from '#stores/journals/log-journal.ts'

/** A short text is searched for by its first sign, with the processor's own instructions. */
const NEEDLE_CHARS = 6
/** Signs that are counted to learn which ones are rare. */
const SAMPLE = 1_024
const CODES = 256

/** How a text is searched for: by a part of it that begins with a rare sign. */
export interface Needle {
  readonly text: string
  readonly part: string
  /** Where the part is in the text. */
  readonly offset: number
}

export type Messages = Pick<LogEvents, 'length' | 'message' | 'place' | 'messageBytes' | 'joined'>

/** Messages as one text with line ends between them, so that one search passes over all that do not contain something. */
export class JoinedMessages {
  readonly #text: string
  readonly #count: number
  /** Where each message begins, and where one more would. */
  readonly #starts: Int32Array
  #counts: Uint16Array | undefined

  constructor(messages: Messages) {
    const { length } = messages
    const joined = messages.joined()
    const texts = joined === undefined ? Array.from({ length }, (_, index) => messages.message(index)) : []
    this.#text = joined ?? texts.join('\n')
    this.#count = length
    this.#starts = new Int32Array(length + 1)
    let start = 0
    for (let index = 0; index < length; index++) {
      start += (joined === undefined ? (texts[index] as string).length : messages.messageBytes(index)) + 1
      this.#starts[index + 1] = start
    }
  }

  /** How these messages are best searched for a text. */
  needle(text: string): Needle {
    const counts = (this.#counts ??= countsOf(this.#text))
    let offset = 0
    let fewest = Infinity
    for (let at = 0; at < text.length; at += 1) {
      const count = counts[text.charCodeAt(at) % CODES] ?? 0
      if (count < fewest) [offset, fewest] = [at, count]
    }
    return { text, part: text.slice(offset, offset + NEEDLE_CHARS), offset }
  }

  /** The first message from `from` on that contains the text; `Infinity`: there is none. */
  find({ text, part, offset }: Needle, from: number): number {
    if (from >= this.#count) return Infinity
    const starts = this.#starts
    let index = from
    let at = (starts[from] as number) - 1
    for (;;) {
      const found = this.#text.indexOf(part, at + 1 + offset)
      if (found === -1) return Infinity
      at = found - offset
      while ((starts[index + 1] as number) <= at) index += 1
      // What reaches beyond its message is in none.
      if (at + text.length < (starts[index + 1] as number) && this.#text.startsWith(text, at)) return index
    }
  }
}

/** How often signs come, by the low byte of their code, as far as a sample tells. */
function countsOf(text: string): Uint16Array {
  const counts = new Uint16Array(CODES)
  const step = Math.max(1, Math.floor(text.length / SAMPLE))
  for (let at = 0; at < text.length; at += step) {
    const code = text.charCodeAt(at) % CODES
    counts[code] = (counts[code] ?? 0) + 1
  }
  return counts
}

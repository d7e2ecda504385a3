import type { MessageBytes } from '#stores/journals/log-journal.ts'

/** The signs of a message, which may be bytes of UTF-8 or parts of a text: those that tell fields apart are the same in both. */
export interface Signs {
  /** Where the message begins and ends. */
  readonly start: number
  readonly end: number
  at(place: number): number
  /** Where a sign of ASCII comes first from a place on. The end: it does not. */
  find(sign: number, from: number): number
  text(from: number, to: number): string
}

export class ByteSigns implements Signs {
  readonly start: number
  readonly end: number
  readonly #bytes: Buffer

  constructor({ bytes, start, end }: MessageBytes) {
    this.#bytes = bytes
    this.start = start
    this.end = end
  }

  at(place: number): number {
    return this.#bytes[place] as number
  }

  find(sign: number, from: number): number {
    let at = from
    while (at < this.end && this.#bytes[at] !== sign) at += 1
    return at
  }

  text(from: number, to: number): string {
    return this.#bytes.toString('utf8', from, to)
  }
}

export class TextSigns implements Signs {
  readonly start = 0
  readonly end: number
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    this.end = text.length
  }

  at(place: number): number {
    return this.#text.charCodeAt(place)
  }

  find(sign: number, from: number): number {
    const found = this.#text.indexOf(String.fromCharCode(sign), from)
    return found === -1 ? this.end : found
  }

  text(from: number, to: number): string {
    return this.#text.slice(from, to)
  }
}

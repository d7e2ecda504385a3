const BLANKS = /\s*/y

/** Reads a text from left to right. */
export class Scanner {
  readonly text: string
  at: number

  constructor(text: string, at = 0) {
    this.text = text
    this.at = at
  }

  get ended(): boolean {
    return this.at >= this.text.length
  }

  blanks(): this {
    this.match(BLANKS)
    return this
  }

  /** Whether the text goes on with `signs`; then they are read. */
  take(signs: string): boolean {
    if (!this.text.startsWith(signs, this.at)) return false
    this.at += signs.length
    return true
  }

  /** What a sticky expression finds here; then it is read. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text) ?? undefined
    if (found !== undefined) this.at = sticky.lastIndex
    return found
  }
}

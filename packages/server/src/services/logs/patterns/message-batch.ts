import { JoinedMessages, type Messages, type Needle } from '#services/logs/patterns/joined-messages.ts'
import { MessageView } from '#services/logs/patterns/message-view.ts'
import type { LogQuery } from '#stores/journals/log-journal.ts'

type Literals = NonNullable<LogQuery['containing']>

/** How many messages are looked at together: a bit of a mask stands for each of them, the lowest for the first. */
const AT_ONCE = 32

/** Messages in a row, from one index up to, not including, another. */
interface Window {
  readonly from: number
  readonly to: number
}

/**
 * Messages that several patterns look at, 32 at a time. Which of them contain a text is found once for all patterns, by a
 * search of all messages as one: a text that is rare or absent costs next to nothing.
 */
export class MessageBatch {
  readonly #messages: Messages
  readonly #joined: JoinedMessages
  readonly #words = new Map<string, Word>()
  #window: Window
  #views: MessageView[] = []

  constructor(messages: Messages) {
    this.#messages = messages
    this.#joined = new JoinedMessages(messages)
    this.#window = this.#windowAt(0)
  }

  /** The messages that are looked at now. None: all have been. */
  get window(): Window {
    return this.#window
  }

  /** Goes on to the next messages. */
  advance(): void {
    this.#window = this.#windowAt(this.#window.to)
    this.#views = []
  }

  /** A message of the window, taken apart no more than once for all patterns. */
  view(index: number): MessageView {
    return (this.#views[index - this.#window.from] ??= new MessageView(
      this.#messages.place(index) ?? this.#messages.message(index),
    ))
  }

  /** Asks which messages have every text to include, one of `any` when there are some, and none to exclude. */
  having({ include, any, exclude }: Literals = ALL): Having {
    const words = (texts: readonly string[]): readonly Word[] => texts.map((text) => this.#word(text))
    return new Having(this, words(include), words(any), words(exclude))
  }

  #windowAt(from: number): Window {
    return { from, to: Math.min(from + AT_ONCE, this.#messages.length) }
  }

  #word(text: string): Word {
    const known = this.#words.get(text)
    if (known !== undefined) return known
    const word = new Word(this.#joined, text)
    this.#words.set(text, word)
    return word
  }
}

const ALL: Literals = { include: [], any: [], exclude: [] }

/** Tells which messages of a batch's window have what is wanted. */
export class Having {
  readonly #batch: MessageBatch
  readonly #include: readonly Word[]
  readonly #any: readonly Word[]
  readonly #exclude: readonly Word[]

  constructor(batch: MessageBatch, include: readonly Word[], any: readonly Word[], exclude: readonly Word[]) {
    this.#batch = batch
    this.#include = include
    this.#any = any
    this.#exclude = exclude
  }

  /** False when no message of the whole batch can have it. */
  get isPossible(): boolean {
    return this.#include.every(isThere) && (this.#any.length === 0 || this.#any.some(isThere))
  }

  /** A bit for each message of the window; bits behind its end are zero. */
  mask(): number {
    const { window } = this.#batch
    let mask = -1 >>> (AT_ONCE - (window.to - window.from))
    for (const word of this.#include) {
      mask &= word.mask(window)
      if (mask === 0) return 0
    }
    if (this.#any.length > 0) {
      let some = 0
      for (const word of this.#any) some |= word.mask(window)
      mask &= some
    }
    for (const word of this.#exclude) if (mask !== 0) mask &= ~word.mask(window)
    return mask
  }
}

const isThere = (word: Word): boolean => word.isThere

/** How many bits of a mask are set. */
export function bitsIn(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count += 1
  return count
}

/** The place of the lowest bit that is set. */
export const lowestBit = (mask: number): number => 31 - Math.clz32(mask & -mask)

/** Where a text occurs; windows are asked for in their order. */
class Word {
  readonly #joined: JoinedMessages
  readonly #needle: Needle
  /** The next message that contains it. */
  #next: number
  #maskFrom = -1
  #mask = 0

  constructor(joined: JoinedMessages, text: string) {
    this.#joined = joined
    this.#needle = joined.needle(text)
    this.#next = joined.find(this.#needle, 0)
    this.isThere = this.#next !== Infinity
  }

  /** Whether a message of the batch contains it. */
  readonly isThere: boolean

  mask({ from, to }: Window): number {
    if (this.#maskFrom === from) return this.#mask
    this.#maskFrom = from
    this.#mask = 0
    if (this.#next < from) this.#next = this.#joined.find(this.#needle, from)
    while (this.#next < to) {
      this.#mask |= 1 << (this.#next - from)
      this.#next = this.#joined.find(this.#needle, this.#next + 1)
    }
    return this.#mask
  }
}

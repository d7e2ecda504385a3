import { ByteSigns, type Signs, TextSigns } from '#services/logs/patterns/delimited/signs.ts'
import { Fields } from '#services/logs/patterns/delimited/split.ts'
import type { MessageBytes } from '#stores/journals/log-journal.ts'

export type JsonObject = Readonly<Record<string, unknown>>

const STARTS_OBJECT = /^[ \t\r\n]*\{/

/** A message as patterns look at it. What takes work is done at the first question and then kept, for all patterns. */
export class MessageView {
  readonly #message: string | MessageBytes
  #text: string | undefined
  #object: { readonly value: JsonObject | undefined } | undefined
  #fields: Fields | undefined

  constructor(message: string | MessageBytes) {
    this.#message = message
  }

  get text(): string {
    return (this.#text ??= textOf(this.#message))
  }

  /** The message as a JSON object. `undefined`: it is none. */
  get object(): JsonObject | undefined {
    this.#object ??= { value: objectOf(this.text) }
    return this.#object.value
  }

  /** The message as fields between blanks. */
  get fields(): Fields {
    return (this.#fields ??= new Fields(signsOf(this.#message)))
  }
}

const textOf = (message: string | MessageBytes): string =>
  typeof message === 'string' ? message : message.bytes.toString('utf8', message.start, message.end)

const signsOf = (message: string | MessageBytes): Signs =>
  typeof message === 'string' ? new TextSigns(message) : new ByteSigns(message)

function objectOf(text: string): JsonObject | undefined {
  if (!STARTS_OBJECT.test(text)) return undefined
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}

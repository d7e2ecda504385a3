import { Fields } from '#services/logs/patterns/delimited/split.ts'

export type JsonObject = Readonly<Record<string, unknown>>

const STARTS_OBJECT = /^[ \t\r\n]*\{/

/** A message as patterns look at it. What takes work is done at the first question and then kept, for all patterns. */
export class MessageView {
  readonly text: string
  #object: { readonly value: JsonObject | undefined } | undefined
  #fields: Fields | undefined

  constructor(text: string) {
    this.text = text
  }

  /** The message as a JSON object. `undefined`: it is none. */
  get object(): JsonObject | undefined {
    this.#object ??= { value: objectOf(this.text) }
    return this.#object.value
  }

  /** The message as fields between blanks. */
  get fields(): Fields {
    this.#fields ??= new Fields(this.text)
    return this.#fields
  }
}

function objectOf(text: string): JsonObject | undefined {
  if (!STARTS_OBJECT.test(text)) return undefined
  try {
    return JSON.parse(text) as JsonObject
  } catch {
    return undefined
  }
}

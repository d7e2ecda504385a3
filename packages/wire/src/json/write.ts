import { type Model, type SimpleShape, type StructureShape, type TimestampFormat, shapeOf } from '../model/model.ts'
import { wireName } from '../reading/names.ts'
import { isoTimestamp } from '../reading/values.ts'

/** Turns a model value into what `JSON.stringify` is given: members by wire name, and none the model does not know. */
export type JsonWrite = (value: unknown) => unknown

/** Writers of one JSON model, compiled shape by shape on first use. */
export class JsonWriters {
  readonly #model: Model
  readonly #made = new Map<string, JsonWrite>()

  constructor(model: Model) {
    this.#model = model
  }

  /** The writer of a shape; `format` is the member's own timestamp format, if it has one. */
  writer(name: string, format?: TimestampFormat): JsonWrite {
    const key = format === undefined ? name : `${name} ${format}`
    const known = this.#made.get(key)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it then finds this door, which opens on first use.
    this.#made.set(key, (value) => this.writer(name, format)(value))
    const made = this.#compile(name, format)
    this.#made.set(key, made)
    return made
  }

  #compile(name: string, format: TimestampFormat | undefined): JsonWrite {
    const shape = shapeOf(this.#model, name)
    switch (shape.type) {
      case 'structure':
        return this.#structure(name, shape)
      case 'list': {
        const write = this.writer(shape.member.shape)
        return (value) => (value as readonly unknown[]).map(write)
      }
      case 'map': {
        const write = this.writer(shape.value.shape)
        // Object.fromEntries defines its keys, so that even __proto__ is only a key.
        return (value) => Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, write(item)]))
      }
      default:
        return simpleWriter(shape, format ?? shape.timestampFormat ?? 'unixTimestamp')
    }
  }

  #structure(name: string, shape: StructureShape): JsonWrite {
    if (shape.eventstream === true)
      throw new Error(`${this.#model.service} ${name} is an event stream, which is not written as one answer`)
    const fields = Object.entries(shape.members).map(([key, member]) => ({
      name: key,
      wire: wireName(this.#model.protocol, key, member),
      write: this.writer(member.shape, member.timestampFormat),
    }))
    return (value) => {
      const written: Record<string, unknown> = {}
      for (const { name: key, wire, write } of fields) {
        const item = (value as Record<string, unknown>)[key]
        if (item !== undefined && item !== null) written[wire] = write(item)
      }
      return written
    }
  }
}

function simpleWriter(shape: SimpleShape, format: TimestampFormat): JsonWrite {
  switch (shape.type) {
    case 'timestamp':
      return format === 'unixTimestamp'
        ? (value) => (value as number) / 1_000
        : (value) => isoTimestamp(value as number)
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64')
    case 'float':
    case 'double':
      return (value) => (Number.isFinite(value) ? value : String(value))
    case 'string':
    case 'boolean':
    case 'integer':
    case 'long':
      return (value) => value
  }
}

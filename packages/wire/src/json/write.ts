import { type Model, type SimpleShape, type StructureShape, type TimestampFormat, shapeOf } from '../model/model.ts'
import { wireName } from '../reading/names.ts'
import { isoTimestamp, rfc822Timestamp } from '../reading/values.ts'
import type { Protocol } from '../request.ts'

/** Turns a model value into a tree that the format's encoder is given: members by wire name, and none the model does not know. */
export type TreeWrite = (value: unknown) => unknown
export type SimpleWriter = (shape: SimpleShape, format: TimestampFormat) => TreeWrite

/** Writers of one model for trees of one format, compiled shape by shape on first use. */
export class TreeWriters {
  readonly #model: Model
  readonly #protocol: Protocol
  readonly #simple: SimpleWriter
  readonly #made = new Map<string, TreeWrite>()

  constructor(model: Model, protocol: Protocol, simple: SimpleWriter = simpleWriter) {
    this.#model = model
    this.#protocol = protocol
    this.#simple = simple
  }

  /** The writer of a shape; `format` is the member's own timestamp format, if it has one. */
  writer(name: string, format?: TimestampFormat): TreeWrite {
    const key = format === undefined ? name : `${name} ${format}`
    const known = this.#made.get(key)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it then finds this door, which opens on first use.
    this.#made.set(key, (value) => this.writer(name, format)(value))
    const made = this.#compile(name, format)
    this.#made.set(key, made)
    return made
  }

  #compile(name: string, format: TimestampFormat | undefined): TreeWrite {
    const shape = shapeOf(this.#model, name)
    switch (shape.type) {
      case 'structure':
        return shape.document === true ? (value) => value : this.structure(shape)
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
        return this.#simple(shape, format ?? shape.timestampFormat ?? 'unixTimestamp')
    }
  }

  /** The writer of a structure; `only` limits it to members that the body carries. */
  structure(shape: StructureShape, only: (name: string) => boolean = () => true): TreeWrite {
    const fields = Object.entries(shape.members)
      .filter(([key]) => only(key))
      .map(([key, member]) => ({
        name: key,
        wire: wireName(this.#protocol, key, member),
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

function simpleWriter(shape: SimpleShape, format: TimestampFormat): TreeWrite {
  switch (shape.type) {
    case 'timestamp':
      if (format === 'unixTimestamp') return (value) => (value as number) / 1_000
      return format === 'rfc822'
        ? (value) => rfc822Timestamp(value as number)
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

import {
  type ListShape,
  type MapShape,
  type Member,
  type Model,
  type SimpleShape,
  type StructureShape,
  type TimestampFormat,
  shapeOf,
} from '../model/model.ts'
import { wireName } from '../reading/names.ts'
import { isoTimestamp, rfc822Timestamp } from '../reading/values.ts'
import type { Protocol } from '../request.ts'
import { element, escapeXml } from './escape.ts'

/** Writes a model value as the element, or elements, named `tag`. */
export type XmlWrite = (tag: string, value: unknown) => string
/** Writes the members of a structure, without an element around them. */
export type ContentWrite = (value: unknown) => string

/** Writers of one model for XML, compiled shape by shape on first use. */
export class XmlWriters {
  readonly #model: Model
  readonly #protocol: Protocol
  readonly #made = new Map<string, XmlWrite>()

  constructor(model: Model, protocol: Protocol) {
    this.#model = model
    this.#protocol = protocol
  }

  /** The writer of a member, by its shape and what the member itself adds to that. */
  member({ shape, flattened, timestampFormat }: Member): XmlWrite {
    const key = `${shape} ${String(flattened)} ${String(timestampFormat)}`
    const known = this.#made.get(key)
    if (known !== undefined) return known
    const made = this.#compile(shape, flattened, timestampFormat)
    this.#made.set(key, made)
    return made
  }

  /** What stands inside the element of a structure; `only` limits it to members that the body carries. */
  content(shape: StructureShape, only: (name: string) => boolean = () => true): ContentWrite {
    const fields = this.#fields(shape, (name, { xmlAttribute }) => xmlAttribute !== true && only(name))
    return (value) => {
      let text = ''
      for (const { name, tag, write } of fields) {
        const item = (value as Record<string, unknown>)[name]
        if (item !== undefined && item !== null) text += write(tag, item)
      }
      return text
    }
  }

  #compile(name: string, flattened: boolean | undefined, format: TimestampFormat | undefined): XmlWrite {
    const shape = shapeOf(this.#model, name)
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return this.#list(shape, flattened ?? shape.flattened)
      case 'map':
        return this.#map(shape, flattened ?? shape.flattened)
      default: {
        const write = simpleXmlWriter(shape, format ?? shape.timestampFormat ?? 'iso8601')
        return (tag, value) => element(tag, escapeXml(write(value)))
      }
    }
  }

  #structure(shape: StructureShape): XmlWrite {
    const content = this.content(shape)
    const attributes = this.#attributes(shape)
    if (attributes === undefined) return (tag, value) => element(tag, content(value))
    return (tag, value) => element(tag, content(value), attributes(value))
  }

  #attributes(shape: StructureShape): ContentWrite | undefined {
    const fields = Object.entries(shape.members).filter(([, { xmlAttribute }]) => xmlAttribute === true)
    if (fields.length === 0) return undefined
    const { prefix = '', uri = '' } = shape.xmlNamespace ?? {}
    const declared = uri === '' ? '' : ` xmlns:${prefix}="${escapeXml(uri)}"`
    return (value) => {
      let text = declared
      for (const [name, { locationName = name }] of fields) {
        const item = (value as Record<string, unknown>)[name]
        if (typeof item === 'string') text += ` ${locationName}="${escapeXml(item)}"`
      }
      return text
    }
  }

  #fields(shape: StructureShape, wanted: (name: string, member: Member) => boolean): readonly Field[] {
    return Object.entries(shape.members)
      .filter(([name, member]) => wanted(name, member))
      .map(([name, member]) => {
        // A recursive shape meets itself here: its own writer is looked up when there is something to write.
        let made: XmlWrite | undefined
        return {
          name,
          tag: wireName(this.#protocol, name, member),
          write: (tag: string, value: unknown) => (made ??= this.member(member))(tag, value),
        }
      })
  }

  #list(shape: ListShape, flattened: boolean | undefined): XmlWrite {
    const write = lazily(() => this.member(shape.member))
    if (flattened === true)
      return (tag, value) => (value as readonly unknown[]).map((item) => write(tag, item)).join('')
    const itemTag = shape.member.locationName ?? (this.#protocol === 'ec2-query' ? 'item' : 'member')
    return (tag, value) => element(tag, (value as readonly unknown[]).map((item) => write(itemTag, item)).join(''))
  }

  #map(shape: MapShape, flattened: boolean | undefined): XmlWrite {
    const [keyTag, valueTag] = [shape.key.locationName ?? 'key', shape.value.locationName ?? 'value']
    const write = lazily(() => this.member(shape.value))
    const entries = (tag: string, value: unknown): string =>
      Object.entries(value as object)
        .map(([key, item]) => element(tag, element(keyTag, escapeXml(key)) + write(valueTag, item)))
        .join('')
    return flattened === true ? entries : (tag, value) => element(tag, entries('entry', value))
  }
}

interface Field {
  readonly name: string
  readonly tag: string
  readonly write: XmlWrite
}

function lazily(make: () => XmlWrite): XmlWrite {
  let made: XmlWrite | undefined
  return (tag, value) => (made ??= make())(tag, value)
}

/** A simple value as text, as XML and HTTP headers carry it; not escaped. */
export function simpleXmlWriter(shape: SimpleShape, format: TimestampFormat): (value: unknown) => string {
  switch (shape.type) {
    case 'timestamp':
      if (format === 'unixTimestamp') return (value) => String((value as number) / 1_000)
      return format === 'rfc822'
        ? (value) => rfc822Timestamp(value as number)
        : (value) => isoTimestamp(value as number)
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64')
    case 'string':
    case 'boolean':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return String
  }
}

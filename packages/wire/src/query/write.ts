import { type Model, type SimpleShape, type StructureShape, shapeOf } from '../model/model.ts'
import { wireName } from '../reading/names.ts'
import { isoTimestamp } from '../reading/values.ts'
import { element, escapeXml } from './xml.ts'

/** Writes a model value as the content of its element. */
export type XmlWrite = (value: unknown) => string

/** Writers of one Query model, compiled shape by shape on first use. */
export class XmlWriters {
  readonly #model: Model
  readonly #made = new Map<string, XmlWrite>()

  constructor(model: Model) {
    this.#model = model
  }

  writer(name: string): XmlWrite {
    const known = this.#made.get(name)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it then finds this door, which opens on first use.
    this.#made.set(name, (value) => this.writer(name)(value))
    const made = this.#compile(name)
    this.#made.set(name, made)
    return made
  }

  #compile(name: string): XmlWrite {
    const shape = shapeOf(this.#model, name)
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape)
      case 'list': {
        const tag = shape.member.locationName ?? 'member'
        const write = this.writer(shape.member.shape)
        return (value) => (value as readonly unknown[]).map((item) => element(tag, write(item))).join('')
      }
      case 'map': {
        const [keyTag, valueTag] = [shape.key.locationName ?? 'key', shape.value.locationName ?? 'value']
        const write = this.writer(shape.value.shape)
        return (value) =>
          Object.entries(value as object)
            .map(([key, item]) => element('entry', element(keyTag, escapeXml(key)) + element(valueTag, write(item))))
            .join('')
      }
      default:
        return simpleWriter(shape)
    }
  }

  #structure(shape: StructureShape): XmlWrite {
    const fields = Object.entries(shape.members).map(([name, member]) => ({
      name,
      tag: wireName(this.#model.protocol, name, member),
      write: this.writer(member.shape),
    }))
    return (value) => {
      let text = ''
      for (const { name, tag, write } of fields) {
        const item = (value as Record<string, unknown>)[name]
        if (item !== undefined && item !== null) text += element(tag, write(item))
      }
      return text
    }
  }
}

function simpleWriter(shape: SimpleShape): XmlWrite {
  switch (shape.type) {
    case 'string':
      return (value) => escapeXml(String(value))
    case 'timestamp':
      return (value) => isoTimestamp(value as number)
    case 'blob':
      return (value) => Buffer.from(value as Uint8Array).toString('base64')
    case 'boolean':
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return (value) => String(value)
  }
}

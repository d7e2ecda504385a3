import type { Family } from '../families.ts'
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
import { constraintsOf } from '../reading/constraints.ts'
import type { Cursor } from '../reading/cursor.ts'
import { recordName, wireName } from '../reading/names.ts'
import { textReader } from '../reading/text.ts'
import type { Protocol } from '../request.ts'
import type { XmlElement } from './parse.ts'

/** Turns the elements of one name into a model value: several of them for a flattened list, else exactly one. */
export type XmlRead = (elements: readonly XmlElement[], cursor: Cursor, depth: number) => unknown

const NOT_NULL = 'Member must not be null'

/** Readers of one model for XML, compiled shape by shape on first use. */
export class XmlReaders {
  readonly #model: Model
  readonly #family: Family
  readonly #protocol: Protocol
  readonly #made = new Map<string, XmlRead>()

  constructor(model: Model, family: Family, protocol: Protocol) {
    this.#model = model
    this.#family = family
    this.#protocol = protocol
  }

  member({ shape, flattened, timestampFormat }: Member): XmlRead {
    const key = `${shape} ${String(flattened)} ${String(timestampFormat)}`
    const known = this.#made.get(key)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it then finds this door, which opens on first use.
    this.#made.set(key, (elements, cursor, depth) => (this.#made.get(key) as XmlRead)(elements, cursor, depth))
    const made = this.#compile(shape, flattened, timestampFormat)
    this.#made.set(key, made)
    return made
  }

  /** The reader of a structure's element; `only` limits it to members that the body carries. */
  structure(shape: StructureShape, only: (name: string) => boolean = () => true): XmlRead {
    const fields = this.#fields(shape, only)
    return single((element, cursor, depth) => {
      if (element.text !== '') cursor.malformed(depth, 'Unexpected text: a structure is expected')
      cursor.descend(depth)
      const byName = grouped(element)
      const value: Record<string, unknown> = {}
      for (const { name, wire, segment, required, attribute, read } of fields) {
        cursor.path[depth] = segment
        const found = attribute ? attributeAsElement(element, wire) : byName.get(wire)
        if (found !== undefined) value[name] = read(found, cursor, depth + 1)
        else if (required) cursor.reject(depth + 1, NOT_NULL, null)
      }
      if (shape.union === true && Object.keys(value).length !== 1)
        cursor.malformed(depth, 'Exactly one member of a union must be set')
      return value
    })
  }

  #compile(name: string, flattened: boolean | undefined, format: TimestampFormat | undefined): XmlRead {
    const shape = shapeOf(this.#model, name)
    switch (shape.type) {
      case 'structure':
        return this.structure(shape)
      case 'list':
        return this.#list(shape, flattened ?? shape.flattened ?? false)
      case 'map':
        return this.#map(shape, flattened ?? shape.flattened ?? false)
      default: {
        const { check } = constraintsOf(shape, this.#family)
        const read = simpleReader(shape, format)
        return (elements, cursor, depth) => {
          const value = read(elements, cursor, depth)
          check(value, cursor, depth)
          return value
        }
      }
    }
  }

  #fields(shape: StructureShape, only: (name: string) => boolean): readonly Field[] {
    const required = new Set(shape.required)
    return Object.entries(shape.members)
      .filter(([name]) => only(name))
      .map(([name, member]) => ({
        name,
        wire: wireName(this.#protocol, name, member),
        segment: recordName(this.#protocol, name, member),
        required: required.has(name),
        attribute: member.xmlAttribute === true,
        read: this.member(member),
      }))
  }

  #list(shape: ListShape, flattened: boolean): XmlRead {
    const { read, element } = this.#element(shape.member, 'Member must satisfy constraint: ')
    const { check } = constraintsOf(shape, this.#family)
    const tag = shape.member.locationName ?? 'member'
    return (elements, cursor, depth) => {
      const items = flattened ? elements : itemsOf(elements, tag, cursor, depth)
      const failed = cursor.failures.length
      const value: unknown[] = []
      for (const [index, item] of items.entries()) {
        cursor.path[depth] = index
        value.push(read([item], cursor, depth + 1))
      }
      if (element !== undefined && cursor.failures.length === failed && !value.every(element.fits))
        cursor.reject(depth, element.text, shape.sensitive === true ? undefined : value)
      check(value, cursor, depth)
      return value
    }
  }

  #map(shape: MapShape, flattened: boolean): XmlRead {
    const key = this.#element(shape.key, 'Map keys must satisfy constraint: ')
    const { read, element } = this.#element(shape.value, 'Map value must satisfy constraint: ')
    const { check } = constraintsOf(shape, this.#family)
    const [keyTag, valueTag] = [shape.key.locationName ?? 'key', shape.value.locationName ?? 'value']
    return (elements, cursor, depth) => {
      const value: Record<string, unknown> = {}
      for (const entry of flattened ? elements : itemsOf(elements, 'entry', cursor, depth)) {
        const parts = grouped(entry)
        const [named, content] = [parts.get(keyTag), parts.get(valueTag)]
        if (named === undefined || content === undefined)
          return cursor.malformed(depth + 1, 'A map entry needs a key and a value')
        const name = key.read(named, cursor, depth + 1) as string
        if (name === '__proto__') cursor.malformed(depth, 'A map can not have the key __proto__')
        if (Object.hasOwn(value, name)) cursor.malformed(depth + 1, 'A map can not have the same key twice')
        value[name] = read(content, cursor, depth + 1)
      }
      const shown = shape.sensitive === true ? undefined : value
      if (key.element !== undefined && !Object.keys(value).every(key.element.fits))
        cursor.reject(depth, key.element.text, shown)
      if (element !== undefined && !Object.values(value).every(element.fits)) cursor.reject(depth, element.text, shown)
      check(value, cursor, depth)
      return value
    }
  }

  /** Elements that are simple values are reported once, as a rule of their list or map; structures speak for themselves. */
  #element(member: Member, words: string): Element {
    const shape = shapeOf(this.#model, member.shape)
    if (shape.type === 'structure' || shape.type === 'list' || shape.type === 'map')
      return { read: this.member(member), element: undefined }
    const { any, fits, all } = constraintsOf(shape, this.#family)
    const read = simpleReader(shape, member.timestampFormat)
    return { read, element: any ? { fits, text: `${words}${all}` } : undefined }
  }
}

interface Element {
  readonly read: XmlRead
  readonly element: { readonly fits: (value: unknown) => boolean; readonly text: string } | undefined
}

interface Field {
  readonly name: string
  readonly wire: string
  readonly segment: string
  readonly required: boolean
  readonly attribute: boolean
  readonly read: XmlRead
}

const single =
  (read: (element: XmlElement, cursor: Cursor, depth: number) => unknown): XmlRead =>
  ([element, ...more], cursor, depth) =>
    element === undefined || more.length > 0
      ? cursor.malformed(depth, 'The element was sent twice')
      : read(element, cursor, depth)

function simpleReader(shape: SimpleShape, format: TimestampFormat | undefined): XmlRead {
  const read = textReader(shape, format ?? shape.timestampFormat ?? 'iso8601')
  // White space around a number or a date is layout; in a string it is content.
  const trims = shape.type !== 'string'
  return single(({ children, text }, cursor, depth) =>
    children.length > 0
      ? cursor.malformed(depth, 'Unexpected element: a single value is expected')
      : read(trims ? text.trim() : text, cursor, depth),
  )
}

function grouped({ children }: XmlElement): ReadonlyMap<string, readonly XmlElement[]> {
  const byName = new Map<string, XmlElement[]>()
  for (const child of children) {
    const same = byName.get(child.name)
    if (same === undefined) byName.set(child.name, [child])
    else same.push(child)
  }
  return byName
}

function attributeAsElement(element: XmlElement, name: string): readonly XmlElement[] | undefined {
  const found = element.attributes.find((attribute) => attribute.name === name)
  return found === undefined ? undefined : [{ name, attributes: [], children: [], text: found.value }]
}

/** The items inside the one element of a list that is not flattened. */
function itemsOf(elements: readonly XmlElement[], tag: string, cursor: Cursor, depth: number): readonly XmlElement[] {
  const [list, ...more] = elements
  if (list === undefined || more.length > 0) return cursor.malformed(depth, 'The list was sent twice')
  if (list.text !== '') cursor.malformed(depth, 'Unexpected text: a list is expected')
  for (const item of list.children)
    if (item.name !== tag) cursor.malformed(depth, `Unexpected element: the list holds elements named ${tag}`)
  return list.children
}

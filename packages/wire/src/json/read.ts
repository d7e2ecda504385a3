import type { Family } from '../families.ts'
import {
  type ListShape,
  type MapShape,
  type Model,
  type SimpleShape,
  type StructureShape,
  type TimestampFormat,
  shapeOf,
} from '../model/model.ts'
import { type SureValues, constraintsOf, sureValues } from '../reading/constraints.ts'
import type { Cursor } from '../reading/cursor.ts'
import { recordName, wireName } from '../reading/names.ts'
import type { Protocol } from '../request.ts'
import { JSON_TREE, type TreeFormat, type TreeObject, type TreeRead, simpleReader } from './simple.ts'

const NOT_NULL = 'Member must not be null'
/** Longest string that is remembered, in UTF-16 units; longer than any name. */
const MAX_REMEMBERED = 512

/** Readers of one model for trees of one format, compiled shape by shape on first use. */
export class TreeReaders {
  readonly #model: Model
  readonly #family: Family
  readonly #protocol: Protocol
  readonly #tree: TreeFormat
  readonly #made = new Map<string, TreeRead>()

  constructor(model: Model, family: Family, protocol: Protocol, tree: TreeFormat = JSON_TREE) {
    this.#model = model
    this.#family = family
    this.#protocol = protocol
    this.#tree = tree
  }

  /** The reader of a shape; `format` is the member's own timestamp format, if it has one. */
  reader(name: string, format?: TimestampFormat): TreeRead {
    const key = format === undefined ? name : `${name} ${format}`
    const known = this.#made.get(key)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it then finds this door, which opens on first use.
    this.#made.set(key, (value, cursor, depth) => this.reader(name, format)(value, cursor, depth))
    const made = this.#compile(name, format)
    this.#made.set(key, made)
    return made
  }

  /** The reader of a structure; `only` limits it to members that the body carries. */
  structure(shape: StructureShape, only: (name: string) => boolean = () => true): TreeRead {
    if (shape.document === true) return (value) => value
    return structureReader(this.#fields(shape, only), shape.union === true, this.#tree)
  }

  #compile(name: string, format: TimestampFormat | undefined): TreeRead {
    const shape = shapeOf(this.#model, name)
    switch (shape.type) {
      case 'structure':
        return this.structure(shape)
      case 'list':
        return this.#list(shape)
      case 'map':
        return this.#map(shape)
      default:
        return checkedReader(
          shape,
          simpleReader(this.#tree, shape, format ?? shape.timestampFormat ?? 'unixTimestamp'),
          this.#family,
        )
    }
  }

  #fields(shape: StructureShape, only: (name: string) => boolean): readonly Field[] {
    const protocol = this.#protocol
    const required = new Set(shape.required)
    return Object.entries(shape.members)
      .filter(([name]) => only(name))
      .map(([name, member]) => ({
        name,
        wire: wireName(protocol, name, member),
        segment: recordName(protocol, name, member),
        required: required.has(name),
        read: this.reader(member.shape, member.timestampFormat),
        ...sureValues(shapeOf(this.#model, member.shape)),
      }))
  }

  #list(shape: ListShape): TreeRead {
    const { read, element } = this.#element(shape.member.shape, 'Member must satisfy constraint: ')
    const { check } = constraintsOf(shape, this.#family)
    const { min = 0, max = Infinity } = shape
    const hidden = shape.sensitive === true
    const { kindOf } = this.#tree
    return (value, cursor, depth) => {
      if (!Array.isArray(value)) return cursor.malformed(depth, `${kindOf(value)} can not be converted to a List`)
      cursor.descend(depth)
      const failed = cursor.failures.length
      for (let index = 0; index < value.length; index++) {
        cursor.path[depth] = index
        const item: unknown = value[index]
        if (item === null) cursor.malformed(depth + 1, 'A list can not hold null')
        if (typeof item === 'string') cursor.strings++
        const result = read(item, cursor, depth + 1)
        if (result !== item) value[index] = result
        if (element?.fits(result) === false && cursor.failures.length === failed)
          cursor.reject(depth, element.text, hidden ? undefined : value)
      }
      if (value.length < min || value.length > max) check(value, cursor, depth)
      return value
    }
  }

  #map(shape: MapShape): TreeRead {
    const keys = this.#element(shape.key.shape, 'Map keys must satisfy constraint: ').element
    const { read, element } = this.#element(shape.value.shape, 'Map value must satisfy constraint: ')
    const { check } = constraintsOf(shape, this.#family)
    const { isObject, kindOf } = this.#tree
    return (value, cursor, depth) => {
      if (!isObject(value)) return cursor.malformed(depth, `${kindOf(value)} can not be converted to a Map`)
      cursor.descend(depth)
      let badKey = false
      let badValue = false
      for (const key in value) {
        cursor.path[depth] = key
        if (key === '__proto__') cursor.malformed(depth, 'A map can not have the key __proto__')
        const item = value[key]
        cursor.strings += typeof item === 'string' ? 2 : 1
        if (item === null) cursor.malformed(depth + 1, 'A map can not hold null')
        const result = read(item, cursor, depth + 1)
        if (result !== item) value[key] = result
        badKey ||= keys?.fits(key) === false
        badValue ||= element?.fits(result) === false
      }
      const shown = shape.sensitive === true ? undefined : value
      if (badKey && keys !== undefined) cursor.reject(depth, keys.text, shown)
      if (badValue && element !== undefined) cursor.reject(depth, element.text, shown)
      check(value, cursor, depth)
      return value
    }
  }

  /** Elements that are simple values are reported once, as a rule of their list or map; structures speak for themselves. */
  #element(name: string, words: string): Element {
    const shape = shapeOf(this.#model, name)
    if (shape.type === 'structure' || shape.type === 'list' || shape.type === 'map')
      return { read: this.reader(name), element: undefined }
    const { any, fits, all } = constraintsOf(shape, this.#family)
    const read = simpleReader(this.#tree, shape, shape.timestampFormat ?? 'unixTimestamp')
    return { read, element: any ? { fits, text: `${words}${all}` } : undefined }
  }
}

interface Element {
  readonly read: TreeRead
  readonly element: { readonly fits: (value: unknown) => boolean; readonly text: string } | undefined
}

interface Field extends SureValues {
  /** The model's name, which handlers see. */
  readonly name: string
  readonly wire: string
  /** How messages name it. */
  readonly segment: string
  readonly required: boolean
  readonly read: TreeRead
}

/** Members the model does not know, and null, count as absent: the first is dropped, as AWS does. */
function structureReader(fields: readonly Field[], union: boolean, { isObject, kindOf }: TreeFormat): TreeRead {
  const byWire = new Map(fields.map((field) => [field.wire, field]))
  const required = fields.filter((field) => field.required)
  const renamed = fields.some(({ name, wire }) => name !== wire)
  const order: (Field | undefined)[] = [...fields]
  return (value, cursor, depth) => {
    if (!isObject(value)) return cursor.malformed(depth, `${kindOf(value)} can not be converted to a structure`)
    cursor.descend(depth)
    let clean = !renamed
    let seen = 0
    let present = 0
    let keys = 0
    let strings = 0
    for (const key in value) {
      const item = value[key]
      if (typeof item === 'string') strings++
      // The objects of a list have their members in the same order: the one met here last time is tried first.
      let field = order[keys]
      if (field?.wire !== key) {
        field = byWire.get(key)
        if (keys < fields.length) order[keys] = field
      }
      keys++
      if (field === undefined || item === null) {
        clean = false
        continue
      }
      present++
      if (field.required) seen++
      // Nearly all that comes are such values: they are what they are, and nothing need be called for them.
      if (typeof item === 'string' && item.length >= field.shortest && item.length <= field.longest) continue
      if (typeof item === 'number' && item >= field.least && item <= field.most && Number.isInteger(item)) continue
      cursor.path[depth] = field.segment
      const result = field.read(item, cursor, depth + 1)
      if (result !== item) value[key] = result
    }
    cursor.strings += keys + strings
    if (seen < required.length) rejectMissing(required, value, cursor, depth)
    if (union && present !== 1) cursor.malformed(depth, 'Exactly one member of a union must be set')
    return clean ? value : copyKnown(fields, value)
  }
}

function rejectMissing(required: readonly Field[], value: TreeObject, cursor: Cursor, depth: number): void {
  for (const { wire, segment } of required) {
    if (Object.hasOwn(value, wire) && value[wire] !== null) continue
    cursor.path[depth] = segment
    cursor.reject(depth + 1, NOT_NULL, null)
  }
}

function copyKnown(fields: readonly Field[], value: TreeObject): TreeObject {
  const copy: TreeObject = {}
  for (const { name, wire } of fields) {
    if (Object.hasOwn(value, wire) && value[wire] !== null) copy[name] = value[wire]
  }
  return copy
}

/** Adds a shape's constraints to its reader. */
function checkedReader(shape: SimpleShape, read: TreeRead, family: Family): TreeRead {
  const { any, fits, check } = constraintsOf(shape, family)
  const checked = (value: unknown, cursor: Cursor, depth: number): unknown => {
    const result = read(value, cursor, depth)
    check(result, cursor, depth)
    return result
  }
  if (!any) return read
  return shape.pattern === undefined && shape.enum === undefined ? checked : rememberingReader(shape, fits, checked)
}

/** For patterns and enums: a client names the same group, stream or kind again and again, and the last that fits is known. */
function rememberingReader(shape: SimpleShape, fits: (value: unknown) => boolean, checked: TreeRead): TreeRead {
  if (shape.sensitive === true) return checked
  let known: unknown
  return (value, cursor, depth) => {
    if (value === known) return value
    if (typeof value !== 'string' || value.length > MAX_REMEMBERED || !fits(value)) return checked(value, cursor, depth)
    known = value
    return value
  }
}

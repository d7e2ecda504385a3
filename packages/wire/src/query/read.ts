import type { Family } from '../families.ts'
import {
  type ListShape,
  type MapShape,
  type Model,
  type SimpleShape,
  type StructureShape,
  shapeOf,
} from '../model/model.ts'
import { constraintsOf } from '../reading/constraints.ts'
import type { Cursor } from '../reading/cursor.ts'
import { formName, recordName } from '../reading/names.ts'
import { textReader } from '../reading/text.ts'
import type { Protocol } from '../request.ts'
import type { FormNode } from './form.ts'

/** Turns a form's node into a model value. */
export type FormRead = (node: FormNode, cursor: Cursor, depth: number) => unknown

const INDEX = /^[1-9]\d{0,8}$/
const NOT_NULL = 'Member must not be null'

/** Readers of one model for forms, AWS's Query or EC2's, compiled shape by shape on first use. */
export class FormReaders {
  readonly #model: Model
  readonly #family: Family
  readonly #protocol: Protocol
  readonly #made = new Map<string, FormRead>()

  constructor(model: Model, family: Family, protocol: Protocol) {
    this.#model = model
    this.#family = family
    this.#protocol = protocol
  }

  reader(name: string): FormRead {
    const known = this.#made.get(name)
    if (known !== undefined) return known
    // A recursive shape meets itself while it is compiled: it then finds this door, which opens on first use.
    this.#made.set(name, (node, cursor, depth) => this.reader(name)(node, cursor, depth))
    const made = this.#compile(name)
    this.#made.set(name, made)
    return made
  }

  #compile(name: string): FormRead {
    const shape = shapeOf(this.#model, name)
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape)
      case 'list':
        return this.#list(shape)
      case 'map':
        return this.#map(shape)
      default: {
        const { check } = constraintsOf(shape, this.#family)
        const read = simpleReader(shape)
        return (node, cursor, depth) => {
          const value = read(node, cursor, depth)
          check(value, cursor, depth)
          return value
        }
      }
    }
  }

  #structure(shape: StructureShape): FormRead {
    const protocol = this.#protocol
    const required = new Set(shape.required)
    const fields = Object.entries(shape.members).map(([name, member]) => ({
      name,
      wire: formName(protocol, name, member),
      segment: recordName(protocol, name, member),
      required: required.has(name),
      read: this.reader(member.shape),
    }))
    return (node, cursor, depth) => {
      if (node.value !== undefined && node.value !== '')
        cursor.malformed(depth, 'Unexpected text: a structure is expected')
      cursor.descend(depth)
      const value: Record<string, unknown> = {}
      for (const { name, wire, segment, required: needed, read } of fields) {
        const child = node.children?.get(wire)
        cursor.path[depth] = segment
        if (child !== undefined) value[name] = read(child, cursor, depth + 1)
        else if (needed) cursor.reject(depth + 1, NOT_NULL, null)
      }
      if (shape.union === true && Object.keys(value).length !== 1)
        cursor.malformed(depth, 'Exactly one member of a union must be set')
      return value
    }
  }

  #list(shape: ListShape): FormRead {
    const { read, element } = this.#element(shape.member.shape, 'Member must satisfy constraint: ')
    const { check } = constraintsOf(shape, this.#family)
    const wrapper = this.#wrapper(shape.flattened, shape.member.locationName ?? 'member')
    return (node, cursor, depth) => {
      const items = children(node, wrapper, cursor, depth)
      const failed = cursor.failures.length
      const value: unknown[] = []
      for (const [index, item] of items.entries()) {
        cursor.path[depth] = index
        value.push(read(item, cursor, depth + 1))
      }
      if (element !== undefined && cursor.failures.length === failed && !value.every(element.fits)) {
        cursor.reject(depth, element.text, shape.sensitive === true ? undefined : value)
      }
      check(value, cursor, depth)
      return value
    }
  }

  #map(shape: MapShape): FormRead {
    const key = this.#element(shape.key.shape, 'Map keys must satisfy constraint: ')
    const { read, element } = this.#element(shape.value.shape, 'Map value must satisfy constraint: ')
    const { check } = constraintsOf(shape, this.#family)
    const wrapper = this.#wrapper(shape.flattened, 'entry')
    return (node, cursor, depth) => {
      const value: Record<string, unknown> = {}
      for (const [index, entry] of children(node, wrapper, cursor, depth).entries()) {
        cursor.path[depth] = index
        const name = entry.children?.get(shape.key.locationName ?? 'key')?.value
        const content = entry.children?.get(shape.value.locationName ?? 'value')
        if (name === undefined || content === undefined)
          return cursor.malformed(depth + 1, 'A map entry needs a key and a value')
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

  /** The name between a list's own and its numbers; EC2 and flattened lists have none. */
  #wrapper(flattened: boolean | undefined, name: string): string | undefined {
    return flattened === true || this.#protocol === 'ec2-query' ? undefined : name
  }

  /** Elements that are simple values are reported once, as a rule of their list or map; structures speak for themselves. */
  #element(name: string, words: string): Element {
    const shape = shapeOf(this.#model, name)
    if (shape.type === 'structure' || shape.type === 'list' || shape.type === 'map')
      return { read: this.reader(name), element: undefined }
    const { any, fits, all } = constraintsOf(shape, this.#family)
    return { read: simpleReader(shape), element: any ? { fits, text: `${words}${all}` } : undefined }
  }
}

interface Element {
  readonly read: FormRead
  readonly element: { readonly fits: (value: unknown) => boolean; readonly text: string } | undefined
}

function simpleReader(shape: SimpleShape): FormRead {
  const read = textReader(shape, shape.timestampFormat ?? 'iso8601')
  return (node, cursor, depth) => {
    if (node.children !== undefined || node.value === undefined)
      return cursor.malformed(depth, 'Unexpected complex element: a single value is expected')
    return read(node.value, cursor, depth)
  }
}

/** The numbered children below `wrapper`, in order of their numbers; gaps close. `name=` alone is an empty list. */
function children(node: FormNode, wrapper: string | undefined, cursor: Cursor, depth: number): readonly FormNode[] {
  if (node.value !== undefined && (node.value !== '' || node.children !== undefined)) {
    cursor.malformed(depth, 'Unexpected text: a list is expected')
  }
  const items = wrapper === undefined ? node : node.children?.get(wrapper)
  if (items === undefined) return []
  if (wrapper !== undefined && items.value !== undefined) cursor.malformed(depth, 'Unexpected list element termination')
  const numbered = [...(items.children ?? [])]
  for (const [index] of numbered) if (!INDEX.test(index)) cursor.malformed(depth, 'A list is numbered from 1 on')
  return numbered.sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item)
}

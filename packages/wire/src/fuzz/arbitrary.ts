import fc from 'fast-check'
import { type Member, type Model, type SimpleShape, type StructureShape, shapeOf } from '../model/model.ts'
import { stringArbitrary } from './strings.ts'

const MAX_ITEMS = 3
const MAX_DEPTH = 6
const INT32 = 2 ** 31 - 1
const FROM = Date.UTC(2000, 0, 1)
const TO = Date.UTC(2090, 0, 1)

export interface ValueRules {
  /** Whether structures and maps may be empty. */
  readonly empty: boolean
  /** Whether a string may be generated. */
  readonly allowed: (text: string) => boolean
  /** Whether lists may be empty. */
  readonly emptyLists: boolean
  /** Members that are left out. */
  readonly without: readonly string[]
  /** Members that are always there. */
  readonly always: readonly string[]
  /** Values of these shapes, instead of what the model says about them. */
  readonly shapes: Readonly<Record<string, fc.Arbitrary<unknown>>>
}

/** Random valid values of a shape, as handlers see them. Recursive shapes end after a few levels. */
export function valueArbitrary(model: Model, rules: ValueRules): (shape: string) => fc.Arbitrary<unknown> {
  const made = new Map<string, fc.Arbitrary<unknown>>()
  const of = (name: string, depth: number): fc.Arbitrary<unknown> => {
    const key = `${name} ${String(depth)}`
    const known = made.get(key) ?? make(name, depth)
    made.set(key, known)
    return known
  }
  const make = (name: string, depth: number): fc.Arbitrary<unknown> => {
    const given = rules.shapes[name]
    if (given !== undefined) return given
    const shape = shapeOf(model, name)
    const { type } = shape
    if (type === 'structure') return structure(shape, depth)
    if (type === 'list') {
      const { max = Infinity } = shape
      const min = Math.max(shape.min ?? 0, rules.emptyLists ? 0 : 1)
      const maxLength = depth > MAX_DEPTH ? min : Math.min(max, Math.max(min, MAX_ITEMS))
      return maxLength === 0 ? fc.constant([]) : fc.array(of(shape.member.shape, depth), { minLength: min, maxLength })
    }
    if (type === 'map') {
      const minKeys = Math.max(shape.min ?? 0, rules.empty ? 0 : 1)
      const keys = of(shape.key.shape, depth).filter((key) => key !== '__proto__') as fc.Arbitrary<string>
      return fc.dictionary(keys, of(shape.value.shape, depth), {
        minKeys,
        maxKeys: Math.min(shape.max ?? Infinity, Math.max(minKeys, MAX_ITEMS)),
        noNullPrototype: true,
      })
    }
    return type === 'string' ? stringArbitrary(shape).filter(rules.allowed) : simple(shape)
  }
  const structure = (shape: StructureShape, depth: number): fc.Arbitrary<unknown> => {
    const { required = [] } = shape
    const kept = Object.entries(shape.members).filter(
      ([name]) => !rules.without.includes(name) && (depth <= MAX_DEPTH || required.includes(name)),
    )
    const members = Object.fromEntries(
      kept.map(([name, member]) => [name, placed(model, member, of(member.shape, depth + 1))]),
    )
    if (shape.union === true) {
      // A choice without members of its own is always empty, and no filter would ever let one pass.
      const choices = kept.filter(([, member]) => rules.empty || !isHollow(model, member.shape))
      return fc.oneof(
        ...choices.map(([name]) =>
          (members[name] as fc.Arbitrary<unknown>)
            .filter((item) => rules.empty || !isEmptyObject(item))
            .map((item) => ({ [name]: item })),
        ),
      )
    }
    // Clients fill in idempotency tokens that are missing.
    const tokens = kept.flatMap(([name, member]) => ('idempotencyToken' in member ? [name] : []))
    const record = fc.record(members, {
      requiredKeys: [...required, ...tokens, ...rules.always].filter((name) => name in members),
      noNullPrototype: true,
    })
    return rules.empty || depth === 0 || kept.length === 0
      ? record
      : record.filter((value) => Object.keys(value).length > 0)
  }
  return (name) => of(name, 0)
}

function isHollow(model: Model, name: string): boolean {
  const shape = shapeOf(model, name)
  return shape.type === 'structure' && Object.keys(shape.members).length === 0
}

const isEmptyObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** A value as its place in a request can carry it. */
function placed(model: Model, member: Member, value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const shape = shapeOf(model, member.shape)
  switch (member.location) {
    case 'uri':
      // An empty path label makes another path.
      return value.filter((text) => text !== '')
    case 'querystring':
      // A query string has no way to say "an empty list".
      return value.filter((item) => !Array.isArray(item) || item.length > 0)
    case 'headers':
      return fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/), headerText, {
        minKeys: 1,
        maxKeys: 3,
        noNullPrototype: true,
      })
    case 'header':
      if (shape.type === 'list') return value.filter((item) => (item as readonly unknown[]).length > 0)
      if (shape.type === 'timestamp' && (member.timestampFormat ?? shape.timestampFormat ?? 'rfc822') === 'rfc822')
        return value.map((millis) => wholeSeconds(millis as number))
      return shape.type === 'string' && shape.enum === undefined && shape.pattern === undefined ? headerText : value
    default:
      // An empty stream and none are the same.
      return member.streaming === true ? value.filter((bytes) => (bytes as Uint8Array).length > 0) : value
  }
}

/** What a header holds: printable ASCII without blanks around it. */
const headerText = fc.stringMatching(/^[!-~]([ -~]{0,10}[!-~])?$/)

const wholeSeconds = (millis: number): number => Math.floor(millis / 1_000) * 1_000

function simple({ type, min, max, timestampFormat }: SimpleShape): fc.Arbitrary<unknown> {
  switch (type) {
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: min ?? -INT32 - 1, max: max ?? INT32 })
    case 'long':
      return fc.integer({ min: min ?? Number.MIN_SAFE_INTEGER, max: max ?? Number.MAX_SAFE_INTEGER })
    case 'timestamp':
      return fc
        .integer({ min: FROM, max: TO })
        .map((millis) => (timestampFormat === 'rfc822' ? wholeSeconds(millis) : millis))
    case 'blob':
      return fc
        .uint8Array({ minLength: min ?? 0, maxLength: Math.min(max ?? 40, 40) })
        .map((bytes) => new Uint8Array(bytes))
    default:
      return fc
        .double({ noNaN: true, noDefaultInfinity: true, min: min ?? -1e100, max: max ?? 1e100 })
        .map((value) => value + 0)
  }
}

/** Events of a stream: each has one member, and none is an exception. */
export function eventsArbitrary(
  model: Model,
  events: StructureShape,
  values: (shape: string) => fc.Arbitrary<unknown>,
): fc.Arbitrary<readonly object[]> {
  const some = Object.entries(events.members).flatMap(([name, { shape }]) => {
    const event = shapeOf(model, shape)
    return event.type === 'structure' && event.exception === true
      ? []
      : [values(shape).map((value) => ({ [name]: value }))]
  })
  return fc.array(fc.oneof(...some), { maxLength: 4 })
}

/** Changes timestamps: to `Date` for the client, or back. Everything else stays. */
export function mapTimestamps(
  model: Model,
  name: string,
  value: unknown,
  change: (timestamp: unknown) => unknown,
): unknown {
  const shape = shapeOf(model, name)
  if (value === undefined || value === null) return value
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        Object.entries(shape.members).flatMap(([key, member]) => {
          const item = (value as Record<string, unknown>)[key]
          return item === undefined ? [] : [[key, mapTimestamps(model, member.shape, item, change)]]
        }),
      )
    case 'list':
      return (value as readonly unknown[]).map((item) => mapTimestamps(model, shape.member.shape, item, change))
    case 'map':
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [key, mapTimestamps(model, shape.value.shape, item, change)]),
      )
    case 'timestamp':
      return change(value)
    case 'blob':
      // Clients give some bytes as a Buffer, some as a view of one.
      return value instanceof Uint8Array ? new Uint8Array(value) : value
    default:
      return value
  }
}

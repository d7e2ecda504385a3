import fc from 'fast-check'
import { type Model, type SimpleShape, type StructureShape, shapeOf } from '../model/model.ts'
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
  /** Members that are left out. */
  readonly without: readonly string[]
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
    const shape = shapeOf(model, name)
    const { type } = shape
    if (type === 'structure') return structure(shape, depth)
    if (type === 'list') {
      const { min = 0, max = Infinity } = shape
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
      kept.map(([name, member]) => {
        const value = of(member.shape, depth + 1)
        // A query string has no way to say "an empty list".
        return [
          name,
          member.location === 'querystring' ? value.filter((item) => !Array.isArray(item) || item.length > 0) : value,
        ]
      }),
    )
    if (shape.union === true)
      return fc.oneof(...Object.entries(members).map(([name, value]) => value.map((item) => ({ [name]: item }))))
    // Clients fill in idempotency tokens that are missing.
    const tokens = kept.flatMap(([name, member]) => ('idempotencyToken' in member ? [name] : []))
    const record = fc.record(members, { requiredKeys: [...required, ...tokens], noNullPrototype: true })
    return rules.empty || depth === 0 || kept.length === 0
      ? record
      : record.filter((value) => Object.keys(value).length > 0)
  }
  return (name) => of(name, 0)
}

function simple({ type, min, max }: SimpleShape): fc.Arbitrary<unknown> {
  switch (type) {
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: min ?? -INT32 - 1, max: max ?? INT32 })
    case 'long':
      return fc.integer({ min: min ?? Number.MIN_SAFE_INTEGER, max: max ?? Number.MAX_SAFE_INTEGER })
    case 'timestamp':
      return fc.integer({ min: FROM, max: TO })
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

/** Changes timestamps: to `Date` for the client, or back. Everything else stays. */
export function mapTimestamps(
  model: Model,
  name: string,
  value: unknown,
  change: (timestamp: unknown) => unknown,
): unknown {
  const shape = shapeOf(model, name)
  if (value === undefined) return value
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
        Object.entries(value as object).map(([key, item]) => [
          key,
          mapTimestamps(model, shape.value.shape, item, change),
        ]),
      )
    case 'timestamp':
      return change(value)
    default:
      return value
  }
}

import type { Family } from '../families.ts'
import type { Shape } from '../model/model.ts'
import type { Cursor } from './cursor.ts'
import { LINEAR_EQUIVALENTS } from './patterns.ts'

/** Longest text that a pattern is matched against when the model gives no maximum of its own. */
const MAX_MATCHED_LENGTH = 131_072

interface Rule {
  readonly text: string
  readonly broken: (value: never) => boolean
  readonly hidesValue?: boolean
}

const longer = (limit: number): string => `Member must have length less than or equal to ${String(limit)}`
const shorter = (limit: number): string => `Member must have length greater than or equal to ${String(limit)}`

/** What a compiled shape checks, and what it says when it is an element of a list or map. */
export interface Constraints {
  readonly any: boolean
  /** Whether `value`, which must be of the shape's type, keeps every rule. */
  readonly fits: (value: unknown) => boolean
  /** Notes every rule that `value` breaks. */
  readonly check: (value: unknown, cursor: Cursor, depth: number) => void
  /** All rules in one text, as AWS lists them for elements of lists and maps: `[…, …]`. */
  readonly all: string
}

export function constraintsOf(shape: Shape, family: Family): Constraints {
  const rules = rulesOf(shape, family)
  const hidden = shape.sensitive === true
  const check = (value: unknown, cursor: Cursor, depth: number): void => {
    for (const rule of rules) {
      if (!rule.broken(value as never)) continue
      cursor.reject(depth, rule.text, hidden || rule.hidesValue === true ? undefined : value)
    }
  }
  const fits = (value: unknown): boolean => rules.every((rule) => !rule.broken(value as never))
  return { any: rules.length > 0, fits, check, all: `[${rules.map(({ text }) => text).join(', ')}]` }
}

/** Strings of these lengths, in UTF-16 units, and integers of this range. */
export interface SureValues {
  readonly shortest: number
  readonly longest: number
  readonly least: number
  readonly most: number
}

/** What surely has the type of a shape and keeps all its rules; of other values {@link Constraints.check} decides. */
export function sureValues(shape: Shape): SureValues {
  const none = { shortest: Infinity, longest: -Infinity, least: Infinity, most: -Infinity }
  if (shape.type === 'string' && shape.pattern === undefined && shape.enum === undefined) {
    const { min = 0, max = Infinity } = shape
    // A character has one unit or two.
    return { ...none, shortest: min <= 1 ? min : 2 * min, longest: max }
  }
  if (shape.type === 'integer' || shape.type === 'long') {
    const { min = -Infinity, max = Infinity } = shape
    const safe = shape.type === 'integer' ? 2 ** 31 - 1 : Number.MAX_SAFE_INTEGER
    return { ...none, least: Math.max(min, -safe), most: Math.min(max, safe) }
  }
  return none
}

function rulesOf(shape: Shape, family: Family): readonly Rule[] {
  switch (shape.type) {
    case 'string':
      return [
        ...lengthRules(shape, codePoints),
        ...patternRules(shape.pattern, shape.max, family),
        ...enumRules(shape.enum, family),
      ]
    case 'blob':
      return lengthRules(shape, (value: Uint8Array) => value.length)
    case 'list':
      return lengthRules(shape, (value: readonly unknown[]) => value.length)
    case 'map':
      return lengthRules(shape, (value: object) => Object.keys(value).length)
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return rangeRules(shape)
    case 'boolean':
    case 'timestamp':
    case 'structure':
      return []
  }
}

interface Limits {
  readonly min?: number
  readonly max?: number
}

function lengthRules<T>({ min, max }: Limits, length: (value: T, limit: number) => number): readonly Rule[] {
  const rules: Rule[] = []
  if (max !== undefined) rules.push({ text: longer(max), broken: (value: T) => length(value, max) > max })
  if (min !== undefined && min > 0) rules.push({ text: shorter(min), broken: (value: T) => length(value, min) < min })
  return rules
}

/** Unicode characters of `text`; counted one by one only when the quick answer could be wrong for `limit`. */
function codePoints(text: string, limit: number): number {
  const units = text.length
  if (units < limit || units > 2 * limit) return units
  let count = units
  for (let index = 0; index < units; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      count--
      index++
    }
  }
  return count
}

function rangeRules({ min, max }: Limits): readonly Rule[] {
  const rules: Rule[] = []
  if (max !== undefined) {
    rules.push({
      text: `Member must have value less than or equal to ${String(max)}`,
      broken: (value: number) => value > max,
    })
  }
  if (min !== undefined) {
    rules.push({
      text: `Member must have value greater than or equal to ${String(min)}`,
      broken: (value: number) => value < min,
    })
  }
  return rules
}

function patternRules(pattern: string | undefined, max: number | undefined, family: Family): readonly Rule[] {
  if (pattern === undefined) return []
  const expression = compilePattern(pattern)
  const cap = 2 * (max ?? MAX_MATCHED_LENGTH)
  return [
    {
      text: `Member must satisfy regular expression pattern: ${pattern}`,
      // What is far too long is refused unread: the length rule speaks for it, or, without one, this rule does.
      broken: (value: string) => (value.length > cap ? max === undefined : !expression.test(value)),
      hidesValue: family.patternHidesValue,
    },
  ]
}

/** Java's patterns as the models hold them, matched against the whole value, in time that grows with its length. */
export function compilePattern(modelled: string): RegExp {
  const pattern = LINEAR_EQUIVALENTS.get(modelled) ?? modelled
  const all = pattern.startsWith('(?s)')
  // Java's name of a class that JavaScript has not.
  const source = `^(?:${all ? pattern.slice(4) : pattern})$`.replaceAll(String.raw`\p{XDigit}`, '[0-9A-Fa-f]')
  const flags = all ? 's' : ''
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    // A few patterns escape characters that need none, which only the older grammar takes.
    return new RegExp(source, flags)
  }
}

function enumRules(values: readonly string[] | undefined, family: Family): readonly Rule[] {
  if (values === undefined || family.looseEnums) return []
  const known = new Set(values)
  return [
    {
      text: `Member must satisfy enum value set: [${values.join(', ')}]`,
      broken: (value: string) => !known.has(value),
    },
  ]
}

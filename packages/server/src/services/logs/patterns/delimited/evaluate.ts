import {
  type Comparison,
  type Operator,
  numberOf,
  passesNumber,
  passesText,
} from '#services/logs/patterns/compared-value.ts'
import type { DelimitedPattern, FieldPosition } from '#services/logs/patterns/delimited/pattern.ts'
import type { Fields } from '#services/logs/patterns/delimited/split.ts'
import { type Logic, logicHolds } from '#services/logs/patterns/logic.ts'
import type { MessageView } from '#services/logs/patterns/message-view.ts'

/** Tells whether the pattern selects a message. */
export function delimitedMatcher(pattern: DelimitedPattern): (message: MessageView) => boolean {
  const { first, last = [] } = pattern
  const testedFirst = tested(first)
  const testedLast = tested(last)
  return (message) => {
    if (!hasPlaces(pattern, message)) return false
    for (const { at, condition } of testedFirst) if (!passes(condition, pattern, message, at)) return false
    if (testedLast.length === 0) return true
    const beforeLast = message.fields.length - last.length
    for (const { at, condition } of testedLast) {
      if (!passes(condition, pattern, message, beforeLast + at)) return false
    }
    return true
  }
}

interface Tested {
  readonly at: number
  readonly condition: Logic<Comparison>
}

/** The positions that may not be just anything. */
const tested = (positions: readonly FieldPosition[]): readonly Tested[] =>
  positions.flatMap(({ condition }, at) => (condition === undefined ? [] : [{ at, condition }]))

/** Whether the message's fields fit the positions; the last one takes all further ones when it may be anything. */
function hasPlaces({ first, last }: DelimitedPattern, { fields }: MessageView): boolean {
  const least = first.length + (last?.length ?? 0)
  if (least > 0 && !fields.has(least - 1)) return false
  if (last !== undefined || first.length === 0) return true
  return first.at(-1)?.condition === undefined || !fields.has(first.length)
}

/** What is read of a message at a place among its fields. */
type Read<T> = (pattern: DelimitedPattern, message: MessageView, at: number) => T

/** The text; at the last position it may be the rest of the message. */
const textAt: Read<string> = (pattern, { fields }, at) => {
  if (!fields.has(at)) return ''
  return takesRest(pattern, fields, at) ? fields.rest(at).trimEnd() : fields.text(at)
}

/** The number that this text writes. */
const numberAt: Read<number | undefined> = (pattern, message, at) => {
  const { fields } = message
  const whole = fields.has(at) && !takesRest(pattern, fields, at) ? fields.wholeNumber(at) : undefined
  return whole ?? numberOf(textAt(pattern, message, at))
}

const takesRest = ({ first, last }: DelimitedPattern, fields: Fields, at: number): boolean =>
  last === undefined && at === first.length - 1 && fields.has(first.length)

function passes(condition: Logic<Comparison>, pattern: DelimitedPattern, message: MessageView, at: number): boolean {
  if (condition.kind === 'leaf' && condition.leaf.value.kind === 'number')
    return numberPasses(condition.leaf.operator, numberAt(pattern, message, at), condition.leaf.value.number)
  const text = textAt(pattern, message, at)
  return logicHolds(condition, ({ operator, value }) =>
    value.kind === 'number'
      ? numberPasses(operator, numberOf(text), value.number)
      : passesText(value, text) === (operator === '='),
  )
}

const numberPasses = (operator: Operator, number: number | undefined, wanted: number): boolean =>
  number === undefined ? operator === '!=' : passesNumber(operator, number, wanted)

/** The fields of a message by `$name`, or by `$1`, `$2`, … where the pattern has no name for them. */
export function delimitedValues(
  pattern: DelimitedPattern,
  message: MessageView,
): readonly (readonly [name: string, value: string])[] {
  const { first, last } = pattern
  if (!hasPlaces(pattern, message)) return []
  const { length } = message.fields
  const places = last === undefined && first.length > 0 ? first.length : length
  const nameAt = (at: number): string | undefined =>
    at < first.length ? first[at]?.name : last?.[at - (length - last.length)]?.name
  return Array.from({ length: places }, (_, at) => [`$${nameAt(at) ?? String(at + 1)}`, textAt(pattern, message, at)])
}

/**
 * Reads one field, by `$name` or `$1`, of the messages of a pattern, as text.
 * @returns undefined when no message can have it
 */
export const delimitedReader = (
  pattern: DelimitedPattern,
  reference: string,
): ((message: MessageView) => string | undefined) | undefined => readerOf(pattern, reference, textAt)

/** The same as a number, where the text writes one. */
export const delimitedNumberReader = (
  pattern: DelimitedPattern,
  reference: string,
): ((message: MessageView) => number | undefined) | undefined => readerOf(pattern, reference, numberAt)

function readerOf<T>(
  pattern: DelimitedPattern,
  reference: string,
  read: Read<T>,
): ((message: MessageView) => T | undefined) | undefined {
  if (!hasField(pattern, reference)) return undefined
  const { first, last } = pattern
  const name = reference.slice(1)
  const ofFirst = first.findIndex((position, at) => (position.name ?? String(at + 1)) === name)
  const ofLast = last?.findIndex((position) => position.name === name) ?? -1
  return (message) => {
    if (!hasPlaces(pattern, message)) return undefined
    if (ofFirst >= 0) return read(pattern, message, ofFirst)
    const { length } = message.fields
    if (ofLast >= 0) return read(pattern, message, length - (last?.length ?? 0) + ofLast)
    const at = Number(name) - 1
    const isNamed = last?.[at - (length - last.length)]?.name !== undefined
    return at < length && !isNamed ? read(pattern, message, at) : undefined
  }
}

/** Whether messages can have a field of this name: a name of the pattern, or the number of a field without one. */
export function hasField({ first, last }: DelimitedPattern, reference: string): boolean {
  const name = reference.slice(1)
  if ([...first, ...(last ?? [])].some((position) => position.name === name)) return true
  if (!/^[1-9]\d{0,3}$/.test(name)) return false
  const position = first[Number(name) - 1]
  if (position !== undefined) return position.name === undefined
  return last !== undefined || first.length === 0
}

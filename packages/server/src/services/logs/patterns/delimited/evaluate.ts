import { type Comparison, numberOf, passesNumber, passesText } from '#services/logs/patterns/compared-value.ts'
import type { DelimitedPattern, FieldPosition } from '#services/logs/patterns/delimited/pattern.ts'
import { logicHolds } from '#services/logs/patterns/logic.ts'
import type { MessageView } from '#services/logs/patterns/message-view.ts'

/** A field of a message at the position it takes in a pattern. */
interface PlacedField {
  readonly text: string
  /** Left out: it lies under the ellipsis, or the pattern is `[]`. */
  readonly position?: FieldPosition
}

/** Whether the pattern selects this message. */
export function delimitedMatches(pattern: DelimitedPattern, message: MessageView): boolean {
  const placed = placedFields(pattern, message)
  return placed?.every(({ text, position }) => !position?.condition || passes(position, text)) ?? false
}

const passes = ({ condition }: FieldPosition, text: string): boolean =>
  condition === undefined || logicHolds(condition, (comparison) => fieldPasses(comparison, text))

function fieldPasses({ operator, value }: Comparison, text: string): boolean {
  if (value.kind !== 'number') return passesText(value, text) === (operator === '=')
  const number = numberOf(text)
  return number === undefined ? operator === '!=' : passesNumber(operator, number, value.number)
}

/**
 * The message's fields with their positions; the last position takes the rest of the message when it may be anything.
 * @returns undefined when there are too few fields, or too many
 */
function placedFields({ first, last }: DelimitedPattern, message: MessageView): readonly PlacedField[] | undefined {
  const { fields, text } = message
  if (last === undefined && first.length === 0) return fields
  if (fields.length < first.length + (last?.length ?? 0)) return undefined
  if (last !== undefined) {
    const beforeLast = fields.length - last.length
    return fields.map((field, at) => placed(field.text, at < first.length ? first[at] : last[at - beforeLast]))
  }
  const end = first.length - 1
  const rest = fields[end]
  const takesRest = fields.length > first.length
  if (rest === undefined || (takesRest && first[end]?.condition !== undefined)) return undefined
  const texts = fields.slice(0, end).map((field) => field.text)
  return [...texts, takesRest ? text.slice(rest.start).trimEnd() : rest.text].map((each, at) => placed(each, first[at]))
}

const placed = (text: string, position: FieldPosition | undefined): PlacedField =>
  position === undefined ? { text } : { text, position }

/** The fields of a message by `$name`, or by `$1`, `$2`, … where the pattern has no name for them. */
export function delimitedValues(
  pattern: DelimitedPattern,
  message: MessageView,
): readonly (readonly [name: string, value: string])[] {
  return (placedFields(pattern, message) ?? []).map(({ text, position }, at) => [
    `$${position?.name ?? String(at + 1)}`,
    text,
  ])
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

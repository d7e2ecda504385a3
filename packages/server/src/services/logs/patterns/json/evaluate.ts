import { passesNumber, passesText } from '#services/logs/patterns/compared-value.ts'
import type { JsonCondition, JsonPattern, JsonTest, SelectorStep } from '#services/logs/patterns/json/pattern.ts'
import { isWildcard } from '#services/logs/patterns/json/selector.ts'
import { leavesOf, logicHolds } from '#services/logs/patterns/logic.ts'
import type { JsonObject } from '#services/logs/patterns/message-view.ts'

/** Whether the pattern selects this message; one that is no JSON object never is. */
export const jsonMatches = ({ logic }: JsonPattern, message: JsonObject | undefined): boolean =>
  message !== undefined && logicHolds(logic, (condition) => conditionHolds(condition, message))

function conditionHolds({ selector: { steps }, test }: JsonCondition, message: JsonObject): boolean {
  return test.kind === 'not-exists'
    ? !someValue(message, steps, 0, () => true)
    : someValue(message, steps, 0, (value) => passes(test, value))
}

/** A condition on what is not there does not hold, `!=` among them; nor does one on an object or an array. */
function passes(test: Exclude<JsonTest, { kind: 'not-exists' }>, value: unknown): boolean {
  if (test.kind === 'is') return value === test.value
  if (typeof value === 'object' && value !== null) return false
  const { operator, value: wanted } = test
  if (wanted.kind === 'number') {
    return typeof value === 'number' ? passesNumber(operator, value, wanted.number) : operator === '!='
  }
  const equal = wanted.kind === 'anything' ? value !== null : typeof value === 'string' && passesText(wanted, value)
  return equal === (operator === '=')
}

/** Whether one of the values that the steps lead to passes; each is looked at once. */
function someValue(
  value: unknown,
  steps: readonly SelectorStep[],
  from: number,
  test: (value: unknown) => boolean,
): boolean {
  const step = steps[from]
  if (step === undefined) return test(value)
  if (isWildcard(step)) return valuesWithin(value, step).some((each) => someValue(each, steps, from + 1, test))
  const next = valueAt(value, step)
  return next !== undefined && someValue(next, steps, from + 1, test)
}

function valuesWithin(value: unknown, { kind }: SelectorStep): readonly unknown[] {
  if (kind === 'elements') return Array.isArray(value) ? value : []
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : []
}

/** JSON has no `undefined`, so it stands for what is not there. */
function valueAt(value: unknown, step: SelectorStep): unknown {
  if (step.kind === 'index') return Array.isArray(value) ? (value[step.index] as unknown) : undefined
  if (step.kind !== 'member' || typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return Object.hasOwn(value, step.name) ? (value as JsonObject)[step.name] : undefined
}

/** The text of what the steps lead to; `undefined` when it is not there, an object, an array or null. */
export function valueText(message: JsonObject | undefined, steps: readonly SelectorStep[]): string | undefined {
  let value: unknown = message
  for (const step of steps) value = valueAt(value, step)
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined
}

/** What the pattern's selectors find, by selector; those with a wildcard and those that find no value are left out. */
export function jsonValues(
  { logic }: JsonPattern,
  message: JsonObject | undefined,
): readonly (readonly [selector: string, value: string])[] {
  return leavesOf(logic).flatMap(({ selector }) => {
    const value = valueText(message, selector.steps)
    return value === undefined ? [] : [[selector.text, value] as const]
  })
}

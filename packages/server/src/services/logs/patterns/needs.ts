import type { Comparison, ComparedValue } from '#services/logs/patterns/compared-value.ts'
import type { DelimitedPattern } from '#services/logs/patterns/delimited/pattern.ts'
import type { JsonCondition, JsonPattern } from '#services/logs/patterns/json/pattern.ts'
import type { Logic } from '#services/logs/patterns/logic.ts'
import type { LogQuery } from '#stores/journals/log-journal.ts'

type Literals = NonNullable<LogQuery['containing']>

/** Texts of which every message that matches contains at least one. */
interface Need {
  readonly texts: readonly string[]
  /** Names of members are in most messages of a group, values are not. */
  readonly of: 'name' | 'value'
}

/** More alternatives cost more than they save. */
const MAX_ALTERNATIVES = 16
/** What JSON cannot write without an escape. */
const ESCAPED = /["\\\p{Cc}]/u

/** What every message that a JSON pattern selects contains. */
export const jsonLiterals = ({ logic }: JsonPattern): Literals => literals(needsOf(logic, conditionNeeds), '{')

/** What every message that a space-delimited pattern selects contains. */
export function delimitedLiterals({ first, last = [] }: DelimitedPattern): Literals {
  const needs = [...first, ...last].flatMap(({ condition }) =>
    condition === undefined ? [] : needsOf(condition, fieldNeeds),
  )
  return literals(needs)
}

/** `&&` needs what any part needs; `||` at least what one of its parts does. */
function needsOf<L>(logic: Logic<L>, ofLeaf: (leaf: L) => readonly Need[]): readonly Need[] {
  if (logic.kind === 'leaf') return ofLeaf(logic.leaf)
  const parts = logic.parts.map((part) => needsOf(part, ofLeaf))
  if (logic.kind === 'all') return parts.flat()
  const best = parts.map(mostTelling)
  const together = [...new Set(best.flatMap((need) => need?.texts ?? []))]
  if (best.includes(undefined) || together.length > MAX_ALTERNATIVES) return []
  return [{ texts: together, of: best.every((need) => need?.of === 'value') ? 'value' : 'name' }]
}

/** A name or text of JSON is in the message as it is, unless a part of it is written with a backslash. */
function conditionNeeds({ selector, test }: JsonCondition): readonly Need[] {
  if (test.kind === 'not-exists') return []
  const names = selector.steps.flatMap((step) =>
    step.kind === 'member' ? [jsonNeed('"', step.name, '"', 'name')] : [],
  )
  return test.kind === 'comparison' && test.operator === '=' ? [...names, ...valueNeeds(test.value)] : names
}

function valueNeeds(value: ComparedValue): readonly Need[] {
  switch (value.kind) {
    case 'equals':
      return [jsonNeed('"', value.text, '"')]
    case 'starts':
      return [jsonNeed('"', value.text, '')]
    case 'ends':
      return [jsonNeed('', value.text, '"')]
    case 'contains':
      return [jsonNeed('', value.text, '')]
    case 'regex':
      return value.literals.map((literal) => jsonNeed('', literal, ''))
    case 'anything':
    case 'number':
      return []
    default:
      return value satisfies never
  }
}

const jsonNeed = (before: string, text: string, after: string, of: Need['of'] = 'value'): Need => ({
  texts: ESCAPED.test(text) ? ['\\'] : [before + text + after, '\\'],
  of,
})

/** A field's text is in the message as it is. Numbers can be written in many ways. */
function fieldNeeds({ operator, value }: Comparison): readonly Need[] {
  if (operator !== '=') return []
  const texts = value.kind === 'regex' ? value.literals : 'text' in value && value.text !== '' ? [value.text] : []
  return texts.map((text) => ({ texts: [text], of: 'value' }))
}

/** The need that rules out most, as far as can be told: few alternatives, all of them long. */
function mostTelling(needs: readonly Need[]): Need | undefined {
  const [first, ...others] = needs
  return first && others.reduce((best, need) => (worth(need) > worth(best) ? need : best), first)
}

const worth = ({ texts, of }: Need): number => {
  // A backslash is rare, and comes with most needs of JSON: it tells nothing about which of them is better.
  const telling = texts.filter((text) => text !== '\\')
  return (of === 'value' ? 1_000 : 0) + Math.min(...telling.map((text) => text.length), 64) - telling.length
}

/** One need with alternatives can be asked for, and any number of those without. */
function literals(needs: readonly Need[], otherwise?: string): Literals {
  const include = [...new Set(needs.flatMap(({ texts }) => (texts.length === 1 ? texts : [])))]
  const any = mostTelling(needs.filter(({ texts }) => texts.length > 1))?.texts ?? []
  const nothing = include.length + any.length === 0
  return { include: nothing && otherwise !== undefined ? [otherwise] : include, exclude: [], any }
}

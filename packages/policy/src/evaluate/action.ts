import { type Glob, compileGlob, matchGlob } from '../text/glob.ts'
import type { Facts } from './facts.ts'

/** One entry of `Action` or `NotAction`. */
export interface ActionPattern {
  /** As written. */
  readonly text: string
  /** Of the whole action in lower case. */
  readonly glob: Glob
}

/** `Action` or, with `negated`, `NotAction`. */
export interface ActionElement {
  readonly negated: boolean
  readonly patterns: readonly ActionPattern[]
}

/** Cuts off stray white space and commas, which AWS lets stand around an action. */
export function trimAction(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isStray(text.charAt(start))) start += 1
  while (end > start && isStray(text.charAt(end - 1))) end -= 1
  return text.slice(start, end)
}

const isStray = (character: string): boolean => character === ',' || character.trim() === ''

/** Service prefixes hold no wildcards, so a glob over the whole action never crosses the colon wrongly. */
export const compileAction = (text: string): ActionPattern => ({
  text,
  glob: compileGlob(trimAction(text).toLowerCase()),
})

/** Whether the element includes the request's action. */
export function actionMatches(element: ActionElement, facts: Facts): boolean {
  for (const pattern of element.patterns)
    if (matchGlob(pattern.glob, facts.action, facts.meter)) return !element.negated
  return element.negated
}

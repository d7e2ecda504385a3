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

/** Stray white space and commas around an action do not count. */
const STRAY = /^[\s,]+|[\s,]+$/g

export const trimAction = (text: string): string => text.replace(STRAY, '')

/** Service prefixes hold no wildcards, so a glob over the whole action never crosses the colon wrongly. */
export const compileAction = (text: string): ActionPattern => ({
  text,
  glob: compileGlob(trimAction(text).toLowerCase()),
})

export function actionMatches(element: ActionElement, facts: Facts): boolean {
  for (const pattern of element.patterns) if (matchGlob(pattern.glob, facts.action)) return !element.negated
  return element.negated
}

import type { DiagnosisStep } from '#services/mq/port.ts'

/** One step, and the commands that mend it. */
export interface Finding extends DiagnosisStep {
  readonly fix?: readonly string[]
  /** What comes after this link cannot be known or does not matter. */
  readonly isEnd?: boolean
}

/** Lines of a detail; empty ones are left out. */
export const lines = (...texts: readonly (string | undefined)[]): string =>
  texts.filter((text) => text !== undefined && text !== '').join('\n')

/** An instant as people and AWS write it. */
export const instant = (millis: number): string => new Date(millis).toISOString()

/** `1 event`, `2 events`. */
export const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`

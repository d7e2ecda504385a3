import type { Comparison } from '#services/logs/patterns/compared-value.ts'
import type { Logic } from '#services/logs/patterns/logic.ts'

/** What one field of a message is called, and what it must be. */
export interface FieldPosition {
  /** Left out: it goes by its number. */
  readonly name?: string
  /** Left out: it may be anything. */
  readonly condition?: Logic<Comparison>
}

/** `[ip, user, ..., status = 4*]` */
export interface DelimitedPattern {
  readonly kind: 'delimited'
  /** All positions, or those before the ellipsis. */
  readonly first: readonly FieldPosition[]
  /** The positions after the ellipsis. Left out: there is no ellipsis. */
  readonly last?: readonly FieldPosition[]
}

import type { ActionElement } from './evaluate/action.ts'
import type { Condition } from './evaluate/condition.ts'
import type { PrincipalElement } from './evaluate/principal.ts'
import type { ResourceElement } from './evaluate/resource.ts'

/**
 * Where a policy is used, which decides what it may hold. `identity`: attached to users, groups and roles; also
 * boundaries, session policies, SCPs and RCP-shaped limits without a principal. `resource`: has principals.
 * `trust`: a role's; has principals and no resource.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust'

/** Version of the policy language; the newer one has variables. */
export type PolicyVersion = '2008-10-17' | '2012-10-17'
/** What a statement does to the requests it applies to. */
export type Effect = 'Allow' | 'Deny'

/** A place in a policy's source text; both numbers start at 1, columns count UTF-16 units. */
export interface SourcePosition {
  readonly line: number
  readonly column: number
}

/** From the first character of something to just behind its last one. */
export interface SourceRange {
  readonly start: SourcePosition
  readonly end: SourcePosition
}

/** One statement, compiled for evaluation. */
export interface Statement {
  /** Counts from 0 in the order of the text. */
  readonly index: number
  readonly sid?: string
  readonly effect: Effect
  readonly position: SourceRange
  /** Absent in identity policies. */
  readonly principal?: PrincipalElement
  readonly action: ActionElement
  /** Absent in trust policies: they speak of their own role. */
  readonly resource?: ResourceElement
  readonly conditions: readonly Condition[]
}

/** A parsed policy; nothing in it changes. */
export interface Policy {
  readonly kind: PolicyKind
  readonly version: PolicyVersion
  readonly id?: string
  readonly statements: readonly Statement[]
}

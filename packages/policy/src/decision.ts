import type { PrincipalMatch } from './evaluate/principal.ts'
import type { Effect, SourceRange } from './policy.ts'

/** Which sort of policy; `trust` is the resource policy of a role. */
export type PolicyType = 'identity' | 'resource' | 'trust' | 'boundary' | 'session' | 'scp' | 'rcp' | 'endpoint'

/** A statement by the names that people know it by. */
export interface StatementReference {
  readonly policyType: PolicyType
  readonly policyName: string
  readonly policyArn?: string
  /** Counts from 0. */
  readonly index: number
  readonly sid?: string
  readonly effect: Effect
  readonly position: SourceRange
}

/** One condition that was not met, or, in a Deny that matched, was met in a way worth telling. */
export interface ConditionReport {
  /** As written, e.g. `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string
  readonly key: string
  readonly policyValues: readonly string[]
  /** What the request has; absent when the key is missing. */
  readonly actualValues?: readonly string[]
  readonly missing: boolean
  /** Why the condition could not be met whatever its values, e.g. a plain operator on a multi-valued key. */
  readonly note?: string
}

/** A statement that applied. */
export interface MatchedStatement extends StatementReference {
  /** By which name its Principal includes the caller; absent when it has none. */
  readonly principalMatch?: PrincipalMatch
  /** Conditions that held only because their key is missing; the usual surprise of a Deny with a negated operator. */
  readonly metByMissingKey: readonly ConditionReport[]
}

/** A statement about this action or resource that did not apply, and the first reason why. */
export interface UnmatchedStatement extends StatementReference {
  readonly failed: 'principal' | 'action' | 'resource' | 'condition'
  /** What the failed element holds, as written; empty for conditions. */
  readonly expected: readonly string[]
  /** The conditions that failed. */
  readonly conditions: readonly ConditionReport[]
}

/** What one sort of policy said by itself. */
export interface PolicyTypeOutcome {
  readonly policyType: PolicyType
  readonly outcome: 'allow' | 'explicit-deny' | 'no-match'
}

/**
 * The answer to a request; plain data that survives JSON. `decidedBy` is the sort of policy that was decisive, `root`
 * when the root user needed none, and `error` when evaluation failed (always a denial).
 */
export interface Decision {
  readonly allowed: boolean
  readonly kind: 'allow' | 'explicit-deny' | 'implicit-deny'
  readonly decidedBy: PolicyType | 'root' | 'error'
  readonly crossAccount: boolean
  /** How messages name the caller. */
  readonly principal: string
  readonly action: string
  readonly resource: string
  /** The statements that applied: the Deny that stopped the request, or the Allows, even where they were not enough. */
  readonly matched: readonly MatchedStatement[]
  /** Only with denials: statements that came near, at most {@link MAX_UNMATCHED}. */
  readonly unmatched: readonly UnmatchedStatement[]
  /** How many more came near. */
  readonly unmatchedOmitted: number
  /** Condition keys that statements asked for and the request does not have. */
  readonly missingKeys: readonly string[]
  /** Each sort of policy that was present, with what it said. Only with denials or full detail. */
  readonly outcomes: readonly PolicyTypeOutcome[]
  /** Only with `decidedBy: 'error'`: what could not be evaluated. */
  readonly error?: string
}

/** Most near misses that a decision lists. */
export const MAX_UNMATCHED = 20

/** Most statements that applied that a decision lists. */
export const MAX_MATCHED = 50

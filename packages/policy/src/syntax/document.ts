import type { PrincipalGroup } from '../evaluate/principal.ts'
import type { OperatorUse } from '../operators/list.ts'
import type { PolicyVersion } from '../policy.ts'
import type { Place } from './json-node.ts'

/** A policy whose shape is right and whose contents nobody has checked yet. */
export interface PolicyDocument {
  /** Absent when the text has none; such a policy is of version 2008-10-17. */
  readonly version?: PolicyVersion
  readonly id?: string
  readonly statements: readonly StatementDocument[]
}

export interface StatementDocument {
  readonly place: Place
  readonly sid?: string
  /** As written; the case may be wrong. */
  readonly effect: string
  readonly principal?: PrincipalDocument
  readonly action?: ListDocument
  readonly resource?: ListDocument
  readonly conditions: readonly ConditionDocument[]
}

/** The texts of an element that may be negated by `Not`. */
export interface ListDocument {
  readonly negated: boolean
  readonly values: readonly TextDocument[]
}

export interface TextDocument {
  readonly text: string
  readonly place: Place
}

export interface PrincipalDocument {
  readonly negated: boolean
  readonly place: Place
  readonly values: readonly (TextDocument & { readonly group: PrincipalGroup | '*' })[]
}

export interface ConditionDocument {
  /** As written. */
  readonly operator: string
  readonly use: OperatorUse
  readonly key: string
  readonly values: readonly TextDocument[]
}

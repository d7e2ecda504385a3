import type { Comparison } from '#services/logs/patterns/compared-value.ts'
import type { Logic } from '#services/logs/patterns/logic.ts'

/** One step from a JSON value to those within it. */
export type SelectorStep =
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  /** `.*`: every member of an object. */
  | { readonly kind: 'members' }
  /** `[*]`: every element of an array. */
  | { readonly kind: 'elements' }

/** A way through a JSON message, such as `$.a[0].b`. */
export interface Selector {
  /** As it was written. */
  readonly text: string
  readonly steps: readonly SelectorStep[]
}

export type JsonTest =
  | ({ readonly kind: 'comparison' } & Comparison)
  | { readonly kind: 'is'; readonly value: null | boolean }
  | { readonly kind: 'not-exists' }

export interface JsonCondition {
  readonly selector: Selector
  readonly test: JsonTest
}

/** `{ $.a = "x" && … }` */
export interface JsonPattern {
  readonly kind: 'json'
  readonly logic: Logic<JsonCondition>
}

import type { Condition } from './evaluate/condition.ts'
import type { PrincipalElement } from './evaluate/principal.ts'
import type { Policy, Statement } from './policy.ts'

type Json = string | readonly Json[] | { readonly [key: string]: Json }

/**
 * A policy as JSON text in AWS's usual order of elements, a list of one as a bare value. Reading it again gives a
 * policy that decides the same.
 */
export const printPolicy = (policy: Policy, indent?: number): string =>
  JSON.stringify(
    {
      Version: policy.version,
      ...(policy.id === undefined ? {} : { Id: policy.id }),
      Statement: policy.statements.map(printStatement),
    },
    null,
    indent,
  )

function printStatement({ sid, effect, principal, action, resource, conditions }: Statement): Json {
  const not = (element: { readonly negated: boolean }, name: string): string => (element.negated ? `Not${name}` : name)
  return {
    ...(sid === undefined ? {} : { Sid: sid }),
    Effect: effect,
    ...(principal === undefined ? {} : { [not(principal, 'Principal')]: printPrincipal(principal) }),
    [not(action, 'Action')]: oneOrMany(action.patterns.map(({ text }) => text)),
    ...(resource === undefined
      ? {}
      : { [not(resource, 'Resource')]: oneOrMany(resource.patterns.map(({ text }) => text)) }),
    ...(conditions.length === 0 ? {} : { Condition: printConditions(conditions) }),
  }
}

function printPrincipal({ written }: PrincipalElement): Json {
  if (written[0]?.[0] === '*') return '*'
  const groups = Map.groupBy(written, ([group]) => group)
  return Object.fromEntries([...groups].map(([group, entries]) => [group, oneOrMany(entries.map(([, text]) => text))]))
}

/** A Map first, since keys such as `__proto__` are as good as others here. */
function printConditions(conditions: readonly Condition[]): Json {
  const operators = Map.groupBy(conditions, ({ written }) => written)
  return Object.fromEntries(
    [...operators].map(([operator, entries]) => [
      operator,
      Object.fromEntries(
        entries.map(({ key, values }) => [key, oneOrMany(values.map(({ template }) => template.text))]),
      ),
    ]),
  )
}

const oneOrMany = (texts: readonly string[]): Json => (texts.length === 1 ? (texts[0] ?? '') : texts)

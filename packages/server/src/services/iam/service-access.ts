import type { Policy } from '@sluice/policy'

/** Whether a policy allows anything of a service, named as in actions, e.g. `mq`. Conditions are not looked at. */
export const grantsService = (policy: Policy, namespace: string): boolean =>
  policy.statements.some(
    ({ effect, action }) =>
      effect === 'Allow' &&
      (action.negated || action.patterns.some(({ text }) => opens(text.toLowerCase(), namespace))),
  )

const opens = (pattern: string, namespace: string): boolean =>
  pattern === '*' || pattern.startsWith(`${namespace.toLowerCase()}:`)

/** The services of the platform: the namespace in actions, and the name that reports print. */
export const SERVICES: readonly (readonly [namespace: string, name: string])[] = [
  ['cloudtrail', 'AWS CloudTrail'],
  ['iam', 'AWS Identity and Access Management'],
  ['logs', 'Amazon CloudWatch Logs'],
  ['mq', 'Amazon MQ'],
  ['sts', 'AWS Security Token Service'],
]

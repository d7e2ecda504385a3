import { contextKeys } from '@sluice/policy'
import type { IamHandler } from '#services/iam/operation.ts'
import { type SimulatedPolicy, readPolicies } from '#services/iam/simulation.ts'

/** The condition keys that policies ask for, each once, in order. */
export const getContextKeysForCustomPolicy: IamHandler<'GetContextKeysForCustomPolicy'> = (input) => ({
  ContextKeyNames: keysOf(readPolicies('PolicyInputList', input.PolicyInputList)),
})

/** Keys have no case; the first way of writing one is kept. */
export function keysOf(policies: readonly Pick<SimulatedPolicy, 'policy'>[]): readonly string[] {
  const byName = new Map<string, string>()
  for (const key of policies.flatMap(({ policy }) => contextKeys(policy)))
    if (!byName.has(key.toLowerCase())) byName.set(key.toLowerCase(), key)
  return [...byName.values()].toSorted()
}

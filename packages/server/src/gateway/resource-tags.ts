import { type NamedPolicy, type Policies, type Policy, contextKeys } from '@sluice/policy'

const answers = new WeakMap<Policy, boolean>()

/** Whether any policy has a condition or a variable on tags of the resource; worked out once a policy. */
export function speaksOfResourceTags({ identity, resource, boundary = [], session = [] }: Policies): boolean {
  return [identity, resource, boundary, session].some((policies) => policies.some(speaks))
}

function speaks({ policy }: NamedPolicy): boolean {
  const known = answers.get(policy)
  if (known !== undefined) return known
  const answer = contextKeys(policy).some((key) => key.toLowerCase().startsWith('aws:resourcetag/'))
  answers.set(policy, answer)
  return answer
}

import { type NamedPolicy, type Policies, type Policy, contextKeys } from '@sluice/policy'

const TAG_KEY = /^(?:aws|iam):resourcetag\//i
const answers = new WeakMap<Policy, boolean>()

/** Whether any policy has a condition or a variable on tags of the resource; worked out once a policy. */
export function speaksOfResourceTags({ identity, resource, boundary = [], session = [] }: Policies): boolean {
  return [identity, resource, boundary, session].some((policies) => policies.some(speaks))
}

function speaks({ policy }: NamedPolicy): boolean {
  const known = answers.get(policy)
  if (known !== undefined) return known
  const answer = contextKeys(policy).some((key) => TAG_KEY.test(key))
  answers.set(policy, answer)
  return answer
}

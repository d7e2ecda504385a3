import type { KmsParts } from '#services/kms/deps.ts'
import { recordOf } from '#services/kms/keys/key-record.ts'
import { checkKeyPolicy } from '#services/kms/policies/check-policy.ts'
import { checkPolicyName } from '#services/kms/policies/policy-name.ts'
import type { KmsHandler } from '#services/kms/types.ts'

/** Replaces the key policy; it holds for the next request. */
export const putKeyPolicy =
  ({ keys, targets }: KmsParts): KmsHandler<'PutKeyPolicy'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'PutKeyPolicy')
    checkPolicyName(input.PolicyName)
    checkKeyPolicy(input.Policy, key.arn, ctx, input.BypassPolicyLockoutSafetyCheck)
    await keys.change(key, ctx.now, (now) => ({ record: { ...recordOf(now), policy: input.Policy } }))
    return {}
  }

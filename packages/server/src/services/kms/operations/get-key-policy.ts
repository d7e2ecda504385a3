import type { KmsParts } from '#services/kms/deps.ts'
import { POLICY_NAME, checkPolicyName } from '#services/kms/policies/policy-name.ts'
import type { KmsHandler } from '#services/kms/types.ts'

export const getKeyPolicy =
  ({ targets }: KmsParts): KmsHandler<'GetKeyPolicy'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'GetKeyPolicy')
    checkPolicyName(input.PolicyName)
    return { Policy: key.policy, PolicyName: POLICY_NAME }
  }

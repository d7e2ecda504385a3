import type { KmsParts } from '#services/kms/deps.ts'
import { PAGE } from '#services/kms/limits.ts'
import { pageOfArray } from '#services/kms/paging.ts'
import { POLICY_NAME } from '#services/kms/policies/policy-name.ts'
import type { KmsHandler } from '#services/kms/types.ts'

export const listKeyPolicies =
  ({ targets, tokens }: KmsParts): KmsHandler<'ListKeyPolicies'> =>
  async (input, ctx) => {
    const { key } = await targets.of(input, input.KeyId, ctx, 'ListKeyPolicies')
    const { items, rest } = await pageOfArray(tokens, input, {
      operation: 'ListKeyPolicies',
      parameters: { key: key.arn },
      standard: PAGE.policies,
      all: [POLICY_NAME],
    })
    return { PolicyNames: items.map(([, name]) => name), ...rest }
  }

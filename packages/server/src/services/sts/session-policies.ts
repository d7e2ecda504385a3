import { deflateRawSync } from 'node:zlib'
import { PolicySyntaxError, parsePolicy } from '@sluice/policy'
import type { AccountId } from '#kernel/ids.ts'
import type { Session, Tag } from '#kernel/principal.ts'
import type { SessionPort } from '#services/iam/port.ts'
import { stsErrors } from '#services/sts/errors.ts'
import { MAX_PACKED_BYTES, MAX_SESSION_POLICIES } from '#services/sts/limits.ts'

/** What a call asks to limit its session by. */
export interface AskedPolicies {
  readonly Policy?: string | undefined
  readonly PolicyArns?: readonly { readonly arn?: string | undefined }[] | undefined
}

/**
 * The session policies of a call.
 * @throws AwsError MalformedPolicyDocument; ValidationError for managed policies that the account does not have
 */
export async function readSessionPolicies(
  sessions: SessionPort,
  account: AccountId,
  { Policy: policy, PolicyArns = [] }: AskedPolicies,
): Promise<Pick<Session, 'policies' | 'policyArns'>> {
  if (PolicyArns.length > MAX_SESSION_POLICIES) throw stsErrors.tooManyPolicies()
  if (policy !== undefined) checkPolicy(policy)
  const policyArns = PolicyArns.map(({ arn }) => {
    if (arn === undefined) throw stsErrors.badPolicyArn()
    return arn
  })
  for (const arn of policyArns) if (!(await sessions.hasPolicy(account, arn))) throw stsErrors.noSuchPolicy(arn)
  return {
    ...(policy === undefined ? {} : { policies: [policy] }),
    ...(policyArns.length === 0 ? {} : { policyArns }),
  }
}

function checkPolicy(policy: string): void {
  try {
    parsePolicy(policy, 'identity')
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw stsErrors.malformedPolicy(error.message)
    throw error
  }
}

/**
 * How much of the space for policies and tags a session takes, in percent; `undefined`: it has neither.
 * @throws AwsError PackedPolicyTooLarge
 */
export function packedSize({ policies = [], policyArns = [], tags = [] }: Session): number | undefined {
  if (policies.length + policyArns.length + tags.length === 0) return undefined
  const text = JSON.stringify([policies, policyArns, tags.map(({ Key, Value }: Tag) => [Key, Value])])
  const percent = Math.ceil((deflateRawSync(text).length * 100) / MAX_PACKED_BYTES)
  if (percent > 100) throw stsErrors.packedTooLarge(percent)
  return percent
}

import { PolicySyntaxError, type Policy, cachedPolicy, decide, parsePolicy } from '@sluice/policy'
import { principalIdentity } from '#kernel/principal-identity.ts'
import type { Caller } from '#services/kms/types.ts'
import { kmsErrors } from '#services/kms/errors.ts'
import { MAX_POLICY_BYTES } from '#services/kms/limits.ts'

/** @throws AwsError LimitExceededException, MalformedPolicyDocumentException with AWS's text of the fault */
function readKeyPolicy(document: string): Policy {
  if (Buffer.byteLength(document) > MAX_POLICY_BYTES)
    throw kmsErrors.limit(`A key policy can have at most ${String(MAX_POLICY_BYTES)} bytes.`)
  try {
    return parsePolicy(document, 'resource')
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw kmsErrors.malformedPolicy(error.message)
    throw error
  }
}

const EVERYTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
})

/**
 * Checks a new key policy and, unless that is bypassed, that its author can change it again: by itself, or by naming
 * the account, whose identity policies then decide.
 * @throws AwsError MalformedPolicyDocumentException, LimitExceededException
 */
export function checkKeyPolicy(document: string, keyArn: string, caller: Caller, bypass = false): void {
  const policy = readKeyPolicy(document)
  if (bypass) return
  const { principal, account } = caller
  const { allowed } = decide(
    {
      principal: principalIdentity(principal),
      action: 'kms:PutKeyPolicy',
      resource: keyArn,
      resourceAccount: account,
      context: {
        'kms:CallerAccount': account,
        'aws:PrincipalAccount': account,
        ...(principal.kind === 'service' || principal.kind === 'anonymous'
          ? {}
          : { 'aws:PrincipalArn': principal.kind === 'role' ? principal.roleArn : principal.arn }),
      },
      resourcePolicyRequired: true,
    },
    {
      identity: [{ name: 'identity policies', policy: cachedPolicy(EVERYTHING, 'identity') }],
      resource: [{ name: 'key policy', policy }],
    },
  )
  if (!allowed) throw kmsErrors.lockout()
}

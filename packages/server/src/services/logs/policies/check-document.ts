import { PolicySyntaxError, parsePolicy } from '@sluice/policy'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_POLICY_BYTES } from '#services/logs/limits.ts'

/** @throws AwsError InvalidParameterException when it is too long or no resource policy */
export function checkPolicyDocument(document: string): void {
  const bytes = Buffer.byteLength(document)
  if (bytes < 1 || bytes > MAX_POLICY_BYTES) throw logsErrors.policyTooLong(MAX_POLICY_BYTES)
  try {
    parsePolicy(document, 'resource')
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw logsErrors.invalidPolicy(error.detail)
    throw error
  }
}

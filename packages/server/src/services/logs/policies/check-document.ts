import { PolicySyntaxError, parsePolicy } from '@sluice/policy'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_POLICY_BYTES } from '#services/logs/limits.ts'

/**
 * @param most UTF-8 bytes that it may have
 * @throws AwsError InvalidParameterException when it is too long or no resource policy
 */
export function checkPolicyDocument(document: string, most: number = MAX_POLICY_BYTES): void {
  const bytes = Buffer.byteLength(document)
  if (bytes < 1 || bytes > most) throw logsErrors.policyTooLong(most)
  try {
    parsePolicy(document, 'resource')
  } catch (error) {
    if (error instanceof PolicySyntaxError) throw logsErrors.invalidPolicy(error.detail)
    throw error
  }
}

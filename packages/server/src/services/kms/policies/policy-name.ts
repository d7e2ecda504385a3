import { kmsErrors } from '#services/kms/errors.ts'

/** The only name that a key policy has. */
export const POLICY_NAME = 'default'

/** @throws AwsError NotFoundException */
export function checkPolicyName(name: string = POLICY_NAME): void {
  if (name !== POLICY_NAME) throw kmsErrors.policyNotFound()
}

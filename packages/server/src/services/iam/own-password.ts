import { cachedPolicy } from '@sluice/policy'
import type { AccessCheck, AccessScope, AttachedPolicy } from '#kernel/service.ts'
import { findAccount } from '#services/iam/accounts.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/**
 * What an account's password policy lets every user do that may change its own password: that, and look at the policy.
 * It is an Allow like any other: a Deny of the user's own policies still counts.
 * @source IAM user guide, "Permit IAM users to change their own passwords"
 */
export const ownPasswordPolicies =
  (records: RecordStore) =>
  async ({ action }: AccessCheck, { account, principal }: AccessScope): Promise<readonly AttachedPolicy[]> => {
    if (principal.kind !== 'user' || !ACTIONS.has(action)) return []
    const policy = (await findAccount(records, account))?.passwordPolicy
    return policy?.usersMayChange === true ? [{ name: 'the password policy', policy: allowing(principal.arn) }] : []
  }

const ACTIONS: ReadonlySet<string> = new Set(['iam:ChangePassword', 'iam:GetAccountPasswordPolicy'])

const allowing = (userArn: string) =>
  cachedPolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: userArn }, Action: 'iam:ChangePassword', Resource: userArn },
        { Effect: 'Allow', Principal: { AWS: userArn }, Action: 'iam:GetAccountPasswordPolicy', Resource: '*' },
      ],
    }),
    'resource',
  )

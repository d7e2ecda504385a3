import { changeAccount } from '#services/iam/accounts.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** The account then has AWS's default policy. */
export function deleteAccountPasswordPolicy({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'DeleteAccountPasswordPolicy'> {
  return async (_input, { account, now }) => {
    await changeAccount(records, account, now, ({ passwordPolicy, ...rest }) => {
      if (passwordPolicy === undefined) throw iamErrors.passwordPolicyNotFound(account)
      return [rest]
    })
    return {}
  }
}

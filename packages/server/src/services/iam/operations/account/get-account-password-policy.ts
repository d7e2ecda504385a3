import { findAccount } from '#services/iam/accounts.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** The account's own policy; AWS's default is not shown. */
export function getAccountPasswordPolicy({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'GetAccountPasswordPolicy'> {
  return async (_input, { account }) => {
    const policy = (await findAccount(records, account))?.passwordPolicy
    if (policy === undefined) throw iamErrors.passwordPolicyNotFound(account)
    const { maxAge, reusePrevention, hardExpiry } = policy
    return {
      PasswordPolicy: {
        MinimumPasswordLength: policy.minimumLength,
        RequireSymbols: policy.symbols,
        RequireNumbers: policy.numbers,
        RequireUppercaseCharacters: policy.upperCase,
        RequireLowercaseCharacters: policy.lowerCase,
        AllowUsersToChangePassword: policy.usersMayChange,
        ExpirePasswords: maxAge !== undefined,
        ...(maxAge === undefined ? {} : { MaxPasswordAge: maxAge }),
        ...(reusePrevention === undefined ? {} : { PasswordReusePrevention: reusePrevention }),
        ...(hardExpiry === undefined ? {} : { HardExpiry: hardExpiry }),
      },
    }
  }
}

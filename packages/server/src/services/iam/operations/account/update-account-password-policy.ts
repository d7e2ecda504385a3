import { changeAccount } from '#services/iam/accounts.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

const SHORTEST = 6

/** Replaces the whole policy: what is left out gets its default, as on AWS. */
export function updateAccountPasswordPolicy({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'UpdateAccountPasswordPolicy'> {
  return async (input, { account, now }) => {
    const { MaxPasswordAge: maxAge, PasswordReusePrevention: reusePrevention, HardExpiry: hardExpiry } = input
    const passwordPolicy = {
      minimumLength: input.MinimumPasswordLength ?? SHORTEST,
      symbols: input.RequireSymbols ?? false,
      numbers: input.RequireNumbers ?? false,
      upperCase: input.RequireUppercaseCharacters ?? false,
      lowerCase: input.RequireLowercaseCharacters ?? false,
      usersMayChange: input.AllowUsersToChangePassword ?? false,
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(reusePrevention === undefined ? {} : { reusePrevention }),
      ...(hardExpiry === undefined ? {} : { hardExpiry }),
    }
    await changeAccount(records, account, now, (record) => [{ ...record, passwordPolicy }])
    return {}
  }
}

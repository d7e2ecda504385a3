import { changeAccount } from '#services/iam/accounts.ts'
import { aliasKey } from '#services/iam/alias.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** Frees the alias for any account. */
export function deleteAccountAlias({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteAccountAlias'> {
  return async (input, { account, now }) => {
    await changeAccount(records, account, now, ({ alias, ...rest }) => {
      if (alias !== input.AccountAlias) throw iamErrors.aliasNotFound(input.AccountAlias)
      return [rest, { kind: 'delete', key: aliasKey(alias) }]
    })
    return {}
  }
}

import { changeAccount } from '#services/iam/accounts.ts'
import { aliasKey, checkAlias } from '#services/iam/alias.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** An account has one alias: a new one takes the place of the old. No two accounts share one. */
export function createAccountAlias({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateAccountAlias'> {
  return async (input, { account, now }) => {
    const { AccountAlias: alias } = input
    checkAlias(alias)
    await changeAccount(records, account, now, async (record) => {
      const taken = await records.get(aliasKey(alias))
      if (taken !== undefined) throw iamErrors.aliasExists(alias)
      const before = record.alias === undefined ? [] : [{ kind: 'delete' as const, key: aliasKey(record.alias) }]
      return [{ ...record, alias }, { kind: 'put', key: aliasKey(alias), value: { account }, expect: 0 }, ...before]
    })
    return {}
  }
}

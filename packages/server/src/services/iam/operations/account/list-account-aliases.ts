import { findAccount } from '#services/iam/accounts.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** The account's alias, if it has one. */
export function listAccountAliases({ records }: Pick<IamDeps, 'records'>): IamHandler<'ListAccountAliases'> {
  return async (_input, { account }) => {
    const { alias } = (await findAccount(records, account)) ?? {}
    return { AccountAliases: alias === undefined ? [] : [alias], IsTruncated: false }
  }
}

import { changeAccount } from '#services/iam/accounts.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** The version that GetAccountSummary tells; session tokens are good in every Region with either. */
export function setSecurityTokenServicePreferences({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'SetSecurityTokenServicePreferences'> {
  return async ({ GlobalEndpointTokenVersion: version }, { account, now }) => {
    await changeAccount(records, account, now, (record) => [
      { ...record, globalEndpointTokenVersion: version === 'v2Token' ? 2 : 1 },
    ])
    return {}
  }
}

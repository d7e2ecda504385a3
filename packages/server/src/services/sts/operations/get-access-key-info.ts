import { stsErrors } from '#services/sts/errors.ts'
import type { StsDeps, StsHandler } from '#services/sts/operation.ts'

/** The account is part of the id; whether the key exists is not looked at, as on AWS. */
export function getAccessKeyInfo({ sessions }: Pick<StsDeps, 'sessions'>): StsHandler<'GetAccessKeyInfo'> {
  return ({ AccessKeyId: id }) => {
    const account = sessions.accountOf(id)
    if (account === undefined) throw stsErrors.badAccessKeyId()
    return { Account: account }
  }
}

import { iamErrors } from '#services/iam/errors.ts'
import { newAccessKeyId, newSecret } from '#services/iam/iam-ids.ts'
import { requireKeyHolder } from '#services/iam/key-holder.ts'
import { MAX_ACCESS_KEYS } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { ownerName } from '#services/iam/access-key-view.ts'
import { type AccessKeyRecord, accessKeyKey, secretContext } from '#services/iam/records.ts'
import { targetOf } from '#services/iam/target.ts'
import { retryConflicts } from '#services/iam/entity.ts'

/** The answer is the only place where the secret is ever readable. */
export function createAccessKey({
  records,
  sealer,
}: Pick<IamDeps, 'records' | 'sealer'>): IamHandler<'CreateAccessKey'> {
  return async (input, { account, principal, now }) => {
    const target = targetOf(input.UserName, principal)
    const secret = newSecret()
    return retryConflicts(async () => {
      const holder = await requireKeyHolder(records, account, target, wholeSecond(now))
      if (holder.accessKeyIds.length >= MAX_ACCESS_KEYS) throw iamErrors.tooManyAccessKeys()
      const id = newAccessKeyId(account)
      const value: AccessKeyRecord = {
        owner: holder.owner,
        status: 'Active',
        createdAt: wholeSecond(now),
        sealedSecret: sealer.seal(secret, secretContext(account, id)),
      }
      await records.commit([
        holder.withKeys([...holder.accessKeyIds, id]),
        { kind: 'put', key: accessKeyKey(account, id), value, expect: 0 },
      ])
      return {
        AccessKey: {
          UserName: ownerName(account, value.owner),
          AccessKeyId: id,
          Status: value.status,
          SecretAccessKey: secret,
          CreateDate: value.createdAt,
        },
      }
    })
  }
}

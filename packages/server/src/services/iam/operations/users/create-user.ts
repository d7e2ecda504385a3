import { boundaryChanges } from '#services/iam/boundary.ts'
import { checkName, checkPath, checkTags } from '#services/iam/checks.ts'
import { checkQuota, createEntity } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUniqueId } from '#services/iam/iam-ids.ts'
import { users } from '#services/iam/identities.ts'
import { MAX_USERS } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { USERS, type UserRecord, userKey } from '#services/iam/records.ts'
import { fullUser } from '#services/iam/views.ts'

const QUOTA = { collection: USERS, quota: 'UsersPerAccount', most: MAX_USERS } as const

/** Names are unique without case. */
export function createUser({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateUser'> {
  return async (input, { account, now }) => {
    const { UserName: userName, Path: path = '/', Tags: tags = [], PermissionsBoundary: boundary } = input
    checkName('userName', userName)
    checkPath(path)
    checkTags(tags)
    await checkQuota(records, account, QUOTA)
    const made: UserRecord = {
      userName,
      userId: newUniqueId('AIDA'),
      path,
      createdAt: wholeSecond(now),
      tags,
      accessKeyIds: [],
      policies: {},
    }
    const user: UserRecord = boundary === undefined ? made : { ...made, boundary }
    const exists = () => iamErrors.entityExists('user', userName)
    await createEntity(records, userKey(account, userName), user, exists, () =>
      boundaryChanges(records, account, users, made, boundary),
    )
    return { User: fullUser(account, user) }
  }
}

import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { AccountId } from '#kernel/ids.ts'
import { checkName, checkPath, checkTags } from '#services/iam/checks.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { newUserId } from '#services/iam/iam-ids.ts'
import { MAX_USERS } from '#services/iam/limits.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import { USERS, type UserRecord, userKey } from '#services/iam/records.ts'
import { fullUser } from '#services/iam/user-view.ts'
import { type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

/** Names are unique without case; with a boundary it fails, since there are no managed policies to point to. */
export function createUser({ records }: Pick<IamDeps, 'records'>): IamHandler<'CreateUser'> {
  return async (input, { account, now }) => {
    const { UserName: userName, Path: path = '/', Tags: tags = [] } = input
    checkName('userName', userName)
    checkPath(path)
    checkTags(tags)
    if (input.PermissionsBoundary !== undefined) throw iamErrors.boundaryNotFound(input.PermissionsBoundary)
    await checkQuota(records, account)
    const user: UserRecord = {
      userName,
      userId: newUserId(),
      path,
      createdAt: wholeSecond(now),
      tags,
      accessKeyIds: [],
      policies: {},
    }
    try {
      await records.commit([{ kind: 'put', key: userKey(account, userName), value: user, expect: 0 }])
    } catch (error) {
      if (error instanceof RevisionConflict) throw iamErrors.userExists(userName)
      throw error
    }
    return { User: fullUser(account, user) }
  }
}

async function checkQuota(records: RecordStore, account: AccountId): Promise<void> {
  const users = await records.list(USERS, account, GLOBAL_REGION, { limit: MAX_USERS })
  if (users.length >= MAX_USERS) throw iamErrors.tooManyUsers()
}

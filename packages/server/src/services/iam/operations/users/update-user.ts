import type { AccountId } from '#kernel/ids.ts'
import { checkName, checkPath } from '#services/iam/checks.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { users } from '#services/iam/identities.ts'
import { type MfaDeviceRecord, mfaDeviceKey } from '#services/iam/mfa-devices.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { type AccessKeyRecord, type UserRecord, accessKeyKey, membershipKey, userKey } from '#services/iam/records.ts'
import { moveIdentity } from '#services/iam/rename.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

/** Another name or path. Keys, groups, policies and the unique id stay; the ARN changes. */
export function updateUser({ records }: Pick<IamDeps, 'records'>): IamHandler<'UpdateUser'> {
  return async (input, { account }) => {
    const { UserName: userName, NewUserName: newName = userName, NewPath: newPath } = input
    checkName('newUserName', newName)
    if (newPath !== undefined) checkPath(newPath)
    await retryConflicts(async () => {
      const found = await users.require(records, account, userName)
      const user: UserRecord = { ...found.value, userName: newName, path: newPath ?? found.value.path }
      const to = { key: userKey(account, newName), value: user, exists: () => iamErrors.entityExists('user', newName) }
      await moveIdentity(records, account, users, found, to, [
        ...(await renamedKeys(records, account, user)),
        ...(await renamedDevices(records, account, user)),
        ...renamedMemberships(account, found.value, user),
      ])
    })
    return {}
  }
}

async function renamedKeys(
  records: RecordStore,
  account: AccountId,
  { accessKeyIds, userName, userId }: UserRecord,
): Promise<readonly RecordChange[]> {
  const keys = await Promise.all(accessKeyIds.map((id) => records.get<AccessKeyRecord>(accessKeyKey(account, id))))
  return keys
    .filter((found) => found !== undefined)
    .map(({ key, revision, value }) => ({
      kind: 'put',
      key,
      value: { ...value, owner: { kind: 'user', userName, userId } },
      expect: revision,
    }))
}

async function renamedDevices(
  records: RecordStore,
  account: AccountId,
  { mfaDevices = [], userName, userId }: UserRecord,
): Promise<readonly RecordChange[]> {
  const devices = await Promise.all(
    mfaDevices.map((serial) => records.get<MfaDeviceRecord>(mfaDeviceKey(account, serial))),
  )
  const holder = { kind: 'user', userName, userId }
  return devices
    .filter((found) => found !== undefined)
    .map(({ key, revision, value }) => ({ kind: 'put', key, value: { ...value, holder }, expect: revision }))
}

const renamedMemberships = (account: AccountId, before: UserRecord, after: UserRecord): readonly RecordChange[] =>
  (before.groupIds ?? []).flatMap((groupId): readonly RecordChange[] => [
    { kind: 'delete', key: membershipKey(account, groupId, before.userName) },
    { kind: 'put', key: membershipKey(account, groupId, after.userName), value: { userName: after.userName } },
  ])

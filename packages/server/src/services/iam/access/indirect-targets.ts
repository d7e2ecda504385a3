import { type AccessTarget, resourceContext } from '#services/iam/access/target.ts'
import { roleArn, rootArn, userArn } from '#services/iam/arns.ts'
import { roleOfTask } from '#services/iam/deletion-tasks.ts'
import { findUser } from '#services/iam/identities.ts'
import { type AccessKeyRecord, accessKeyKey } from '#services/iam/records.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** The holder of an access key; whose key is unknown may be asked about by those who may ask about every user. */
export const keyOwnerTarget = (records: RecordStore): AccessTarget<{ readonly AccessKeyId: string }> => ({
  check: async ({ AccessKeyId: id }, { account }) => {
    const owner = (await records.get<AccessKeyRecord>(accessKeyKey(account, id)))?.value.owner
    if (owner === undefined) return { resource: userArn(account, '/', '*') }
    if (owner.kind === 'root') return { resource: rootArn(account) }
    const user = await findUser(records, account, owner.userName)
    return {
      resource: userArn(account, user?.value.path ?? '/', owner.userName),
      shownAs: `user ${owner.userName}`,
      context: resourceContext(user?.value),
    }
  },
  named: () => [],
})

/** The role that a deletion task, `task/aws-service-role/<service>/<role>/<uuid>`, is or was about. */
export const deletionTaskTarget: AccessTarget<{ readonly DeletionTaskId: string }> = {
  check: async ({ DeletionTaskId: id }, { account }) => {
    const role = roleOfTask(id)
    const path = id.slice('task'.length, role === undefined ? 0 : id.lastIndexOf(`${role}/`))
    return { resource: role === undefined ? roleArn(account, '/', '*') : roleArn(account, path, role) }
  },
  named: () => [],
}

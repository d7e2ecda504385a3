import { newUuid } from '#kernel/ids.ts'
import { type DeletionTaskRecord, deletionTaskKey, taskIdOf } from '#services/iam/deletion-tasks.ts'
import { retryConflicts } from '#services/iam/entity.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { isServiceLinked, roles } from '#services/iam/identities.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'
import { removeUse } from '#services/iam/policy-usage.ts'

/** The role is gone when this returns; the task tells so to those who ask. */
export function deleteServiceLinkedRole({ records }: Pick<IamDeps, 'records'>): IamHandler<'DeleteServiceLinkedRole'> {
  return async (input, { account }) => {
    const { RoleName: roleName } = input
    return retryConflicts(async () => {
      const { key, revision, value } = await roles.require(records, account, roleName)
      if (!isServiceLinked(value)) throw iamErrors.notServiceLinked(roleName)
      const task: DeletionTaskRecord = { taskId: taskIdOf(value, newUuid()) }
      const uses = (value.attached ?? []).map((arn) =>
        removeUse(account, arn, { use: 'policy', kind: 'role', name: roleName }),
      )
      await records.commit([
        { kind: 'delete', key, expect: revision },
        { kind: 'put', key: deletionTaskKey(account, roleName), value: task },
        ...uses,
      ])
      return { DeletionTaskId: task.taskId }
    })
  }
}

import { type DeletionTaskRecord, deletionTaskKey, roleOfTask } from '#services/iam/deletion-tasks.ts'
import { iamErrors } from '#services/iam/errors.ts'
import type { IamDeps, IamHandler } from '#services/iam/operation.ts'

/** A deletion that was taken on was carried out at once. The last one of each role is remembered. */
export function getServiceLinkedRoleDeletionStatus({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'GetServiceLinkedRoleDeletionStatus'> {
  return async ({ DeletionTaskId: taskId }, { account }) => {
    const roleName = roleOfTask(taskId)
    const found =
      roleName === undefined ? undefined : await records.get<DeletionTaskRecord>(deletionTaskKey(account, roleName))
    if (found?.value.taskId !== taskId) throw iamErrors.taskNotFound(taskId)
    return { Status: 'SUCCEEDED' }
  }
}

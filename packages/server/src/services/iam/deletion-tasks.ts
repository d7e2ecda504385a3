import { type AccountId, GLOBAL_REGION } from '#kernel/ids.ts'
import { serviceOf } from '#services/iam/service-linked.ts'
import type { RoleRecord } from '#services/iam/records.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/** The last deletion of a service's role, in collection `iam.deletion-task` by the role's name. */
export interface DeletionTaskRecord {
  readonly taskId: string
}

export const taskIdOf = (role: RoleRecord, uuid: string): string =>
  `task/aws-service-role/${serviceOf(role)}/${role.roleName}/${uuid}`

const TASK = /^task\/aws-service-role\/[\w.-]+\/([\w+=,.@-]+)\/[\w-]+$/

/** The role that a task is about. `undefined`: not the id of a task. */
export const roleOfTask = (taskId: string): string | undefined => TASK.exec(taskId)?.[1]

export const deletionTaskKey = (account: AccountId, roleName: string): RecordKey => ({
  collection: 'iam.deletion-task',
  account,
  region: GLOBAL_REGION,
  id: roleName.toLowerCase(),
})

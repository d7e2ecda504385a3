import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

export type ExportStatus = 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'PENDING_CANCEL'

/** An export as it is stored, newest first. */
export interface ExportTask {
  readonly taskId: string
  readonly taskName?: string
  readonly logGroupName: string
  /** The group's number: one that was created again is another group. */
  readonly group: number
  /** Inclusive. */
  readonly from: EpochMillis
  /** Inclusive. */
  readonly to: EpochMillis
  readonly destination: string
  readonly destinationPrefix: string
  readonly logStreamNamePrefix?: string
  readonly status: ExportStatus
  /** Why it failed, or was cut off. */
  readonly message?: string
  readonly creationTime: EpochMillis
  readonly completionTime?: EpochMillis
}

export interface ExportPlace {
  readonly account: AccountId
  readonly region: Region
}

export const EXPORT_TASKS = 'logs.export-task'
const ACTIVE = 'logs.export-active'

/** No instant of a task is beyond it. */
const LATEST = 9_999_999_999_999

/** Ids sort newest first. */
export const exportKey = (
  { account, region }: ExportPlace,
  { creationTime, taskId }: Pick<ExportTask, 'creationTime' | 'taskId'>,
): RecordKey => ({
  collection: EXPORT_TASKS,
  account,
  region,
  id: `${String(LATEST - creationTime).padStart(13, '0')}/${taskId}`,
})

/** There is one active task in an account and region: whose record this is. */
export const activeKey = ({ account, region }: ExportPlace): RecordKey => ({
  collection: ACTIVE,
  account,
  region,
  id: 'active',
})

export const isActive = ({ status }: Pick<ExportTask, 'status'>): boolean =>
  status === 'PENDING' || status === 'RUNNING' || status === 'PENDING_CANCEL'

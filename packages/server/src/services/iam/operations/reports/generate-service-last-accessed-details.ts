import { randomBytes } from 'node:crypto'
import { type EpochMillis, GLOBAL_REGION } from '#kernel/ids.ts'
import { ACCESS_JOBS, type AccessJobRecord, accessJobKey, accessedServices } from '#services/iam/last-accessed.ts'
import { type IamDeps, type IamHandler, wholeSecond } from '#services/iam/operation.ts'
import type { RecordChange } from '#stores/records/record-store.ts'

/** How long the id of a report is good for. */
const KEPT_MILLIS = 24 * 60 * 60 * 1_000
const CLEARED_AT_ONCE = 10

/** Notes that a report is wanted; it is worked out when it is read. */
export function generateServiceLastAccessedDetails({
  records,
}: Pick<IamDeps, 'records'>): IamHandler<'GenerateServiceLastAccessedDetails'> {
  return async (input, { account, now }) => {
    const { Arn: arn, Granularity: granularity = 'SERVICE_LEVEL' } = input
    // Refuses what no report can be about.
    await accessedServices(records, account, arn)
    const oldest = await records.list<AccessJobRecord>(ACCESS_JOBS, account, GLOBAL_REGION, { limit: CLEARED_AT_ONCE })
    const expired = oldest.filter(({ value }) => value.createdAt <= now - KEPT_MILLIS)
    const jobId = timeOrderedUuid(now)
    const job: AccessJobRecord = { arn, granularity, createdAt: wholeSecond(now) }
    await records.commit([
      { kind: 'put', key: accessJobKey(account, jobId), value: job, expect: 0 },
      ...expired.map(({ key }): RecordChange => ({ kind: 'delete', key })),
    ])
    return { JobId: jobId }
  }
}

/** A UUID of version 7: its text is in the order of time. @source RFC 9562, 5.7 */
function timeOrderedUuid(now: EpochMillis): string {
  const random = randomBytes(10).toString('hex')
  const hex = `${now.toString(16).padStart(12, '0')}7${random.slice(0, 3)}a${random.slice(3, 18)}`
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

import type { EpochMillis } from '#kernel/ids.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { DAY_MILLIS } from '#services/logs/limits.ts'
import type { RecordKey } from '#stores/records/record-store.ts'

/** DELIVERY exists on AWS as well; CreateLogGroup refuses it. */
export type LogGroupClass = 'STANDARD' | 'INFREQUENT_ACCESS'
export type Tags = Readonly<Record<string, string>>

/** A log group as it is stored; its name is the record's id. */
export interface LogGroupRecord {
  /** Names the group in the journal; never reused. */
  readonly number: number
  readonly creationTime: EpochMillis
  readonly logGroupClass: LogGroupClass
  /** Left out: events never expire. */
  readonly retentionInDays?: number
  readonly deletionProtectionEnabled: boolean
  readonly tags: Tags
  /** Left out: it never had one. */
  readonly metricFilterCount?: number
  readonly subscriptionFilterCount?: number
  /** ARN of the key it is associated with. */
  readonly kmsKeyId?: string
  /** Data keys it had; the last one seals its events as long as it has a key. Left out: it never had one. */
  readonly dataKeys?: number
  /** Left out: it never had a data protection policy. */
  readonly dataProtectionStatus?: 'ACTIVATED' | 'DELETED'
}

export interface LogGroup extends LogGroupRecord {
  readonly name: string
  readonly place: LogsPlace
  readonly revision: number
  /** What the ids of the group's stream records start with. */
  readonly idPrefix: string
}

export const GROUPS = 'logs.group'

export const groupKey = ({ account, region }: LogsPlace, name: string): RecordKey => ({
  collection: GROUPS,
  account,
  region,
  id: name,
})

/** Ten digits, so that ids sort as their numbers do. */
export const numberId = (number: number): string => String(number).padStart(10, '0')

/** Events older than this are gone for readers. `-Infinity` when the group keeps everything. */
export const retentionCutoff = (group: Pick<LogGroupRecord, 'retentionInDays'>, now: EpochMillis): EpochMillis =>
  group.retentionInDays === undefined ? -Infinity : now - group.retentionInDays * DAY_MILLIS

import type { AccountId, EpochMillis, Region } from '#kernel/ids.ts'
import type { ServicePrincipal } from '#kernel/principal.ts'
import type { AuditResource } from '#kernel/service.ts'

/** Something that a service did by itself, without anybody's call: CloudTrail's `AwsServiceEvent`. */
export interface ServiceEvent {
  readonly account: AccountId
  readonly region: Region
  readonly at: EpochMillis
  readonly eventSource: ServicePrincipal
  readonly eventName: string
  /** UUID; the same when the event is told again. */
  readonly eventId: string
  readonly resources: readonly AuditResource[]
  /** `serviceEventDetails` of the record. */
  readonly details: Readonly<Record<string, string>>
}

/** Where services tell what they did by themselves. Must be durable when it resolves. */
export type TellServiceEvent = (event: ServiceEvent) => Promise<void>

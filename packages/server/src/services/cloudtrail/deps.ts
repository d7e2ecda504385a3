import type { Deliveries } from '#delivery/delivery.ts'
import type { Clock } from '#kernel/clock.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import type { Sealer } from '#kernel/secrets.ts'
import { DeliveryStates } from '#services/cloudtrail/delivery/delivery-state.ts'
import { SigningKeys } from '#services/cloudtrail/digests/signing-keys.ts'
import { Trails } from '#services/cloudtrail/trails/trails.ts'
import type { ApiJournal } from '#stores/journals/api-journal.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** What CloudTrail stands on. */
export interface CloudTrailDeps {
  readonly journal: ApiJournal
  readonly records: RecordStore
  readonly tokens: PageTokens
  readonly sealer: Sealer
  readonly clock: Clock
  /** Brings events to CloudWatch Logs. */
  readonly deliveries: Deliveries
}

/** What its operations share. */
export interface CloudTrailParts extends CloudTrailDeps {
  readonly trails: Trails
  readonly states: DeliveryStates
  readonly keys: SigningKeys
}

export const cloudtrailParts = (deps: CloudTrailDeps): CloudTrailParts => ({
  ...deps,
  trails: new Trails(deps.records),
  states: new DeliveryStates(deps.records),
  keys: new SigningKeys(deps),
})

import { cachedPolicy } from '@sluice/policy'
import type { AttachedPolicy } from '#kernel/service.ts'
import { type ArnPlace, type LogsPlace, namedArn } from '#services/logs/arns.ts'
import { commitRetried } from '#services/logs/catalog/commit-retried.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'
import { NamedRecords } from '#services/logs/catalog/named-records.ts'
import { deliveryErrors } from '#services/logs/deliveries/errors.ts'
import type { DestinationType, OutputFormat, S3Configuration } from '#services/logs/deliveries/vended-logs.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A log of one resource that can be delivered. */
export interface DeliverySourceRecord {
  readonly resourceArn: string
  readonly service: string
  readonly logType: string
  readonly tags?: Tags
  /** One for each type of destination at most. */
  readonly deliveries: readonly { readonly id: string; readonly type: DestinationType }[]
}

/** Where logs can be delivered to. */
export interface DeliveryDestinationRecord {
  readonly type: DestinationType
  readonly resourceArn: string
  readonly outputFormat?: OutputFormat
  /** Who of other accounts may deliver to it. */
  readonly policy?: string
  readonly tags?: Tags
  /** How many deliveries use it, those of other accounts among them. */
  readonly deliveries: number
}

/** A source joined to a destination, under its id. */
export interface DeliveryRecord extends DeliveryConfiguration {
  readonly sourceName: string
  readonly destination: ArnPlace & { readonly name: string }
  readonly type: DestinationType
  readonly tags?: Tags
}

/** What of an event is delivered, and how. */
export interface DeliveryConfiguration {
  readonly recordFields: readonly string[]
  readonly fieldDelimiter?: string
  readonly s3DeliveryConfiguration?: S3Configuration
}

/** Delivery sources, destinations and the deliveries between them; what one needs of another is committed with it. */
export class Deliveries {
  readonly #records: RecordStore
  readonly sources: NamedRecords<DeliverySourceRecord>
  readonly destinations: NamedRecords<DeliveryDestinationRecord>
  readonly joined: NamedRecords<DeliveryRecord>

  constructor(records: RecordStore) {
    this.#records = records
    this.sources = new NamedRecords(records, 'logs.delivery-source', deliveryErrors.busy)
    this.destinations = new NamedRecords(records, 'logs.delivery-destination', deliveryErrors.busy)
    this.joined = new NamedRecords(records, 'logs.delivery', deliveryErrors.busy)
  }

  /**
   * Creates a source, the only one of its log and resource; or hands the one of this name to `check`.
   * @throws AwsError ConflictException, and what `check` throws
   */
  async putSource(
    place: LogsPlace,
    name: string,
    source: DeliverySourceRecord,
    check: (existing: DeliverySourceRecord) => void,
  ): Promise<void> {
    const claim = claimKey(place, source)
    await commitRetried(
      this.#records,
      async () => {
        const stored = await this.sources.stored(place, name)
        if (stored !== undefined) check(stored.value)
        if (stored !== undefined) return []
        if ((await this.#records.get(claim)) !== undefined) throw deliveryErrors.resourceTaken()
        return [
          this.sources.changeOf(place, name, undefined, source),
          { kind: 'put', key: claim, value: { name }, expect: 0 },
        ]
      },
      deliveryErrors.busy,
    )
  }

  /** @throws AwsError ResourceNotFoundException, ConflictException while deliveries use it */
  async deleteSource(place: LogsPlace, name: string): Promise<void> {
    await commitRetried(
      this.#records,
      async () => {
        const stored = await this.sources.stored(place, name)
        if (stored === undefined) throw deliveryErrors.sourceNotFound()
        if (stored.value.deliveries.length > 0) throw deliveryErrors.inUse('Source')
        return [
          this.sources.changeOf(place, name, stored, undefined),
          { kind: 'delete', key: claimKey(place, stored.value) },
        ]
      },
      deliveryErrors.busy,
    )
  }

  /**
   * Joins a source to a destination, here or in another account.
   * @param make what the delivery is, from its two ends
   * @throws AwsError ResourceNotFoundException, ConflictException, and what `make` throws
   */
  async join(
    place: LogsPlace,
    id: string,
    { sourceName, destination }: Pick<DeliveryRecord, 'sourceName' | 'destination'>,
    make: (source: DeliverySourceRecord, destination: DeliveryDestinationRecord) => DeliveryRecord,
  ): Promise<void> {
    await commitRetried(
      this.#records,
      async () => {
        const from = await this.sources.stored(place, sourceName)
        if (from === undefined) throw deliveryErrors.sourceNotFound()
        const to = await this.destinations.stored(destination, destination.name)
        if (to === undefined) throw deliveryErrors.destinationNotFound()
        const { type } = to.value
        if (from.value.deliveries.some((other) => other.type === type)) throw deliveryErrors.sameType()
        const source = { ...from.value, deliveries: [...from.value.deliveries, { id, type }] }
        const sink = { ...to.value, deliveries: to.value.deliveries + 1 }
        return [
          this.joined.changeOf(place, id, undefined, make(from.value, to.value)),
          this.sources.changeOf(place, sourceName, from, source),
          this.destinations.changeOf(destination, destination.name, to, sink),
        ]
      },
      deliveryErrors.busy,
    )
  }

  /** @throws AwsError ResourceNotFoundException */
  async part(place: LogsPlace, id: string): Promise<void> {
    await commitRetried(
      this.#records,
      async () => {
        const stored = await this.joined.stored(place, id)
        if (stored === undefined) throw deliveryErrors.deliveryNotFound()
        const { sourceName, destination } = stored.value
        const from = await this.sources.stored(place, sourceName)
        const to = await this.destinations.stored(destination, destination.name)
        const left = from && { ...from.value, deliveries: from.value.deliveries.filter((other) => other.id !== id) }
        const sink = to && { ...to.value, deliveries: to.value.deliveries - 1 }
        return [
          this.joined.changeOf(place, id, stored, undefined),
          ...(from && left ? [this.sources.changeOf(place, sourceName, from, left)] : []),
          ...(to && sink ? [this.destinations.changeOf(destination, destination.name, to, sink)] : []),
        ]
      },
      deliveryErrors.busy,
    )
  }

  /** What the gate evaluates for a delivery to the destination. */
  async attached(place: ArnPlace, name: string): Promise<readonly AttachedPolicy[]> {
    const policy = (await this.destinations.find(place, name))?.policy
    if (policy === undefined) return []
    return [{ name: namedArn('delivery-destination', place, name), policy: cachedPolicy(policy, 'resource') }]
  }
}

/** Says which source has a log of a resource. */
const claimKey = (
  { account, region }: LogsPlace,
  { logType, resourceArn }: Pick<DeliverySourceRecord, 'logType' | 'resourceArn'>,
): RecordKey => ({ collection: 'logs.delivery-source-claim', account, region, id: `${logType}/${resourceArn}` })

import { cachedPolicy } from '@sluice/policy'
import type { EpochMillis } from '#kernel/ids.ts'
import type { AttachedPolicy } from '#kernel/service.ts'
import { type ArnPlace, destinationArn } from '#services/logs/arns.ts'
import type { Tags } from '#services/logs/catalog/log-group.ts'
import { type Named, NamedRecords } from '#services/logs/catalog/named-records.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isStorable } from '#services/logs/names.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/** A logical destination: a target that filters of other accounts may use when its policy lets them. */
export interface DestinationRecord {
  readonly targetArn: string
  readonly roleArn: string
  readonly creationTime: EpochMillis
  readonly accessPolicy?: string
  /** Left out: it has none. */
  readonly tags?: Tags
}

export type Destination = Named<DestinationRecord>
type Change = (existing: DestinationRecord | undefined) => DestinationRecord | undefined

export class Destinations extends NamedRecords<DestinationRecord> {
  constructor(records: RecordStore) {
    super(records, 'logs.destination')
  }

  /** @throws AwsError InvalidParameterException for a name that cannot be stored, and as {@link NamedRecords} */
  override async change(place: ArnPlace, name: string, change: Change): Promise<void> {
    if (!isStorable(name)) {
      throw logsErrors.constraint('destinationName', 'Member must satisfy regular expression pattern: [^:*]*')
    }
    await super.change(place, name, change)
  }

  /** What the gate evaluates for a filter that sends to the destination. */
  async attached(place: ArnPlace, name: string): Promise<readonly AttachedPolicy[]> {
    const policy = (await this.find(place, name))?.accessPolicy
    return policy === undefined ? [] : [{ name: destinationArn(place, name), policy: cachedPolicy(policy, 'resource') }]
  }
}

import { cachedPolicy } from '@sluice/policy'
import type { EpochMillis } from '#kernel/ids.ts'
import type { AttachedPolicy } from '#kernel/service.ts'
import { type ArnPlace, destinationArn } from '#services/logs/arns.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isStorable } from '#services/logs/names.ts'
import { type RecordKey, type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

/** A logical destination: a target that filters of other accounts may use when its policy lets them. */
export interface DestinationRecord {
  readonly targetArn: string
  readonly roleArn: string
  readonly creationTime: EpochMillis
  readonly accessPolicy?: string
}

export interface Destination extends DestinationRecord {
  readonly name: string
}

const DESTINATIONS = 'logs.destination'
const UPDATE_ATTEMPTS = 8

export class Destinations {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  async find(place: ArnPlace, name: string): Promise<Destination | undefined> {
    if (!isStorable(name)) return undefined
    const stored = await this.#records.get<DestinationRecord>(keyOf(place, name))
    return stored && { ...stored.value, name }
  }

  /** By ascending name. */
  async list(
    { account, region }: ArnPlace,
    options: { readonly prefix: string; readonly after?: string; readonly limit: number },
  ): Promise<readonly Destination[]> {
    if (options.prefix !== '' && !isStorable(options.prefix)) return []
    const stored = await this.#records.list<DestinationRecord>(DESTINATIONS, account, region, options)
    return stored.map(({ key, value }) => ({ ...value, name: key.id }))
  }

  /**
   * Commits what `change` makes of the destination as it is now; `undefined` deletes it.
   * @throws AwsError OperationAbortedException, and what `change` throws
   */
  async change(
    place: ArnPlace,
    name: string,
    change: (destination: DestinationRecord | undefined) => DestinationRecord | undefined,
  ): Promise<void> {
    if (!isStorable(name)) {
      throw logsErrors.constraint('destinationName', 'Member must satisfy regular expression pattern: [^:*]*')
    }
    const key = keyOf(place, name)
    for (let attempt = 0; attempt < UPDATE_ATTEMPTS; attempt += 1) {
      const stored = await this.#records.get<DestinationRecord>(key)
      const value = change(stored?.value)
      const expect = stored?.revision ?? 0
      try {
        await this.#records.commit([
          value === undefined ? { kind: 'delete', key, expect } : { kind: 'put', key, value, expect },
        ])
        return
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
    throw logsErrors.conflict()
  }

  /** What the gate evaluates for a filter that sends to the destination. */
  async attached(place: ArnPlace, name: string): Promise<readonly AttachedPolicy[]> {
    const policy = (await this.find(place, name))?.accessPolicy
    return policy === undefined ? [] : [{ name: destinationArn(place, name), policy: cachedPolicy(policy, 'resource') }]
  }
}

const keyOf = ({ account, region }: ArnPlace, name: string): RecordKey => ({
  collection: DESTINATIONS,
  account,
  region,
  id: name,
})

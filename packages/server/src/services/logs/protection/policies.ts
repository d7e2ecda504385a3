import type { EpochMillis } from '#kernel/ids.ts'
import type { AccountPolicies } from '#services/logs/accounts/account-policies.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { type Groups, recordOf } from '#services/logs/catalog/groups.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import { WatchedCache } from '#stores/records/watched-cache.ts'
import { detect, masked } from '#services/logs/protection/detect.ts'
import { type ProtectionPolicy, readProtectionPolicy } from '#services/logs/protection/document.ts'
import type { DataIdentifier } from '#services/logs/protection/identifiers.ts'
import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A group's data protection policy as it is stored, under `<group number>/policy`. */
export interface ProtectionRecord {
  readonly document: string
  readonly lastUpdatedTime: EpochMillis
  /** Events stored before it are not masked. */
  readonly since: EpochMillis
}

/** Hides sensitive data in a message that was stored at this time. */
export type Mask = (message: string, ingestionTime: EpochMillis) => string

/** A policy ready for messages. */
interface ReadyPolicy extends ProtectionPolicy {
  readonly since: EpochMillis
}

export const PROTECTION = 'logs.data-protection'
/** Policies held ready for messages. */
const CACHED_POLICIES = 1_000

/** Data protection policies of groups, and together with those of accounts what they hide. */
export class Protection {
  readonly #records: RecordStore
  readonly #groups: Groups
  readonly #accounts: AccountPolicies
  /** By document: what it says does not change. */
  readonly #ready = new WatchedCache<ProtectionPolicy>(CACHED_POLICIES)

  constructor(records: RecordStore, groups: Groups, accounts: AccountPolicies) {
    this.#records = records
    this.#groups = groups
    this.#accounts = accounts
  }

  async ofGroup(group: LogGroup): Promise<ProtectionRecord | undefined> {
    if (group.dataProtectionStatus !== 'ACTIVATED') return undefined
    return (await this.#records.get<ProtectionRecord>(keyOf(group)))?.value
  }

  /** @throws AwsError ResourceNotFoundException */
  async put(place: LogsPlace, groupName: string, document: string, now: EpochMillis): Promise<void> {
    await this.#groups.change(place, groupName, async (group) => {
      const value: ProtectionRecord = {
        document,
        lastUpdatedTime: now,
        since: (await this.ofGroup(group))?.since ?? now,
      }
      return {
        record: { ...recordOf(group), dataProtectionStatus: 'ACTIVATED' },
        also: [{ kind: 'put', key: keyOf(group), value }],
      }
    })
  }

  /** @throws AwsError ResourceNotFoundException */
  async delete(place: LogsPlace, groupName: string): Promise<void> {
    await this.#groups.change(place, groupName, (group) => {
      if (group.dataProtectionStatus !== 'ACTIVATED') return { record: recordOf(group) }
      return {
        record: { ...recordOf(group), dataProtectionStatus: 'DELETED' },
        also: [{ kind: 'delete', key: keyOf(group) }],
      }
    })
  }

  /** What hides the sensitive data of a group's messages. `undefined`: there is no policy. */
  async maskOf(group: LogGroup): Promise<Mask | undefined> {
    const policies = await this.#policiesOf(group)
    if (policies.length === 0) return undefined
    return (message, ingestionTime) => {
      const identifiers = policies.flatMap((policy) => (ingestionTime >= policy.since ? policy.identifiers : []))
      return masked(message, detect(message, identifiers))
    }
  }

  /** False when it is known without waiting that no policy concerns the group; for the hot path. */
  mayConcern(group: LogGroup): boolean {
    if (group.dataProtectionStatus === 'ACTIVATED') return true
    const known = this.#accounts.held(group.place, 'DATA_PROTECTION_POLICY')
    return known === undefined || known.policy !== undefined
  }

  /** What is looked for in newly stored events of a group, and which log group hears of it. */
  async auditsOf(
    group: LogGroup,
  ): Promise<readonly { readonly identifiers: readonly DataIdentifier[]; readonly findingsGroup: string }[]> {
    const policies = await this.#policiesOf(group)
    return policies.flatMap(({ identifiers, findingsGroup }) =>
      findingsGroup === undefined ? [] : [{ identifiers, findingsGroup }],
    )
  }

  async #policiesOf(group: LogGroup): Promise<readonly ReadyPolicy[]> {
    const found = [await this.ofGroup(group), await this.#accounts.ofType(group.place, 'DATA_PROTECTION_POLICY')]
    const policies: ReadyPolicy[] = []
    for (const policy of found) {
      if (policy !== undefined) policies.push({ since: policy.since, ...(await this.#readied(policy.document)) })
    }
    return policies
  }

  async #readied(document: string): Promise<ProtectionPolicy> {
    const ready = await this.#ready.get(document, async () => readProtectionPolicy(document))
    return ready ?? readProtectionPolicy(document)
  }
}

const keyOf = ({ place, number }: LogGroup): RecordKey => ({
  collection: PROTECTION,
  account: place.account,
  region: place.region,
  id: `${numberId(number)}/policy`,
})

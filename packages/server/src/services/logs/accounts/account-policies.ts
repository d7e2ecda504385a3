import type { EpochMillis } from '#kernel/ids.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { WatchedCache } from '#stores/records/watched-cache.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { type RecordKey, type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'

/** Kinds of account policies that there are; AWS has more. */
export type AccountPolicyType = 'DATA_PROTECTION_POLICY' | 'SUBSCRIPTION_FILTER_POLICY'

/** A policy for all log groups of an account and region; there is one of each type. */
export interface AccountPolicy {
  readonly name: string
  readonly document: string
  readonly lastUpdatedTime: EpochMillis
  /** When the account first had a policy of this type, without a break. */
  readonly since: EpochMillis
  readonly selectionCriteria?: string
}

const ACCOUNT_POLICIES = 'logs.account-policy'
/** Policies, and the absence of policies, held in memory for the hot path. */
const CACHED = 10_000

/** What is known about a type of policy; it may be that there is none. */
export interface KnownPolicy {
  readonly policy: AccountPolicy | undefined
}

/** Account policies of all accounts and regions, a record a type. */
export class AccountPolicies {
  readonly #records: RecordStore
  readonly #cache = new WatchedCache<KnownPolicy>(CACHED)

  constructor(records: RecordStore) {
    this.#records = records
    records.watch(ACCOUNT_POLICIES, (key) => this.#cache.forget(cacheKey(key, key.id)))
  }

  /** What is known of it in memory; for the hot path. */
  held(place: LogsPlace, type: AccountPolicyType): KnownPolicy | undefined {
    return this.#cache.held(cacheKey(place, type))
  }

  async ofType(place: LogsPlace, type: AccountPolicyType): Promise<AccountPolicy | undefined> {
    const known = await this.#cache.get(cacheKey(place, type), async () => ({
      policy: (await this.#records.get<AccountPolicy>(keyOf(place, type)))?.value,
    }))
    return known?.policy
  }

  /** @throws AwsError LimitExceededException when there is one of another name, OperationAbortedException */
  async put(place: LogsPlace, type: AccountPolicyType, policy: Omit<AccountPolicy, 'since'>): Promise<AccountPolicy> {
    const stored = await this.#records.get<AccountPolicy>(keyOf(place, type))
    if (stored !== undefined && stored.value.name !== policy.name) throw logsErrors.limitExceeded()
    const value: AccountPolicy = { ...policy, since: stored?.value.since ?? policy.lastUpdatedTime }
    await this.#commit({ kind: 'put', key: keyOf(place, type), value, expect: stored?.revision ?? 0 })
    this.#cache.forget(cacheKey(place, type))
    return value
  }

  /** @throws AwsError ResourceNotFoundException, OperationAbortedException */
  async delete(place: LogsPlace, type: AccountPolicyType, name: string): Promise<void> {
    const stored = await this.#records.get<AccountPolicy>(keyOf(place, type))
    if (stored?.value.name !== name) throw logsErrors.policyNotFound(name)
    await this.#commit({ kind: 'delete', key: keyOf(place, type), expect: stored.revision })
    this.#cache.forget(cacheKey(place, type))
  }

  async #commit(change: Parameters<RecordStore['commit']>[0][number]): Promise<void> {
    try {
      await this.#records.commit([change])
    } catch (error) {
      if (error instanceof RevisionConflict) throw logsErrors.conflict()
      throw error
    }
  }
}

const cacheKey = ({ account, region }: { readonly account: string; readonly region: string }, type: string): string =>
  `${account}/${region}/${type}`

const keyOf = ({ account, region }: LogsPlace, type: AccountPolicyType): RecordKey => ({
  collection: ACCOUNT_POLICIES,
  account,
  region,
  id: type,
})

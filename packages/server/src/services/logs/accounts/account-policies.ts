import type { EpochMillis } from '#kernel/ids.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
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

/** Account policies of all accounts and regions, a record a type. */
export class AccountPolicies {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  async ofType(place: LogsPlace, type: AccountPolicyType): Promise<AccountPolicy | undefined> {
    return (await this.#records.get<AccountPolicy>(keyOf(place, type)))?.value
  }

  /** @throws AwsError LimitExceededException when there is one of another name, OperationAbortedException */
  async put(place: LogsPlace, type: AccountPolicyType, policy: Omit<AccountPolicy, 'since'>): Promise<AccountPolicy> {
    const stored = await this.#records.get<AccountPolicy>(keyOf(place, type))
    if (stored !== undefined && stored.value.name !== policy.name) throw logsErrors.limitExceeded()
    const value: AccountPolicy = { ...policy, since: stored?.value.since ?? policy.lastUpdatedTime }
    await this.#commit({ kind: 'put', key: keyOf(place, type), value, expect: stored?.revision ?? 0 })
    return value
  }

  /** @throws AwsError ResourceNotFoundException, OperationAbortedException */
  async delete(place: LogsPlace, type: AccountPolicyType, name: string): Promise<void> {
    const stored = await this.#records.get<AccountPolicy>(keyOf(place, type))
    if (stored?.value.name !== name) throw logsErrors.policyNotFound(name)
    await this.#commit({ kind: 'delete', key: keyOf(place, type), expect: stored.revision })
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

const keyOf = ({ account, region }: LogsPlace, type: AccountPolicyType): RecordKey => ({
  collection: ACCOUNT_POLICIES,
  account,
  region,
  id: type,
})

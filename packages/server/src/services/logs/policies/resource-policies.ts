import { cachedPolicy } from '@sluice/policy'
import { type EpochMillis, newUuid } from '#kernel/ids.ts'
import type { AttachedPolicy } from '#kernel/service.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { commitRetried } from '#services/logs/catalog/commit-retried.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_ACCOUNT_POLICIES } from '#services/logs/limits.ts'
import {
  type ListOptions,
  type RecordChange,
  type RecordKey,
  type RecordStore,
  RevisionConflict,
} from '#stores/records/record-store.ts'

/** A resource policy as it was put. */
export interface ResourcePolicy {
  readonly name: string
  readonly document: string
  readonly lastUpdatedTime: EpochMillis
}

/** The policy of one log group. */
export interface GroupPolicy extends ResourcePolicy {
  readonly groupName: string
  /** Changes with every put. */
  readonly revisionId: string
}

/** All policies of account scope are one record, so that their number can be limited. */
interface AccountPolicies {
  readonly policies: readonly ResourcePolicy[]
}

const ACCOUNT_POLICIES = 'logs.account-policies'
const GROUP_POLICIES = 'logs.group-policy'

/** Resource policies of accounts, and one for each log group. */
export class ResourcePolicies {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  async ofAccount(place: LogsPlace): Promise<readonly ResourcePolicy[]> {
    return (await this.#records.get<AccountPolicies>(accountKey(place)))?.value.policies ?? []
  }

  /** @throws AwsError LimitExceededException for one too many */
  async putOfAccount(place: LogsPlace, policy: ResourcePolicy): Promise<void> {
    await this.#changeAccount(place, (policies) => {
      const others = policies.filter(({ name }) => name !== policy.name)
      if (others.length >= MAX_ACCOUNT_POLICIES) throw logsErrors.limitExceeded()
      return [...others, policy].toSorted((a, b) => (a.name < b.name ? -1 : 1))
    })
  }

  /** @throws AwsError ResourceNotFoundException */
  async deleteOfAccount(place: LogsPlace, name: string): Promise<void> {
    await this.#changeAccount(place, (policies) => {
      const others = policies.filter((policy) => policy.name !== name)
      if (others.length === policies.length) throw logsErrors.policyNotFound(name)
      return others
    })
  }

  async ofGroup(group: LogGroup): Promise<GroupPolicy | undefined> {
    return (await this.#records.get<GroupPolicy>(groupPolicyKey(group)))?.value
  }

  /** By the numbers of their groups; `after` is the id of a record. */
  async ofGroups(
    { account, region }: LogsPlace,
    options: ListOptions,
  ): Promise<readonly { readonly id: string; readonly policy: GroupPolicy }[]> {
    const stored = await this.#records.list<GroupPolicy>(GROUP_POLICIES, account, region, options)
    return stored.map(({ key, value }) => ({ id: key.id, policy: value }))
  }

  /**
   * @param expected the revision id it must have now; undefined: there must be none
   * @throws AwsError OperationAbortedException when it has another one
   */
  async putOfGroup(group: LogGroup, policy: ResourcePolicy, expected: string | undefined): Promise<GroupPolicy> {
    const value: GroupPolicy = { ...policy, groupName: group.name, revisionId: newUuid() }
    await this.#changeGroup(group, expected, (key, expect) => ({ kind: 'put', key, value, expect }))
    return value
  }

  /** @throws AwsError OperationAbortedException when it has another revision id */
  async deleteOfGroup(group: LogGroup, expected: string): Promise<void> {
    await this.#changeGroup(group, expected, (key, expect) => ({ kind: 'delete', key, expect }))
  }

  /** Deletes a group's policy with the group. */
  deletionWith(group: LogGroup): RecordChange {
    return { kind: 'delete', key: groupPolicyKey(group) }
  }

  /** What the gate evaluates for a call that concerns `group`. */
  async attached(place: LogsPlace, group: LogGroup | undefined): Promise<readonly AttachedPolicy[]> {
    const ofAccount = await this.ofAccount(place)
    const ofGroup = group && (await this.ofGroup(group))
    return [...ofAccount, ...(ofGroup === undefined ? [] : [ofGroup])].map(({ name, document }) => ({
      name,
      text: document,
      policy: cachedPolicy(document, 'resource'),
    }))
  }

  async #changeAccount(
    place: LogsPlace,
    change: (policies: readonly ResourcePolicy[]) => readonly ResourcePolicy[],
  ): Promise<void> {
    const key = accountKey(place)
    await commitRetried(this.#records, async () => {
      const stored = await this.#records.get<AccountPolicies>(key)
      const value: AccountPolicies = { policies: change(stored?.value.policies ?? []) }
      return [{ kind: 'put', key, value, expect: stored?.revision ?? 0 }]
    })
  }

  async #changeGroup(
    group: LogGroup,
    expected: string | undefined,
    change: (key: RecordKey, revision: number) => RecordChange,
  ): Promise<void> {
    const key = groupPolicyKey(group)
    const stored = await this.#records.get<GroupPolicy>(key)
    if (stored?.value.revisionId !== expected) throw logsErrors.conflict()
    try {
      await this.#records.commit([change(key, stored?.revision ?? 0)])
    } catch (error) {
      throw error instanceof RevisionConflict ? logsErrors.conflict() : error
    }
  }
}

const accountKey = ({ account, region }: LogsPlace): RecordKey => ({
  collection: ACCOUNT_POLICIES,
  account,
  region,
  id: 'policies',
})

const groupPolicyKey = ({ place, number }: LogGroup): RecordKey => ({
  collection: GROUP_POLICIES,
  account: place.account,
  region: place.region,
  id: numberId(number),
})

import type { DataCall, DataCalls } from '#audit/audit.ts'
import { accountId } from '#kernel/ids.ts'
import { mayWantData, selects } from '#services/cloudtrail/selectors/selects.ts'
import { type Trail, isLogging } from '#services/cloudtrail/trails/trail.ts'
import type { Trails } from '#services/cloudtrail/trails/trails.ts'

/** Accounts whose trails are remembered; the oldest are looked up again. */
const MAX_ACCOUNTS = 1_000

/** Which data calls are recorded: those that a trail of the account selects while it is logging. */
export class DataSelection implements DataCalls {
  readonly #trails: Trails
  /** Trails of an account that may select data calls; asked again after any change. */
  readonly #known = new Map<string, Promise<readonly Trail[]>>()

  constructor(trails: Trails) {
    this.#trails = trails
    trails.watch((account) => this.#known.delete(account))
  }

  async wants(call: DataCall): Promise<boolean> {
    const trails = await this.#of(call.account)
    if (trails.length === 0) return false
    const event = { ...call, category: 'Data' as const, eventType: 'AwsApiCall', resources: call.resources() }
    return trails.some(
      ({ home, multiRegion, selectors }) => (multiRegion || home === call.region) && selects(selectors, event),
    )
  }

  #of(account: string): Promise<readonly Trail[]> {
    const known = this.#known.get(account) ?? this.#look(account)
    this.#known.set(account, known)
    return known
  }

  async #look(account: string): Promise<readonly Trail[]> {
    const { value: oldest } = this.#known.keys().next()
    if (this.#known.size >= MAX_ACCOUNTS && oldest !== undefined) this.#known.delete(oldest)
    try {
      const all = await this.#trails.ofAccount(accountId(account))
      return all.filter((trail) => isLogging(trail) && mayWantData(trail.selectors))
    } catch (error) {
      this.#known.delete(account)
      throw error
    }
  }
}

import type { EpochMillis } from '#kernel/ids.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import { commitRetried } from '#services/logs/catalog/commit-retried.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_QUERY_DEFINITIONS } from '#services/logs/limits.ts'
import type { LogsInput } from '#services/logs/types.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

type Put = LogsInput<'PutQueryDefinition'>

/** A saved query as it is stored, under its id. */
export interface QueryDefinitionRecord {
  readonly name: string
  readonly queryString: string
  readonly queryLanguage: NonNullable<Put['queryLanguage']>
  readonly lastModified: EpochMillis
  readonly logGroupNames?: readonly string[]
  readonly parameters?: NonNullable<Put['parameters']>
}

export interface QueryDefinition extends QueryDefinitionRecord {
  readonly id: string
}

const DEFINITIONS = 'logs.query-definition'
/** How many definitions there are in an account and region, so that their number can be limited. */
const COUNTS = 'logs.query-definition-count'
const CHUNK = 500

interface Count {
  readonly count: number
}

/** Saved queries of all accounts and regions. */
export class QueryDefinitions {
  readonly #records: RecordStore

  constructor(records: RecordStore) {
    this.#records = records
  }

  async find(place: LogsPlace, id: string): Promise<QueryDefinitionRecord | undefined> {
    return (await this.#records.get<QueryDefinitionRecord>(keyOf(place, id)))?.value
  }

  /** Everything of an account and region, a chunk at a time. */
  async *all({ account, region }: LogsPlace): AsyncGenerator<readonly QueryDefinition[]> {
    let after: string | undefined
    for (;;) {
      const options = { limit: CHUNK, ...(after === undefined ? {} : { after }) }
      const stored = await this.#records.list<QueryDefinitionRecord>(DEFINITIONS, account, region, options)
      yield stored.map(({ key, value }) => ({ ...value, id: key.id }))
      after = stored.at(-1)?.key.id
      if (stored.length < CHUNK) return
    }
  }

  /** @throws AwsError LimitExceededException for one too many, OperationAbortedException */
  async put(place: LogsPlace, id: string, value: QueryDefinitionRecord): Promise<void> {
    await this.#change(place, id, (exists, revision) => {
      const change: RecordChange = { kind: 'put', key: keyOf(place, id), value, expect: revision }
      return { change, added: exists ? 0 : 1 }
    })
  }

  /** @throws AwsError ResourceNotFoundException, OperationAbortedException */
  async delete(place: LogsPlace, id: string): Promise<void> {
    await this.#change(place, id, (exists, revision) => {
      if (!exists) throw logsErrors.queryDefinitionNotFound()
      return { change: { kind: 'delete', key: keyOf(place, id), expect: revision }, added: -1 }
    })
  }

  async #change(
    place: LogsPlace,
    id: string,
    decide: (exists: boolean, revision: number) => { readonly change: RecordChange; readonly added: number },
  ): Promise<void> {
    const counter: RecordKey = { collection: COUNTS, account: place.account, region: place.region, id: 'all' }
    await commitRetried(this.#records, async () => {
      const counted = await this.#records.get<Count>(counter)
      const stored = await this.#records.get<QueryDefinitionRecord>(keyOf(place, id))
      const { change, added } = decide(stored !== undefined, stored?.revision ?? 0)
      const count = (counted?.value.count ?? 0) + added
      if (added > 0 && count > MAX_QUERY_DEFINITIONS) throw logsErrors.limitExceeded()
      const value: Count = { count }
      return [change, { kind: 'put', key: counter, value, expect: counted?.revision ?? 0 }]
    })
  }
}

const keyOf = ({ account, region }: LogsPlace, id: string): RecordKey => ({
  collection: DEFINITIONS,
  account,
  region,
  id,
})

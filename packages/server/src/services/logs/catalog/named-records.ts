import type { AwsError } from '#kernel/errors.ts'
import type { ArnPlace } from '#services/logs/arns.ts'
import { commitRetried } from '#services/logs/catalog/commit-retried.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { isStorable } from '#services/logs/names.ts'
import type { ListOptions, RecordChange, RecordKey, RecordStore, StoredRecord } from '#stores/records/record-store.ts'

/** A record with the name that is its key. */
export type Named<T> = T & { readonly name: string }

/** Things of one kind that have names of their own in an account and region, such as destinations. */
export class NamedRecords<T extends object> {
  readonly #records: RecordStore
  readonly #collection: string

  readonly #conflict: () => AwsError

  /** @param conflict what is said when others were quicker every time; left out: OperationAbortedException */
  constructor(records: RecordStore, collection: string, conflict: () => AwsError = logsErrors.conflict) {
    this.#records = records
    this.#collection = collection
    this.#conflict = conflict
  }

  async find(place: ArnPlace, name: string): Promise<Named<T> | undefined> {
    const stored = await this.stored(place, name)
    return stored && { ...stored.value, name }
  }

  /** With its revision, to be committed together with other things. */
  async stored(place: ArnPlace, name: string): Promise<StoredRecord<T> | undefined> {
    return isStorable(name) ? this.#records.get<T>(this.#key(place, name)) : undefined
  }

  /** By ascending name. */
  async list({ account, region }: ArnPlace, options: ListOptions): Promise<readonly Named<T>[]> {
    const { prefix = '' } = options
    if (prefix !== '' && !isStorable(prefix)) return []
    const stored = await this.#records.list<T>(this.#collection, account, region, options)
    return stored.map(({ key, value }) => ({ ...value, name: key.id }))
  }

  /**
   * The change that makes `value` of what is stored; `undefined` deletes it.
   * @param name one that can be stored
   */
  changeOf(place: ArnPlace, name: string, stored: StoredRecord<T> | undefined, value: T | undefined): RecordChange {
    const key = this.#key(place, name)
    const expect = stored?.revision ?? 0
    return value === undefined ? { kind: 'delete', key, expect } : { kind: 'put', key, value, expect }
  }

  /**
   * Commits what `change` makes of the thing as it is now; `undefined` deletes it.
   * @param name one that can be stored
   * @throws AwsError `conflict`, and what `change` throws
   */
  async change(place: ArnPlace, name: string, change: (existing: T | undefined) => T | undefined): Promise<void> {
    const decide = async (): Promise<readonly RecordChange[]> => {
      const stored = await this.stored(place, name)
      return [this.changeOf(place, name, stored, change(stored?.value))]
    }
    await commitRetried(this.#records, decide, this.#conflict)
  }

  #key({ account, region }: ArnPlace, name: string): RecordKey {
    return { collection: this.#collection, account, region, id: name }
  }
}

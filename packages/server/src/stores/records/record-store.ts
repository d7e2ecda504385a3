/** Names one record: what exists, where. */
export interface RecordKey {
  /** e.g. `mq.broker`. Lower-case words and dots. */
  readonly collection: string
  readonly account: string
  readonly region: string
  /** Unique in its collection, account and region; ordered by UTF-8 bytes. */
  readonly id: string
}

/** A record as it was read. */
export interface StoredRecord<T> {
  readonly key: RecordKey
  /** 1 when created, then one more with every change. */
  readonly revision: number
  readonly value: T
}

/** One change of a commit. `expect` 0: must not exist; n: must be at that revision; left out: whatever is there. */
export type RecordChange =
  | { readonly kind: 'put'; readonly key: RecordKey; readonly value: unknown; readonly expect?: number }
  | { readonly kind: 'delete'; readonly key: RecordKey; readonly expect?: number }

/** Which part of a list, by id. */
export interface ListOptions {
  /** Only ids that start with it. */
  readonly prefix?: string
  /** Only ids after it (exclusive); the way to the next page. */
  readonly after?: string
  /** At most so many; 1,000 when left out. */
  readonly limit?: number
}

/** A commit found a record at another revision than it expected; nothing was changed. */
export class RevisionConflict extends Error {
  readonly key: RecordKey

  constructor(key: RecordKey) {
    super(`record ${key.collection}/${key.account}/${key.region}/${key.id} is not at the expected revision`)
    this.name = 'RevisionConflict'
    this.key = key
  }
}

/** What exists. Values are JSON documents; a value that was read is never changed in place. */
export interface RecordStore {
  /** Must see every commit that resolved before it was called. */
  get<T>(key: RecordKey): Promise<StoredRecord<T> | undefined>
  /** Must yield by ascending id. */
  list<T>(
    collection: string,
    account: string,
    region: string,
    options?: ListOptions,
  ): Promise<readonly StoredRecord<T>[]>
  /** Every record of a collection in all accounts and regions, for reconcilers at start. */
  listAll<T>(collection: string): Promise<readonly StoredRecord<T>[]>
  /**
   * Must apply all changes or none, and be durable when it resolves.
   * @throws RevisionConflict when an expectation does not hold
   */
  commit(changes: readonly RecordChange[]): Promise<void>
  /** Hears of every commit to a collection after it is durable; returns how to stop hearing. */
  watch(collection: string, hear: (key: RecordKey) => void): () => void
  close(): Promise<void>
}

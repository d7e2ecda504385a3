import type { AccountId } from '#kernel/ids.ts'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import { type Bucket, OWNED_BUCKETS, BUCKETS, bucketKey, ownedKey } from '#services/s3/buckets/bucket.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { type RecordStore, RevisionConflict } from '#stores/records/record-store.ts'
import { WatchedCache } from '#stores/records/watched-cache.ts'

const ATTEMPTS = 16
/** Buckets held in memory: every call asks for one several times. One with the largest policy and rules takes a few hundred kilobytes. */
const CACHED_BUCKETS = 256

/** All buckets of all accounts. */
export class Buckets {
  readonly #records: RecordStore
  readonly #cache = new WatchedCache<Bucket>(CACHED_BUCKETS)

  constructor(records: RecordStore) {
    this.#records = records
    records.watch(BUCKETS, ({ id }) => this.#cache.forget(id))
  }

  async find(name: string): Promise<Bucket | undefined> {
    if (!isPossible(name)) return undefined
    return this.#cache.get(name, async () => (await this.#records.get<Bucket>(bucketKey(name)))?.value)
  }

  /** @throws S3Error NoSuchBucket */
  async require(name: string): Promise<Bucket> {
    const bucket = await this.find(name)
    if (bucket === undefined) throw s3Errors.noSuchBucket(name)
    return bucket
  }

  /** False when the name is taken. */
  async create(bucket: Bucket): Promise<boolean> {
    try {
      await this.#records.commit([
        { kind: 'put', key: bucketKey(bucket.name), value: bucket, expect: 0 },
        { kind: 'put', key: ownedKey(bucket.owner, bucket.name), value: {} },
      ])
      return true
    } catch (error) {
      if (error instanceof RevisionConflict) return false
      throw error
    }
  }

  /**
   * Commits what `next` makes of a bucket as it is now.
   * @throws S3Error NoSuchBucket, OperationAborted
   */
  async change(name: string, next: (bucket: Bucket) => Bucket): Promise<Bucket> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const stored = await this.#records.get<Bucket>(bucketKey(name))
      if (stored === undefined) throw s3Errors.noSuchBucket(name)
      const value = next(stored.value)
      try {
        await this.#records.commit([{ kind: 'put', key: stored.key, value, expect: stored.revision }])
        return value
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error
      }
    }
    throw s3Errors.operationAborted()
  }

  async delete({ name, owner }: Bucket): Promise<void> {
    await this.#records.commit([
      { kind: 'delete', key: bucketKey(name) },
      { kind: 'delete', key: ownedKey(owner, name) },
    ])
  }

  /** By name. */
  async ownedBy(
    owner: AccountId,
    options: { readonly prefix?: string; readonly after?: string; readonly limit: number },
  ): Promise<readonly Bucket[]> {
    const owned = await this.#records.list(OWNED_BUCKETS, owner, GLOBAL_REGION, options)
    const found = await Promise.all(owned.map(({ key }) => this.find(key.id)))
    return found.filter((bucket) => bucket !== undefined)
  }

  /** How many an account has, counted no further than `most`. */
  async count(owner: AccountId, most: number): Promise<number> {
    return (await this.#records.list(OWNED_BUCKETS, owner, GLOBAL_REGION, { limit: most })).length
  }

  async all(): Promise<readonly Bucket[]> {
    return (await this.#records.listAll<Bucket>(BUCKETS)).map(({ value }) => value)
  }
}

/** Whatever else a client asks for cannot exist, and would not do as the name of a record. */
const isPossible = (name: string): boolean => /^[A-Za-z0-9._-]{1,255}$/.test(name)

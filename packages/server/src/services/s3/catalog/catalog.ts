import { oneByOne } from '#kernel/one-by-one.ts'
import { GLOBAL_REGION } from '#kernel/ids.ts'
import type { Bucket } from '#services/s3/buckets/bucket.ts'
import { type BucketGate } from '#services/s3/buckets/bucket-gate.ts'
import type { Buckets } from '#services/s3/buckets/buckets.ts'
import type { Garbage } from '#services/s3/catalog/garbage.ts'
import {
  CURRENT,
  OLDER,
  UPLOADS,
  currentKey,
  grouped,
  manifestKey,
  newVersionId,
  nullKey,
  olderKey,
  seqAt,
  seqOf,
} from '#services/s3/catalog/keys.ts'
import type { DeleteMarker, ObjectPart, ObjectVersion, Version } from '#services/s3/catalog/object-version.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { blobKept } from '#stores/objects/blob-record.ts'
import type { BlobId, Written } from '#stores/objects/object-store.ts'
import { recordKeyText } from '#stores/records/record-key.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

export interface CatalogDeps {
  readonly records: RecordStore
  readonly buckets: Buckets
  readonly gate: BucketGate
  readonly garbage: Garbage
}

/** An object to be stored, but for what its place in the versions says. */
export type NewObject = Omit<ObjectVersion, 'versionId' | 'seq' | 'kind'>

export interface PutOptions {
  /** Judged against what the key stands for, in the same step as the change. @throws what it throws */
  readonly allow?: ((current: ObjectVersion | undefined) => void) | undefined
  /** Blobs that the object takes. */
  readonly blobs: readonly Written[]
  /** Its parts, when it has some. */
  readonly manifest?: { readonly id: string; readonly parts: readonly ObjectPart[] }
  /** Further changes of the same commit. */
  readonly with?: readonly RecordChange[]
}

/** Which objects a bucket has, in which versions. Every change is one commit; changes of a key come one after the other. */
export class Catalog {
  readonly #deps: CatalogDeps
  readonly #keys = oneByOne()

  constructor(deps: CatalogDeps) {
    this.#deps = deps
  }

  async current(bucket: Bucket, key: string): Promise<ObjectVersion | undefined> {
    return this.#get<ObjectVersion>(currentKey(bucket.id, key))
  }

  /** The newest version, be it a delete marker. */
  async latest(bucket: Bucket, key: string): Promise<Version | undefined> {
    return (await this.current(bucket, key)) ?? (await this.#newestOlder(bucket, key))
  }

  /** A version by its id. `undefined`: there is none. */
  async version(bucket: Bucket, key: string, versionId: string): Promise<Version | undefined> {
    const current = await this.current(bucket, key)
    if (current?.versionId === versionId) return current
    const seq = versionId === 'null' ? await this.#nullSeq(bucket, key) : seqOf(versionId)
    const found = seq === undefined ? undefined : await this.#get<Version>(olderKey(bucket.id, key, seq))
    return found?.versionId === versionId ? found : undefined
  }

  /** The parts of an object that has some. */
  async parts(bucket: Bucket, { body, size, ...object }: ObjectVersion): Promise<readonly ObjectPart[]> {
    if (body.kind === 'blob')
      return [{ number: 1, blob: body.blob, ...(object.checksum && { checksum: object.checksum }) }]
    const parts = await this.#get<readonly ObjectPart[]>(manifestKey(bucket.id, body.manifest))
    if (parts === undefined) throw new Error(`the list of parts ${body.manifest} (${String(size)} bytes) is missing`)
    return parts
  }

  /**
   * Makes an object what its key stands for. In a bucket with versions the one before becomes an older version.
   * @throws S3Error NoSuchBucket, and what `allow` throws; nothing was changed then
   */
  put(bucket: Bucket, object: NewObject, options: PutOptions): Promise<ObjectVersion> {
    return this.#change(bucket, object.key, async (now) => {
      const { key } = object
      const current = await this.current(now, key)
      const before = current ?? (await this.#newestOlder(now, key))
      options.allow?.(current)
      const seq = seqAt(object.modified, before?.seq ?? 0)
      const made: ObjectVersion = {
        ...object,
        kind: 'object',
        seq,
        versionId: now.versioning === 'Enabled' ? newVersionId(seq) : 'null',
      }
      const aside = now.versioning === 'Enabled' ? asideOf(now, current) : await this.#withoutNull(now, key, current)
      const manifest = options.manifest
      await this.#commit(aside.dropped, [
        ...aside.changes,
        { kind: 'put', key: currentKey(now.id, key), value: made },
        ...(manifest === undefined
          ? []
          : [{ kind: 'put', key: manifestKey(now.id, manifest.id), value: manifest.parts } as const]),
        ...(options.with ?? []),
        ...options.blobs.map(blobKept),
      ])
      return made
    })
  }

  /**
   * DELETE without a version: the object goes, or a marker hides it.
   * @returns the marker, when one was made
   */
  hide(
    bucket: Bucket,
    key: string,
    modified: number,
    allow?: (current: ObjectVersion | undefined) => void,
  ): Promise<DeleteMarker | undefined> {
    return this.#change(bucket, key, async (now) => {
      const current = await this.current(now, key)
      allow?.(current)
      if (now.versioning === undefined) {
        if (current !== undefined)
          await this.#commit(await this.#blobsOf(now, current), this.#dropCurrent(now, current))
        return undefined
      }
      const before = current ?? (await this.#newestOlder(now, key))
      const seq = seqAt(modified, before?.seq ?? 0)
      const isEnabled = now.versioning === 'Enabled'
      const marker: DeleteMarker = {
        kind: 'marker',
        key,
        seq,
        versionId: isEnabled ? newVersionId(seq) : 'null',
        modified,
      }
      const aside = isEnabled ? asideOf(now, current) : await this.#withoutNull(now, key, current)
      await this.#commit(aside.dropped, [
        ...aside.changes,
        ...(current === undefined ? [] : [{ kind: 'delete', key: currentKey(now.id, key) } as const]),
        { kind: 'put', key: olderKey(now.id, key, seq), value: marker },
        ...(isEnabled ? [] : [{ kind: 'put', key: nullKey(now.id, key), value: seq } as const]),
      ])
      return marker
    })
  }

  /**
   * Removes one version for good.
   * @param allow judged in the same step; throws when it may not be
   * @returns what it was; `undefined`: there was none
   */
  remove(
    bucket: Bucket,
    key: string,
    versionId: string,
    allow?: (version: Version) => void,
  ): Promise<Version | undefined> {
    return this.#change(bucket, key, async (now) => {
      const version = await this.version(now, key, versionId)
      if (version === undefined) return undefined
      allow?.(version)
      const dropped = version.kind === 'object' ? await this.#blobsOf(now, version) : []
      const current = await this.current(now, key)
      const changes: RecordChange[] = []
      if (version.kind === 'object' && current?.seq === version.seq) {
        changes.push(...this.#dropCurrent(now, version))
        const next = await this.#newestOlder(now, key)
        if (next?.kind === 'object') changes.push(...promote(now, next))
      } else {
        changes.push({ kind: 'delete', key: olderKey(now.id, key, version.seq) })
        if (version.kind === 'object') changes.push(...dropManifest(now, version))
        if (versionId === 'null') changes.push({ kind: 'delete', key: nullKey(now.id, key) })
        // Without the marker on top of them, what it hid is current again.
        if (current === undefined && (await this.#newestOlder(now, key))?.seq === version.seq) {
          const next = await this.#newestOlder(now, key, version.seq)
          if (next?.kind === 'object') changes.push(...promote(now, next))
        }
      }
      await this.#commit(dropped, changes)
      return version
    })
  }

  /**
   * Changes what is said about a version: tags, retention, legal hold.
   * @param versionId left out: the current one
   * @returns the version; `undefined`: there is none
   */
  restate(
    bucket: Bucket,
    key: string,
    versionId: string | undefined,
    next: (version: ObjectVersion) => ObjectVersion,
  ): Promise<Version | undefined> {
    return this.#change(bucket, key, async (now) => {
      const current = await this.current(now, key)
      const version = versionId === undefined ? await this.latest(now, key) : await this.version(now, key, versionId)
      if (version === undefined || version.kind === 'marker') return version
      const value = next(version)
      const at = current?.seq === version.seq ? currentKey(now.id, key) : olderKey(now.id, key, version.seq)
      await this.#deps.records.commit([{ kind: 'put', key: at, value }])
      return value
    })
  }

  /** Whether a bucket holds nothing: no object, no version, no upload. */
  async isEmpty({ id }: Bucket): Promise<boolean> {
    for (const collection of [CURRENT, OLDER, UPLOADS])
      if ((await this.#deps.records.list(collection, id, GLOBAL_REGION, { limit: 1 })).length > 0) return false
    return true
  }

  /** Commits and frees what the commit dropped. */
  async #commit(dropped: readonly BlobId[], changes: readonly RecordChange[]): Promise<void> {
    const { records, garbage } = this.#deps
    await records.commit(lastOfEach([...changes, ...garbage.dropped(dropped)]))
    void garbage.free(dropped)
  }

  /** Works on a key alone, on the bucket as it is now; while it does, the bucket cannot be deleted. */
  #change<T>(bucket: Bucket, key: string, work: (now: Bucket) => Promise<T>): Promise<T> {
    const { gate, buckets } = this.#deps
    return gate.shared(bucket.id, () =>
      this.#keys.run(`${bucket.id}/${key}`, async () => {
        const now = await buckets.require(bucket.name)
        if (now.id !== bucket.id) throw s3Errors.noSuchBucket(bucket.name)
        return work(now)
      }),
    )
  }

  #dropCurrent({ id }: Bucket, object: ObjectVersion): readonly RecordChange[] {
    return [{ kind: 'delete', key: currentKey(id, object.key) }, ...dropManifest({ id }, object)]
  }

  /** Makes room for a new version `null`: there is one of a key at most. */
  async #withoutNull(bucket: Bucket, key: string, current: ObjectVersion | undefined): Promise<Aside> {
    if (current?.versionId === 'null')
      return { dropped: await this.#blobsOf(bucket, current), changes: dropManifest(bucket, current) }
    const aside = asideOf(bucket, current)
    const seq = await this.#nullSeq(bucket, key)
    const old = seq === undefined ? undefined : await this.#get<Version>(olderKey(bucket.id, key, seq))
    if (old === undefined) return aside
    const isObject = old.kind === 'object'
    return {
      dropped: isObject ? await this.#blobsOf(bucket, old) : [],
      changes: [
        ...aside.changes,
        { kind: 'delete', key: olderKey(bucket.id, key, old.seq) },
        { kind: 'delete', key: nullKey(bucket.id, key) },
        ...(isObject ? dropManifest(bucket, old) : []),
      ],
    }
  }

  async #blobsOf(bucket: Bucket, object: ObjectVersion): Promise<readonly BlobId[]> {
    return (await this.parts(bucket, object)).map(({ blob }) => blob.id)
  }

  async #newestOlder({ id, versioning }: Bucket, key: string, after?: number): Promise<Version | undefined> {
    // Where versions never were switched on, there is none but the current one.
    if (versioning === undefined) return undefined
    const [newest] = await this.#deps.records.list<Version>(OLDER, id, GLOBAL_REGION, {
      prefix: grouped(key),
      limit: 1,
      ...(after === undefined ? {} : { after: olderKey(id, key, after).id }),
    })
    return newest?.value
  }

  async #nullSeq({ id, versioning }: Bucket, key: string): Promise<number | undefined> {
    return versioning === undefined ? undefined : this.#get<number>(nullKey(id, key))
  }

  async #get<T>(key: RecordKey): Promise<T | undefined> {
    return (await this.#deps.records.get<T>(key))?.value
  }
}

/** One change a record: of several the last is what counts, e.g. when another version takes a removed one's place. */
function lastOfEach(changes: readonly RecordChange[]): readonly RecordChange[] {
  const last = new Map(changes.map((change) => [recordKeyText(change.key), change]))
  return [...last.values()]
}

/** What a new version pushes aside. */
interface Aside {
  readonly dropped: readonly BlobId[]
  readonly changes: readonly RecordChange[]
}

/** The current version becomes an older one. */
function asideOf({ id }: Bucket, current: ObjectVersion | undefined): Aside {
  if (current === undefined) return { dropped: [], changes: [] }
  return {
    dropped: [],
    changes: [
      { kind: 'put', key: olderKey(id, current.key, current.seq), value: current },
      ...(current.versionId === 'null'
        ? [{ kind: 'put', key: nullKey(id, current.key), value: current.seq } as const]
        : []),
    ],
  }
}

/** An older version becomes the current one. */
const promote = ({ id }: Bucket, version: ObjectVersion): readonly RecordChange[] => [
  { kind: 'put', key: currentKey(id, version.key), value: version },
  { kind: 'delete', key: olderKey(id, version.key, version.seq) },
  ...(version.versionId === 'null' ? [{ kind: 'delete', key: nullKey(id, version.key) } as const] : []),
]

const dropManifest = ({ id }: Pick<Bucket, 'id'>, { body }: ObjectVersion): readonly RecordChange[] =>
  body.kind === 'parts' ? [{ kind: 'delete', key: manifestKey(id, body.manifest) }] : []

import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { GARBAGE, blobKey, garbageKey } from '#services/s3/catalog/keys.ts'
import type { BlobId, ObjectStore } from '#stores/objects/object-store.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

export interface GarbageDeps {
  readonly records: RecordStore
  readonly objects: ObjectStore
  readonly telemetry: Telemetry
}

/** Bytes that no record refers to any more: noted in the commit that drops them, and freed after it. */
export interface Garbage {
  /** Part of a commit that stores blobs. */
  kept(ids: readonly BlobId[]): readonly RecordChange[]
  /** Part of a commit that drops blobs. */
  dropped(ids: readonly BlobId[]): readonly RecordChange[]
  /** After that commit; never throws: what fails is tried again at the next start. */
  free(ids: readonly BlobId[]): Promise<void>
  /** Frees what an earlier process left, and takes away what it began. */
  recover(): Promise<void>
}

export function openGarbage({ records, objects, telemetry }: GarbageDeps): Garbage {
  const free = async (ids: readonly BlobId[]): Promise<void> => {
    if (ids.length === 0) return
    try {
      await objects.remove(ids)
      await records.commit(ids.map((id) => ({ kind: 'delete', key: garbageKey(id) })))
    } catch (error) {
      telemetry.log.warn({ event: 'object_bytes_not_freed', blobs: ids.length, message: messageOf(error) })
    }
  }
  return {
    kept: (ids) => ids.map((id) => ({ kind: 'put', key: blobKey(id), value: {}, expect: 0 })),
    dropped: (ids) =>
      ids.flatMap((id) => [
        { kind: 'delete', key: blobKey(id) },
        { kind: 'put', key: garbageKey(id), value: {} },
      ]),
    free,
    async recover() {
      await objects.recover(async (id) => (await records.get(blobKey(id))) !== undefined)
      await free((await records.listAll(GARBAGE)).map(({ key }) => key.id))
    },
  }
}

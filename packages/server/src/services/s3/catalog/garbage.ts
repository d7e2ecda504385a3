import { messageOf } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { GARBAGE, garbageKey } from '#services/s3/catalog/keys.ts'
import { blobKey } from '#stores/objects/blob-record.ts'
import type { BlobId, ObjectStore } from '#stores/objects/object-store.ts'
import type { RecordChange, RecordStore } from '#stores/records/record-store.ts'

export interface GarbageDeps {
  readonly records: RecordStore
  readonly objects: ObjectStore
  readonly telemetry: Telemetry
}

/** Bytes that nothing refers to any more: noted in the commit that drops them, and freed after it, once nobody reads them. */
export interface Garbage {
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
      await records.commit(ids.flatMap((id) => [blobKey(id), garbageKey(id)]).map((key) => ({ kind: 'delete', key })))
    } catch (error) {
      telemetry.log.warn({ event: 'object_bytes_not_freed', blobs: ids.length, message: messageOf(error) })
    }
  }
  return {
    dropped: (ids) => ids.map((id) => ({ kind: 'put', key: garbageKey(id), value: {} })),
    free,
    async recover() {
      await objects.recover()
      await free((await records.listAll(GARBAGE)).map(({ key }) => key.id))
    },
  }
}

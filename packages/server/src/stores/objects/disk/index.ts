import { rm } from 'node:fs/promises'
import { messageOf } from '#kernel/errors.ts'
import { type Telemetry, silentTelemetry } from '#kernel/telemetry.ts'
import { openPaths } from '#stores/objects/disk/paths.ts'
import { openPins } from '#stores/objects/disk/pins.ts'
import { readBlob } from '#stores/objects/disk/read-blob.ts'
import { type DiskSync, diskSync, writeBlob } from '#stores/objects/disk/write-blob.ts'
import type { BlobId, ObjectStore } from '#stores/objects/object-store.ts'

export interface DiskObjectsOptions {
  /** Made when it is missing. */
  readonly directory: string
  readonly telemetry?: Telemetry
  /** Stands in for the disk. */
  readonly sync?: DiskSync
}

/**
 * Blobs as files: blocks of 64 KiB, each encrypted and vouched for by its own tag (AES-256-GCM). A file is written
 * under a name in `incoming`, synced, and linked to its name for good; the first name goes when the blob is settled, so
 * after a crash what is in `incoming` is all that there can be to clean up.
 */
export async function openDiskObjects(options: DiskObjectsOptions): Promise<ObjectStore> {
  const { directory, telemetry = silentTelemetry, sync = diskSync } = options
  const paths = await openPaths(directory)
  const unlink = async (id: BlobId): Promise<void> => {
    await rm(paths.kept(id), { force: true })
    await rm(paths.incoming(id), { force: true })
  }
  const pins = openPins((id) => {
    unlink(id).catch((error: unknown) =>
      telemetry.log.warn({ event: 'blob_not_removed', blob: id, message: messageOf(error) }),
    )
  })
  return {
    write: (id, key, source) => writeBlob(paths, sync, id, key, source),
    async settle(ids) {
      for (const id of ids) await rm(paths.incoming(id), { force: true })
    },
    read: (blob) => readBlob(paths, blob),
    pin: (ids) => pins.pin(ids),
    async remove(ids) {
      for (const id of pins.removable(ids)) await unlink(id)
    },
    async recover(isReferenced) {
      const left = paths.leftovers()
      for (const id of left) await ((await isReferenced(id)) ? rm(paths.incoming(id), { force: true }) : unlink(id))
      if (left.length > 0) telemetry.log.info({ event: 'objects_recovered', leftovers: left.length })
    },
  }
}

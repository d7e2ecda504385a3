import { unlink } from 'node:fs/promises'
import { type Telemetry, silentTelemetry } from '#kernel/telemetry.ts'
import { blobKey } from '#stores/objects/blob-record.ts'
import { isHeld, readHeld } from '#stores/objects/disk/held.ts'
import { openPaths } from '#stores/objects/disk/paths.ts'
import { sharedSync } from '#stores/objects/disk/shared-sync.ts'
import { openPins } from '#stores/objects/disk/pins.ts'
import { readBlob } from '#stores/objects/disk/read-blob.ts'
import { type DiskSync, diskSync, writeBlob } from '#stores/objects/disk/write-blob.ts'
import type { BlobId, ObjectStore } from '#stores/objects/object-store.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

export interface DiskObjectsOptions {
  /** Made when it is missing. */
  readonly directory: string
  /** Where the records of blobs are committed. */
  readonly records: RecordStore
  readonly telemetry?: Telemetry
  /** Stands in for the disk. */
  readonly sync?: DiskSync
}

/**
 * Blobs as files: blocks of 64 KiB, each encrypted and vouched for by its own tag (AES-256-GCM). A file has two names:
 * one in `incoming` until the blob is settled, and the one for good, so after a crash what is in `incoming` is all that
 * there can be to clean up. Of a small blob the one block lies in its record, which is then all that it needs.
 */
export async function openDiskObjects(options: DiskObjectsOptions): Promise<ObjectStore> {
  const { directory, records, telemetry = silentTelemetry, sync: disk = diskSync } = options
  const sync: DiskSync = {
    file: (handle) => disk.file(handle),
    folder: sharedSync((path) => disk.folder(path)),
  }
  const paths = await openPaths(directory)
  const pins = openPins()
  const filesOf = (id: BlobId): readonly string[] => [paths.kept(id), paths.incoming(id)]
  const removeFiles = async (files: readonly string[]): Promise<void> => {
    for (const file of files) await removeFile(file)
  }
  const isReferenced = async (id: BlobId): Promise<boolean> => (await records.get(blobKey(id))) !== undefined
  return {
    write: (id, key, source) => writeBlob(paths, sync, id, key, source),
    async settle(blobs) {
      for (const { id, held } of blobs) if (held === undefined) await removeFile(paths.incoming(id))
    },
    read: (blob) => (blob.held === undefined ? readBlob(paths, blob) : once(readHeld(records, blob))),
    readHeld: (blob) => readHeld(records, blob),
    begin: () => pins.begin(),
    async remove(ids) {
      for (const id of ids) {
        const files = filesOf(id)
        await pins.unread(id)
        if (!(await isHeld(records, id))) await removeFiles(files)
      }
    },
    async recover() {
      const left = paths.leftovers()
      for (const id of left)
        await ((await isReferenced(id)) ? removeFile(paths.incoming(id)) : removeFiles(filesOf(id)))
      if (left.length > 0) telemetry.log.info({ event: 'objects_recovered', leftovers: left.length })
    },
  }
}

async function* once(reading: Promise<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const bytes = await reading
  if (bytes.byteLength > 0) yield bytes
}

/** One that is not there is removed already. */
async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}

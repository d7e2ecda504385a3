import { openBlock, storedLength } from '#stores/objects/disk/blocks.ts'
import { blobKey } from '#stores/objects/blob-record.ts'
import { BlobCorrupt, type BlobId, type BlobRead, type BlobRecord } from '#stores/objects/object-store.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

/**
 * The most content of a blob that its record holds, in bytes; it must fit one block. A file of its own costs two syncs
 * more, and a record four thirds of the bytes, twice: in the write-ahead log and in its place.
 */
export const HELD_BYTES: number = 16 * 1024

const NOTHING = new Uint8Array()

/** What the record of a blob says that it holds. */
export const heldRecord = (sealed: readonly Uint8Array[]): BlobRecord => ({
  sealed: Buffer.concat(sealed).toString('base64'),
})

/** Whether the bytes of a blob are in its record. */
export const isHeld = async (records: RecordStore, id: BlobId): Promise<boolean> =>
  (await records.get<BlobRecord>(blobKey(id)))?.value.sealed !== undefined

/** The bytes of a blob that its record holds, once they are verified. */
export async function readHeld(records: RecordStore, blob: BlobRead): Promise<Uint8Array> {
  const { id, key, length, from = 0, to = length } = blob
  const sealed = (await records.get<BlobRecord>(blobKey(id)))?.value.sealed
  if (sealed === undefined) throw new BlobCorrupt(id, 'its record is missing')
  const stored = Buffer.from(sealed, 'base64')
  if (stored.length !== storedLength(length))
    throw new BlobCorrupt(
      id,
      `its record has ${String(stored.length)} bytes instead of ${String(storedLength(length))}`,
    )
  return from < to ? openBlock(id, key, 0, stored).subarray(from, to) : NOTHING
}

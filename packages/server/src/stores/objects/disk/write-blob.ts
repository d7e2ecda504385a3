import { type FileHandle, link, open, rm } from 'node:fs/promises'
import type { ByteStream } from '@sluice/wire'
import { giveBack } from '#kernel/memory.ts'
import { BlockSealer } from '#stores/objects/disk/blocks.ts'
import { HELD_BYTES, heldRecord } from '#stores/objects/disk/held.ts'
import { type Paths, syncFolder } from '#stores/objects/disk/paths.ts'
import type { BlobId, Written } from '#stores/objects/object-store.ts'

/** What is gathered before it goes to the disk; twice this is the most a write holds. */
const GATHERED_BYTES = 1024 * 1024
const OWNER_ONLY = 0o600

/** The steps of a write that the disk must have taken before it may be told of. */
export interface DiskSync {
  /** A file's content. */
  file(handle: FileHandle): Promise<void>
  /** A folder's names. */
  folder(path: string): Promise<void>
}

export const diskSync: DiskSync = { file: (handle) => handle.datasync(), folder: syncFolder }

type Batch = readonly Uint8Array[]

/** Bytes that are few are left to their record; others are written and synced, and their name with them. */
export async function writeBlob(
  paths: Paths,
  sync: DiskSync,
  id: BlobId,
  key: Uint8Array,
  source: ByteStream,
): Promise<Written> {
  const incoming = paths.incoming(id)
  const sealer = new BlockSealer(key)
  const batches = sealed(sealer, source)
  try {
    const { value: first = [] } = await batches.next()
    if (sealer.length <= HELD_BYTES)
      return { blob: { id, length: sealer.length, held: true }, record: heldRecord(first) }
    const handle = await open(incoming, 'wx', OWNER_ONLY)
    await writeFile(handle, paths, sync, id, first, batches)
    return { blob: { id, length: sealer.length }, record: {} }
  } finally {
    // A source whose file could not be made is let go as well.
    await batches.return(undefined)
  }
}

/** Encrypts a source, and yields what has gathered: as soon as it is more than a record holds, and by the megabyte then. */
async function* sealed(sealer: BlockSealer, source: ByteStream): AsyncGenerator<Batch, undefined> {
  let gathered: Uint8Array[] = []
  let enough = HELD_BYTES + 1
  let from = 0
  for await (const content of source) {
    sealer.take(content, gathered)
    source.spent?.(content)
    if (sealer.length - from < enough) continue
    yield gathered
    gathered = []
    enough = GATHERED_BYTES
    from = sealer.length
  }
  sealer.end(gathered)
  if (gathered.length > 0) yield gathered
}

/** The name for good is made and synced while the bytes come: it is told to nobody before both are on the disk. */
async function writeFile(
  handle: FileHandle,
  paths: Paths,
  sync: DiskSync,
  id: BlobId,
  first: Batch,
  batches: AsyncIterable<Batch>,
): Promise<void> {
  const naming = name(paths, sync, id)
  naming.catch(() => {})
  try {
    try {
      await copy(handle, first, batches)
      await sync.file(handle)
    } finally {
      await handle.close()
    }
    await naming
  } catch (error) {
    // A name that is made later than it is taken away would stay.
    await naming.catch(() => {})
    await rm(paths.kept(id), { force: true })
    await rm(paths.incoming(id), { force: true })
    throw error
  }
}

async function name(paths: Paths, sync: DiskSync, id: BlobId): Promise<void> {
  const folder = await paths.folder(id)
  await link(paths.incoming(id), paths.kept(id))
  await sync.folder(folder)
}

async function copy(handle: FileHandle, first: Batch, batches: AsyncIterable<Batch>): Promise<void> {
  let writing = writeAll(handle, first)
  try {
    for await (const batch of batches) {
      // One write at a time: the next is gathered meanwhile, and no more than that.
      await writing
      writing = writeAll(handle, batch)
      // A source that fails first must not leave a failed write unheard.
      writing.catch(() => {})
    }
  } finally {
    // The handle is closed next, which no write may outlive.
    await writing.catch(() => {})
  }
  await writing
}

async function writeAll(handle: FileHandle, parts: Batch): Promise<void> {
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  const { bytesWritten } = await handle.writev(parts)
  // When the disk took a part only, as it does when it is full, the rest is tried once and fails with the reason.
  if (bytesWritten < total) await handle.writeFile(Buffer.concat(parts, total).subarray(bytesWritten))
  parts.forEach(giveBack)
}

import { type FileHandle, link, open, rm } from 'node:fs/promises'
import type { ByteStream } from '@sluice/wire'
import { giveBack } from '#kernel/memory.ts'
import { BlockSealer } from '#stores/objects/disk/blocks.ts'
import { type Paths, syncFolder } from '#stores/objects/disk/paths.ts'
import type { Blob, BlobId } from '#stores/objects/object-store.ts'

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

/** Written, synced, then named: the name for good appears when all bytes are there, and the caller learns of it last. */
export async function writeBlob(
  paths: Paths,
  sync: DiskSync,
  id: BlobId,
  key: Uint8Array,
  source: ByteStream,
): Promise<Blob> {
  const incoming = paths.incoming(id)
  const handle = await open(incoming, 'wx', OWNER_ONLY)
  try {
    let length: number
    try {
      length = await copy(handle, key, source)
      await sync.file(handle)
    } finally {
      await handle.close()
    }
    const folder = await paths.folder(id)
    await link(incoming, paths.kept(id))
    await sync.folder(folder)
    return { id, length }
  } catch (error) {
    await rm(paths.kept(id), { force: true })
    await rm(incoming, { force: true })
    throw error
  }
}

async function copy(handle: FileHandle, key: Uint8Array, source: ByteStream): Promise<number> {
  const sealer = new BlockSealer(key)
  let gathered: Uint8Array[] = []
  let bytes = 0
  let writing: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    // One write at a time: the next is gathered meanwhile, and no more than that.
    await writing
    if (gathered.length === 0) return
    const ready = gathered
    gathered = []
    bytes = 0
    writing = writeAll(handle, ready)
    // A source that fails first must not leave a failed write unheard.
    writing.catch(() => {})
  }
  try {
    for await (const content of source) {
      const before = sealer.length
      sealer.take(content, gathered)
      source.spent?.(content)
      bytes += sealer.length - before
      if (bytes >= GATHERED_BYTES) await flush()
    }
    sealer.end(gathered)
    await flush()
  } finally {
    // The handle is closed next, which no write may outlive.
    await writing.catch(() => {})
  }
  await writing
  return sealer.length
}

async function writeAll(handle: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  const total = parts.reduce((sum, { length }) => sum + length, 0)
  const { bytesWritten } = await handle.writev(parts)
  // When the disk took a part only, as it does when it is full, the rest is tried once and fails with the reason.
  if (bytesWritten < total) await handle.writeFile(Buffer.concat(parts, total).subarray(bytesWritten))
  parts.forEach(giveBack)
}

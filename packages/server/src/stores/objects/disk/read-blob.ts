import { type FileHandle, open } from 'node:fs/promises'
import { BLOCK_BYTES, STORED_BLOCK_BYTES, openBlock, storedLength } from '#stores/objects/disk/blocks.ts'
import type { Paths } from '#stores/objects/disk/paths.ts'
import { BlobCorrupt, type BlobRead } from '#stores/objects/object-store.ts'

/** Blocks that are read from the disk in one go. */
const BLOCKS_AT_ONCE = 16

/** Reads whole blocks, and yields of each, once it is verified, what was asked for. The next ones are read meanwhile. */
export async function* readBlob(paths: Paths, blob: BlobRead): AsyncGenerator<Uint8Array, void> {
  const { id, key, length, from = 0, to = length } = blob
  const handle = await openKept(paths, blob)
  let ahead: Promise<Buffer> | undefined
  try {
    const { size } = await handle.stat()
    if (size !== storedLength(length))
      throw new BlobCorrupt(id, `its file has ${String(size)} bytes instead of ${String(storedLength(length))}`)
    const last = from < to ? Math.ceil(to / BLOCK_BYTES) : 0
    const read = (first: number): Promise<Buffer> | undefined =>
      first < last ? readBlocks(handle, blob, first, Math.min(first + BLOCKS_AT_ONCE, last)) : undefined
    let first = Math.floor(from / BLOCK_BYTES)
    for (ahead = read(first); ahead !== undefined; first += BLOCKS_AT_ONCE) {
      const stored = await ahead
      ahead = read(first + BLOCKS_AT_ONCE)
      // One that fails is heard of when its turn comes, or not at all.
      ahead?.catch(() => {})
      for (let block = first; (block - first) * STORED_BLOCK_BYTES < stored.length; block += 1) {
        const begin = (block - first) * STORED_BLOCK_BYTES
        const content = openBlock(id, key, block, stored.subarray(begin, begin + STORED_BLOCK_BYTES))
        const start = block * BLOCK_BYTES
        yield content.subarray(Math.max(0, from - start), Math.min(content.length, to - start))
      }
    }
  } finally {
    await ahead?.catch(() => {})
    await handle.close()
  }
}

async function openKept(paths: Paths, { id }: BlobRead): Promise<FileHandle> {
  try {
    return await open(paths.kept(id), 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new BlobCorrupt(id, 'its file is missing')
    throw error
  }
}

async function readBlocks(handle: FileHandle, { id, length }: BlobRead, first: number, end: number): Promise<Buffer> {
  const position = first * STORED_BLOCK_BYTES
  const wanted = Math.min(end * STORED_BLOCK_BYTES, storedLength(length)) - position
  const stored = Buffer.allocUnsafe(wanted)
  let filled = 0
  while (filled < wanted) {
    const { bytesRead } = await handle.read(stored, filled, wanted - filled, position + filled)
    if (bytesRead === 0) throw new BlobCorrupt(id, 'its file ends too early')
    filled += bytesRead
  }
  return stored
}

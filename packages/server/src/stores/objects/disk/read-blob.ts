import { type FileHandle, open } from 'node:fs/promises'
import { giveBack } from '#kernel/memory.ts'
import { BLOCK_BYTES, STORED_BLOCK_BYTES, openBlock, storedLength } from '#stores/objects/disk/blocks.ts'
import type { Paths } from '#stores/objects/disk/paths.ts'
import { BlobCorrupt, type BlobRead } from '#stores/objects/object-store.ts'

/** Blocks that are read from the disk in one go; twice as many are held. */
const BLOCKS_AT_ONCE = 8

/** Reads whole blocks, and yields of each, once it is verified, what was asked for. The next ones are read meanwhile. */
export async function* readBlob(paths: Paths, blob: BlobRead): AsyncGenerator<Uint8Array, void> {
  const { id, key, length, from = 0, to = length } = blob
  const handle = await openKept(paths, blob)
  const end = from < to ? Math.ceil(to / BLOCK_BYTES) : 0
  let first = Math.floor(from / BLOCK_BYTES)
  // What was read is gone into the pieces before its buffer is filled again.
  const buffers = [0, 1].map((nth) => bufferFor(blob, first + nth * BLOCKS_AT_ONCE, end))
  let ahead: Promise<Buffer> | undefined
  const read = (block: number, buffer: Buffer | undefined): Promise<Buffer> | undefined => {
    if (block >= end || buffer === undefined) return undefined
    const reading = fill(handle, blob, block, buffer.subarray(0, storedBytes(blob, block, end)))
    // One that fails is heard of when its turn comes, or not at all.
    reading.catch(() => {})
    return reading
  }
  try {
    ahead = read(first, buffers[0])
    await checkSize(handle, blob)
    for (let turn = 1; ahead !== undefined; turn += 1, first += BLOCKS_AT_ONCE) {
      const stored: Buffer = await ahead
      ahead = read(first + BLOCKS_AT_ONCE, buffers[turn % 2])
      for (let block = first; (block - first) * STORED_BLOCK_BYTES < stored.length; block += 1) {
        const begin = (block - first) * STORED_BLOCK_BYTES
        const content = openBlock(id, key, block, stored.subarray(begin, begin + STORED_BLOCK_BYTES))
        const start = block * BLOCK_BYTES
        yield content.subarray(Math.max(0, from - start), Math.min(content.length, to - start))
      }
    }
  } finally {
    await ahead?.catch(() => {})
    buffers.forEach(giveBack)
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

async function checkSize(handle: FileHandle, { id, length }: BlobRead): Promise<void> {
  const { size } = await handle.stat()
  if (size !== storedLength(length))
    throw new BlobCorrupt(id, `its file has ${String(size)} bytes instead of ${String(storedLength(length))}`)
}

/** Stored bytes of the blocks from `first` on that are read in one go. */
const storedBytes = ({ length }: BlobRead, first: number, end: number): number =>
  Math.min(Math.min(first + BLOCKS_AT_ONCE, end) * STORED_BLOCK_BYTES, storedLength(length)) -
  first * STORED_BLOCK_BYTES

/** Exactly as much memory as is needed, shared with nobody. */
const bufferFor = (blob: BlobRead, first: number, end: number): Buffer =>
  Buffer.allocUnsafeSlow(Math.max(0, storedBytes(blob, first, end)))

async function fill(handle: FileHandle, { id }: BlobRead, first: number, buffer: Buffer): Promise<Buffer> {
  const position = first * STORED_BLOCK_BYTES
  let filled = 0
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled)
    if (bytesRead === 0) throw new BlobCorrupt(id, 'its file ends too early')
    filled += bytesRead
  }
  return buffer
}

import { constants } from 'node:fs'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'

/** 2^53 has sixteen digits: names in order of text are in order of seq. */
const NAME = /^(\d{16})\.seg$/
export const segmentName = (firstSeq: number): string => `${String(firstSeq).padStart(16, '0')}.seg`
/** The first seq in a segment's name. `undefined`: not a segment. */
export const firstSeqIn = (name: string): number | undefined => {
  const digits = NAME.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** What a segment needs of its file; tests stand in for the disk here. */
export interface SegmentFile {
  readonly path: string
  /** Writes everything or throws. Zeros may lie behind it: room for what comes next. */
  write(buffers: readonly Buffer[], position: number): Promise<void>
  /** Must not resolve before what was written is on the disk, power loss included. */
  sync(): Promise<void>
  /** Must fill `into`. */
  read(into: Buffer, position: number): Promise<void>
  size(): Promise<number>
  truncate(bytes: number): Promise<void>
  close(): Promise<void>
  remove(): Promise<void>
}

export interface SegmentFiles {
  /** A new file whose name survives power loss. */
  create(firstSeq: number): Promise<SegmentFile>
  /** One that an earlier run left. */
  open(name: string): Promise<SegmentFile>
}

/**
 * Whether each write of a new file is on the disk when it ends, which saves asking for it afterwards. Elsewhere such writes
 * may still be in the disk's own cache.
 */
const IS_WRITTEN_THROUGH = process.platform === 'linux'
const { O_RDWR, O_CREAT, O_EXCL, O_DSYNC } = constants
const NEW = O_RDWR | O_CREAT | O_EXCL | (IS_WRITTEN_THROUGH ? O_DSYNC : 0)

export const diskSegmentFiles = (directory: string): SegmentFiles => ({
  async create(firstSeq) {
    const path = join(directory, segmentName(firstSeq))
    const file = new DiskSegmentFile(path, await open(path, NEW, 0o600))
    try {
      await syncDirectory(directory)
    } catch (error) {
      await file.close()
      await file.remove()
      throw error
    }
    return file
  },
  async open(name) {
    const path = join(directory, name)
    return new DiskSegmentFile(path, await open(path, 'r+'))
  },
})

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Writes that gain from room made ahead of them are no longer than this. */
const SMALL_WRITE_BYTES = 64 * 1024
/** Most room that is made at once, in bytes. */
const MAX_AHEAD_BYTES = 1024 * 1024
const ZEROS = Buffer.alloc(MAX_AHEAD_BYTES)

/**
 * A sync of a file that grew has to write the journal of the file system as well, which takes half as long again. So a
 * file that many small writes go to grows ahead of them, in zeros, by as much as it has, and is cut when it is full.
 */
class DiskSegmentFile implements SegmentFile {
  readonly path: string
  readonly #handle: FileHandle
  /** Where the file ends, as far as it was written here. */
  #end = 0

  constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    const end = position + buffers.reduce((sum, { length }) => sum + length, 0)
    const ahead = end > this.#end ? aheadOf(position, end) : 0
    let at = position
    // A disk that has no room for the zeros has lost nothing.
    for (let rest = ahead === 0 ? buffers : [...buffers, ZEROS.subarray(0, ahead)]; at < end;) {
      const { bytesWritten } = await this.#handle.writev(rest, at)
      at += bytesWritten
      rest = after(rest, bytesWritten)
    }
    this.#end = Math.max(this.#end, at)
  }

  async sync(): Promise<void> {
    if (!IS_WRITTEN_THROUGH) await this.#handle.datasync()
  }

  async read(into: Buffer, position: number): Promise<void> {
    for (let filled = 0; filled < into.length;) {
      const { bytesRead } = await this.#handle.read(into, filled, into.length - filled, position + filled)
      if (bytesRead === 0)
        throw new Error(`${this.path} ends at byte ${String(position + filled)}, but more was written to it`)
      filled += bytesRead
    }
  }

  async size(): Promise<number> {
    return (await this.#handle.stat()).size
  }

  async truncate(bytes: number): Promise<void> {
    await this.#handle.truncate(bytes)
    this.#end = Math.min(this.#end, bytes)
    await this.#handle.sync()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async remove(): Promise<void> {
    await unlink(this.path)
  }
}

/** Zeros behind a write from `position` to `end`: none in a file that few writes go to, or large ones, whose syncs have enough to do. */
const aheadOf = (position: number, end: number): number =>
  end - position > Math.min(position / 4, SMALL_WRITE_BYTES) ? 0 : Math.min(position, MAX_AHEAD_BYTES)

/** What is left of `buffers` when their first `count` bytes are written. A disk that fills up writes some, then fails. */
function after(buffers: readonly Buffer[], count: number): readonly Buffer[] {
  let skip = count
  let index = 0
  while (index < buffers.length && skip >= (buffers[index] as Buffer).length)
    skip -= (buffers[index++] as Buffer).length
  const [first, ...others] = buffers.slice(index)
  return first === undefined ? [] : [first.subarray(skip), ...others]
}

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
  /** Writes everything or throws. */
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

export const diskSegmentFiles = (directory: string): SegmentFiles => ({
  async create(firstSeq) {
    const path = join(directory, segmentName(firstSeq))
    const file = new DiskSegmentFile(path, await open(path, 'wx+', 0o600))
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

class DiskSegmentFile implements SegmentFile {
  readonly path: string
  readonly #handle: FileHandle

  constructor(path: string, handle: FileHandle) {
    this.path = path
    this.#handle = handle
  }

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    let at = position
    for (let rest = buffers; rest.length > 0;) {
      const { bytesWritten } = await this.#handle.writev(rest, at)
      at += bytesWritten
      rest = after(rest, bytesWritten)
    }
  }

  async sync(): Promise<void> {
    await this.#handle.datasync()
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
    await this.#handle.sync()
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  async remove(): Promise<void> {
    await unlink(this.path)
  }
}

/** What is left of `buffers` when their first `count` bytes are written. A disk that fills up writes some, then fails. */
function after(buffers: readonly Buffer[], count: number): readonly Buffer[] {
  let skip = count
  let index = 0
  while (index < buffers.length && skip >= (buffers[index] as Buffer).length)
    skip -= (buffers[index++] as Buffer).length
  const [first, ...others] = buffers.slice(index)
  return first === undefined ? [] : [first.subarray(skip), ...others]
}

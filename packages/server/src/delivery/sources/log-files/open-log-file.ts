import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { isMissing } from '#delivery/sources/log-files/listing.ts'

/** Bytes at a file's beginning by which it is known again. */
const HEAD_BYTES = 64

/** A log file that is being read. It stays readable when somebody deletes it. */
export class OpenLogFile {
  readonly number: number
  readonly inode: string
  /** As of the last look. */
  size: number
  readonly #handle: FileHandle
  #head: Buffer = Buffer.alloc(0)

  private constructor(number: number, inode: string, size: number, handle: FileHandle) {
    this.number = number
    this.inode = inode
    this.size = size
    this.#handle = handle
  }

  /** `undefined`: there is no such file. */
  static async open(path: string, number: number): Promise<OpenLogFile | undefined> {
    let handle: FileHandle
    try {
      handle = await open(path)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
    try {
      const { ino, size } = await handle.stat({ bigint: true })
      return new OpenLogFile(number, String(ino), Number(size), handle)
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /** Asks the file itself, for one that no longer stands in the directory. */
  async measure(): Promise<number> {
    const { size } = await this.#handle.stat()
    return size
  }

  /** At most `length` bytes from `offset`; fewer at the file's end. */
  async read(offset: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await this.#handle.read(buffer, filled, length - filled, offset + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  }

  /** Names the file's first bytes, as far as `offset`: they never change while it is the same file. */
  async fingerprint(offset: number): Promise<string> {
    const length = Math.min(offset, HEAD_BYTES)
    if (length === 0) return ''
    if (this.#head.length < length) this.#head = await this.read(0, HEAD_BYTES)
    return `${String(length)}:${crc32(this.#head.subarray(0, length)).toString(16)}`
  }

  /** Whether this is the file in which a place with this offset and fingerprint was. */
  async holds(place: { readonly offset: number; readonly head: string }): Promise<boolean> {
    return place.offset <= this.size && place.head === (await this.fingerprint(place.offset))
  }

  close(): Promise<void> {
    return this.#handle.close()
  }
}

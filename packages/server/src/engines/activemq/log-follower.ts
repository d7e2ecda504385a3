import { open, stat } from 'node:fs/promises'
import { logFile, logNumbers } from '#engines/activemq/log-files.ts'

/** Where to go on reading in the numbered files of a log. */
interface Position {
  readonly number: number
  readonly offset: number
}

const STEP_BYTES = 256 * 1024

/** Reads what a broker writes to a log from now on; for readiness only, so nothing is kept of it. */
export class LogFollower {
  readonly #directory: string
  readonly #prefix: string
  #position: Position

  private constructor(directory: string, prefix: string, position: Position) {
    this.#directory = directory
    this.#prefix = prefix
    this.#position = position
  }

  /** Follows from the end of the newest file; from the beginning when there is none. */
  static async fromEnd(directory: string, prefix: string): Promise<LogFollower> {
    const number = Math.max(0, ...(await logNumbers(directory, prefix)))
    const offset = number === 0 ? 0 : (await stat(logFile(directory, prefix, number))).size
    return new LogFollower(directory, prefix, { number, offset })
  }

  /** What was written since the last call, at most 256 KiB of each file. */
  async next(): Promise<string> {
    let text = ''
    const numbers = (await logNumbers(this.#directory, this.#prefix)).filter(
      (number) => number >= this.#position.number,
    )
    for (const number of numbers) {
      const offset = number === this.#position.number ? this.#position.offset : 0
      const read = await readFrom(logFile(this.#directory, this.#prefix, number), offset)
      text += read.toString('utf8')
      this.#position = { number, offset: offset + read.length }
    }
    return text
  }
}

async function readFrom(file: string, offset: number): Promise<Buffer> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(STEP_BYTES), 0, STEP_BYTES, offset)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

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
    const number = Math.max(0, ...(await numbersIn(directory, prefix)))
    const offset = number === 0 ? 0 : (await stat(fileOf(directory, prefix, number))).size
    return new LogFollower(directory, prefix, { number, offset })
  }

  /** What was written since the last call, at most 256 KiB of each file. */
  async next(): Promise<string> {
    let text = ''
    const numbers = (await numbersIn(this.#directory, this.#prefix)).filter((number) => number >= this.#position.number)
    for (const number of numbers) {
      const offset = number === this.#position.number ? this.#position.offset : 0
      const read = await readFrom(fileOf(this.#directory, this.#prefix, number), offset)
      text += read.toString('utf8')
      this.#position = { number, offset: offset + read.length }
    }
    return text
  }
}

const fileOf = (directory: string, prefix: string, number: number): string =>
  join(directory, `${prefix}-${String(number)}.log`)

async function numbersIn(directory: string, prefix: string): Promise<readonly number[]> {
  const pattern = new RegExp(`^${prefix}-(\\d+)\\.log$`)
  const names = await readdir(directory).catch(() => [])
  return names
    .map((name) => Number(pattern.exec(name)?.[1] ?? Number.NaN))
    .filter((number) => !Number.isNaN(number))
    .toSorted((left, right) => left - right)
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

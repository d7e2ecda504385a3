import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { messageOf } from '#kernel/errors.ts'

export interface Download {
  readonly url: string
  readonly sizeBytes: number
  readonly sha512: string
  /** Where the whole, verified file goes; what has come so far is kept in `<file>.part`. */
  readonly file: string
}

const TRIES = 3
const STALLED_MILLIS = 30_000
const PROGRESS_MILLIS = 200

/**
 * Fetches a file, going on where an earlier try ended, and verifies it. One caller at a time per file.
 * @throws Error in one sentence: what could not be fetched, why, and what to do
 */
export async function download(wanted: Download, progress: (doneBytes: number) => void): Promise<void> {
  const part = `${wanted.file}.part`
  await fetchAll(wanted, part, progress)
  const found = await sha512Of(part)
  if (found !== wanted.sha512) {
    await rm(part, { force: true })
    throw new Error(
      `${nameOf(wanted)} arrived with another checksum than it must have, so it was thrown away; try again, and if it happens again, ask who runs the repository`,
    )
  }
  await rename(part, wanted.file)
}

async function fetchAll(wanted: Download, part: string, progress: (doneBytes: number) => void): Promise<void> {
  for (let attempt = 1; (await sizeOf(part)) !== wanted.sizeBytes; attempt++) {
    try {
      await fetchRest(wanted, part, progress)
      if ((await sizeOf(part)) > wanted.sizeBytes) await rm(part)
    } catch (error) {
      if (attempt >= TRIES || error instanceof Refused) {
        throw new Error(
          `${nameOf(wanted)} could not be downloaded: ${reasonOf(error)}; check the network and the repository, or put the file into ${wanted.file} by hand`,
          { cause: error },
        )
      }
    }
  }
}

/** The repository answered, and trying again would not change its mind. */
class Refused extends Error {}

async function fetchRest(
  { url, sizeBytes }: Download,
  part: string,
  progress: (doneBytes: number) => void,
): Promise<void> {
  const have = await sizeOf(part)
  const stalled = new Stall()
  const response = await fetch(url, {
    headers: have > 0 && have < sizeBytes ? { range: `bytes=${String(have)}-` } : {},
    signal: stalled.signal,
  })
  if (response.status !== 200 && response.status !== 206) {
    await response.body?.cancel()
    const says = `the repository answered ${String(response.status)}`
    throw response.status < 500 && response.status !== 416 && response.status !== 429
      ? new Refused(says)
      : new Error(says)
  }
  if (response.body === null) throw new Error('the repository answered without a file')
  const resumed = response.status === 206
  let done = resumed ? have : 0
  let told = 0
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      stalled.moved()
      done += chunk.length
      if (done > sizeBytes)
        throw new Refused(`the repository sent more than the ${String(sizeBytes)} bytes that it must have`)
      yield chunk
      if (performance.now() - told < PROGRESS_MILLIS && done < sizeBytes) continue
      told = performance.now()
      progress(done)
    }
  }
  try {
    await pipeline(
      Readable.fromWeb(response.body),
      counted,
      createWriteStream(part, { flags: resumed ? 'a' : 'w', mode: 0o600 }),
    )
  } finally {
    stalled.end()
  }
}

/** Aborts when nothing has moved for a while; a slow download may take as long as it needs. */
class Stall {
  readonly #abort = new AbortController()
  #timer: NodeJS.Timeout | undefined

  constructor() {
    this.moved()
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  moved(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#abort.abort(new Error('nothing arrived for 30 seconds')), STALLED_MILLIS)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}

export async function sha512Of(file: string): Promise<string> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

const nameOf = ({ url }: Download): string => url.slice(url.lastIndexOf('/') + 1)

/** `fetch` says "fetch failed" and hides why in its cause. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error)

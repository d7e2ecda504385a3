import { randomBytes } from 'node:crypto'
import { type BodyDigests, type DigestName, digestsHere } from '@sluice/wire'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { DigestThread } from '#gateway/digests/digest-thread.ts'
import { type DigestThreads, openDigestThreads } from '#gateway/digests/digest-threads.ts'

const MEBIBYTE = 1_048_576
const LARGE = MEBIBYTE
const LONG = 16 * MEBIBYTE
const NAMES: readonly DigestName[] = ['md5', 'crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256', 'sha512']
const IDLE_MILLIS = 10_000

let errors: LogFields[]
let started: DigestThread[]
let threads: DigestThreads

const telemetry = {
  ...silentTelemetry,
  log: { ...silentTelemetry.log, error: (fields: LogFields) => void errors.push(fields) },
}
const moduleOf = (code: string): URL => new URL(`data:text/javascript,${encodeURIComponent(code)}`)

function openThreads(most: number, main?: URL): DigestThreads {
  const start = (ended: (reason: Error) => void): DigestThread => {
    const thread = new DigestThread(ended, main)
    started.push(thread)
    return thread
  }
  return openDigestThreads({ telemetry, most, start })
}

beforeEach(() => {
  errors = []
  started = []
  threads = openThreads(2)
})
afterEach(() => threads.close())

/** Gives a body by pieces of these lengths, by turns, and asks for its digests. */
async function digest(digests: BodyDigests, content: Uint8Array, lengths: readonly number[], isSpare: boolean) {
  let n = 0
  for (let at = 0; at < content.length; n += 1) {
    const piece = Uint8Array.from(content.subarray(at, at + (lengths[n % lengths.length] as number)))
    at += piece.length
    // Two parts of it, as the framing of chunks leaves them, and what lies between.
    await digests.take([piece.subarray(0, 10), piece.subarray(10)], isSpare ? piece : undefined)
  }
  const computed = await digests.end()
  digests.drop()
  return computed
}

describe('digests of a thread', () => {
  test('are those of the same bytes here, of any number of bodies at once', async () => {
    const bodies = Array.from({ length: 12 }, (_, n) => randomBytes(LARGE + n * 12_345))
    const computed = await Promise.all(
      bodies.map((body, n) => digest(threads.open(NAMES, body.length), body, [65_536, 20 + n, 9_000], n % 2 === 0)),
    )
    expect(started).toHaveLength(2)
    for (const [n, body] of bodies.entries())
      expect(computed[n]).toEqual(await digest(digestsHere(NAMES, undefined), body, [100_000], false))
  })

  test('of memory that somebody needs are those of a copy, and what is spare is taken away', async () => {
    const digests = threads.open(['md5'], LONG)
    const [needed, shared, spare] = [randomBytes(5_000), new Uint8Array(9_000).subarray(1_000), new Uint8Array(9_000)]
    await digests.take([needed], undefined)
    await digests.take([shared], shared)
    await digests.take([spare.subarray(10, 20), spare.subarray(30)], spare)
    expect([needed.length, shared.length, spare.length]).toEqual([5_000, 8_000, 0])
    expect(started).toHaveLength(1)
    digests.drop()
  })

  test('hold a body back that comes faster than they are made', async () => {
    threads = openThreads(1)
    const digests = threads.open(NAMES, LONG)
    const piece = randomBytes(MEBIBYTE / 4)
    const waits = [1, 2, 3].map(() => digests.take([piece], undefined))
    expect(waits).toEqual([undefined, undefined, undefined])
    await expect(digests.take([piece], undefined)).resolves.toBeUndefined()
    const beside = threads.open(NAMES, LONG)
    // However large its pieces are, and though no other body comes that they could wait for.
    for (const length of [MEBIBYTE, MEBIBYTE * 1.6, MEBIBYTE * 1.1])
      await expect(beside.take([new Uint8Array(length)], undefined)).resolves.toBeUndefined()
    digests.drop()
    beside.drop()
  })

  test('that nobody asks for any more leave nothing behind', async () => {
    const digests = threads.open(['md5'], LONG)
    await digests.take([randomBytes(1_000)], undefined)
    digests.drop()
    expect(started.map(({ bodies }) => bodies)).toEqual([0])
    const other = randomBytes(LARGE)
    expect((await digest(threads.open(['md5'], LARGE), other, [65_536], true)).get('md5')).toHaveLength(16)
    expect(errors).toEqual([])
  })
})

describe('threads', () => {
  test('are started for large bodies side by side, or a long one, and no more than may be', async () => {
    const small = [threads.open(['md5'], 1_000), threads.open(['md5'], 1_000), threads.open(['md5'], undefined)]
    const alone = threads.open(['md5'], LARGE)
    expect(started).toHaveLength(0)
    const more = [1, 2, 3, 4].map(() => threads.open(['md5'], LARGE))
    expect(started.map(({ bodies }) => bodies)).toEqual([2, 2])
    for (const digests of [...small, alone, ...more]) digests.drop()
    await threads.close()

    const apart = threads.open(['md5'], LARGE)
    apart.drop()
    threads.open(['md5'], LARGE).drop()
    expect(started).toHaveLength(2)
    threads.open(['md5'], LONG).drop()
    expect(started).toHaveLength(3)
  })

  test('end when they had nothing to do for ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const [first, other] = [threads.open(['md5'], LONG), threads.open(['md5'], LONG)]
      threads.open(['md5'], LONG).drop()
      // Long bodies take their time.
      vi.advanceTimersByTime(IDLE_MILLIS)
      await Promise.all([first.end(), other.end()])
      first.drop()
      other.drop()
      vi.advanceTimersByTime(IDLE_MILLIS - 1)
      const second = threads.open(['md5'], LARGE)
      vi.advanceTimersByTime(IDLE_MILLIS)
      await second.end()
      second.drop()
      expect(started).toHaveLength(2)
      vi.advanceTimersByTime(IDLE_MILLIS)
      threads.open(['md5'], LONG).drop()
      expect(started).toHaveLength(3)
      expect(errors).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })

  test('that fail take their bodies along, once and with the reason, and no later ones', async () => {
    threads = openThreads(
      1,
      moduleOf(
        `import { parentPort } from 'node:worker_threads'
         parentPort.on('message', ({ kind }) => { if (kind === 'take') throw new Error('out of order') })`,
      ),
    )
    const [giving, ending, waiting] = [1, 2, 3].map(() => threads.open(['md5'], LONG)) as [
      BodyDigests,
      BodyDigests,
      BodyDigests,
    ]
    const end = ending.end()
    const wait = waiting.take([randomBytes(MEBIBYTE)], undefined)
    await expect(end).rejects.toThrow('out of order')
    await expect(wait).rejects.toThrow('out of order')
    await expect(giving.take([randomBytes(10)], undefined)).rejects.toThrow('out of order')
    await expect(giving.end()).rejects.toThrow('out of order')
    for (const digests of [giving, ending, waiting]) digests.drop()
    expect(errors).toMatchObject([{ event: 'digest_thread_failed', message: 'out of order' }])
    threads.open(['md5'], LONG).drop()
    expect(started).toHaveLength(2)
  })

  test('that are closed fail what is open, and that is no trouble of theirs', async () => {
    const digests = threads.open(['md5'], LONG)
    await threads.close()
    await expect(digests.end()).rejects.toThrow('has ended')
    digests.drop()
    expect(errors).toEqual([])
  })
})

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { RequestHead } from '../request.ts'
import { type OpenDigests, digestsHere } from './body-digests.ts'
import type { DigestName } from './digests.ts'
import { makeDigest } from './digests.ts'
import { payloadStream } from './stream.ts'
import { type FramedRequest, drained, framedRequest, inPieces, planOf, read } from './testing/chunked-body.ts'
import { faultOf, signedHead } from './testing/s3-request.ts'

const HELLO = Buffer.from('hello')
const HELLO_SHA256 = '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'
const ALGORITHMS: readonly DigestName[] = ['crc32', 'crc32c', 'crc64nvme', 'md5', 'sha1', 'sha256', 'sha512']

function digestOf(name: DigestName, content: Uint8Array): string {
  const digest = makeDigest(name)
  digest.update(content)
  return digest.digest().toString('base64')
}

const put = (headers: Readonly<Record<string, string>>, payload = HELLO_SHA256): RequestHead =>
  signedHead({ method: 'PUT', rawUrl: '/k', headers }, payload)

describe('a body without framing', () => {
  test('the hash in the head is that of the content', async () => {
    expect(await read({ head: put({}), body: HELLO }, [2])).toMatchObject({ content: HELLO, summary: { length: 5 } })
    const other = { head: put({}), body: Buffer.from('hellO') }
    expect(await faultOf(() => read(other, [2]))).toEqual({
      code: 'XAmzContentSHA256Mismatch',
      status: 400,
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      members: {
        ClientComputedContentSHA256: HELLO_SHA256,
        S3ComputedContentSHA256: createHash('sha256').update('hellO').digest('hex'),
      },
    })
  })

  test('the hash may be in capitals', async () => {
    expect((await read({ head: put({}, HELLO_SHA256.toUpperCase()), body: HELLO })).content).toEqual(HELLO)
  })

  test('unsigned content is taken as it comes', async () => {
    expect((await read({ head: put({}, 'UNSIGNED-PAYLOAD'), body: HELLO })).summary).toEqual({ length: 5, digests: {} })
  })

  test('it is as long as it says', async () => {
    const head = put({ 'content-length': '6' }, 'UNSIGNED-PAYLOAD')
    expect(await faultOf(() => read({ head, body: HELLO }))).toEqual({
      code: 'IncompleteBody',
      status: 400,
      message: 'You did not provide the number of bytes specified by the Content-Length HTTP header',
      members: { NumberBytesExpected: '6', NumberBytesProvided: '5' },
    })
    expect(await faultOf(() => read({ head, body: Buffer.from('hello!!') }))).toMatchObject({ code: 'IncompleteBody' })
  })

  test('it is no longer than it may be, whether it says so or not', async () => {
    const tooLarge = {
      code: 'EntityTooLarge',
      status: 400,
      message: 'Your proposed upload exceeds the maximum allowed size',
    }
    const said = put({ 'content-length': '5' }, 'UNSIGNED-PAYLOAD')
    expect(await faultOf(() => planOf(said, { maxBytes: 4 }))).toEqual({
      ...tooLarge,
      members: { ProposedSize: '5', MaxSizeAllowed: '4' },
    })
    const unsaid = { head: put({}, 'UNSIGNED-PAYLOAD'), body: HELLO }
    expect(await faultOf(() => read(unsaid, [3], { maxBytes: 4 }))).toEqual({
      ...tooLarge,
      members: { MaxSizeAllowed: '4' },
    })
    expect((await read(unsaid, [3], { maxBytes: 5 })).content).toEqual(HELLO)
    expect(await faultOf(() => planOf(put({ 'content-length': '5368709121' })))).toMatchObject(tooLarge)
  })

  test('what is asked for is computed, beside what is verified', async () => {
    const md5 = digestOf('md5', HELLO)
    const { summary } = await read({ head: put({ 'content-md5': md5 }), body: HELLO }, [1], { compute: ['crc64nvme'] })
    expect(summary).toEqual({
      length: 5,
      digests: { crc64nvme: digestOf('crc64nvme', HELLO), md5, sha256: digestOf('sha256', HELLO) },
    })
  })
})

describe('Content-MD5', () => {
  test('what is none is refused before the body', async () => {
    for (const value of ['', 'abc', '5d41402abc4b2a76b9719d911017c592', 'XUFAKrxLKna5cZ2REBfFk'])
      expect(await faultOf(() => planOf(put({ 'content-md5': value })))).toEqual({
        code: 'InvalidDigest',
        status: 400,
        message: 'The Content-MD5 you specified was invalid.',
        members: { 'Content-MD5': value },
      })
  })

  test('of framed content it is of the content alone', async () => {
    for (const signed of [true, false]) {
      const right = framedRequest(HELLO, { signed, headers: { 'content-md5': digestOf('md5', HELLO) } })
      expect((await read(right)).content).toEqual(HELLO)
      const wrong = framedRequest(HELLO, { signed, headers: { 'content-md5': digestOf('md5', right.body) } })
      expect(await faultOf(() => read(wrong))).toEqual({
        code: 'BadDigest',
        status: 400,
        message: 'The Content-MD5 you specified did not match what we received.',
        members: {
          CalculatedDigest: 'XUFAKrxLKna5cZ2REBfFkg==',
          ExpectedDigest: createHash('md5').update(right.body).digest('hex'),
        },
      })
    }
  })
})

describe.each(ALGORITHMS)('the checksum %s', (algorithm) => {
  const name = `x-amz-checksum-${algorithm}`
  const right = digestOf(algorithm, HELLO)
  const wrong = digestOf(algorithm, Buffer.from('other'))
  const badDigest = {
    code: 'BadDigest',
    status: 400,
    message: `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    members: {},
  }
  const summary = { length: 5, checksum: { algorithm, value: right }, digests: { [algorithm]: right } }

  test('in the head', async () => {
    expect(await read({ head: put({ [name]: right }), body: HELLO })).toMatchObject({ content: HELLO, summary })
    expect(await faultOf(() => read({ head: put({ [name]: wrong }), body: HELLO }))).toEqual(badDigest)
  })

  test.each([true, false])('after the body, signed: %s', async (signed) => {
    expect(await read(framedRequest(HELLO, { signed, trailers: { [name]: right } }))).toMatchObject({ summary })
    expect(await faultOf(() => read(framedRequest(HELLO, { signed, trailers: { [name]: wrong } })))).toEqual(badDigest)
  })

  test('that is none', async () => {
    const fault = (where: string): object => ({
      code: 'InvalidRequest',
      status: 400,
      message: `Value for ${name} ${where} is invalid.`,
      members: {},
    })
    for (const value of ['', 'AAAA', right.slice(0, -1), `${right.slice(0, -1)}!`]) {
      expect(await faultOf(() => planOf(put({ [name]: value })))).toEqual(fault('header'))
      const request = framedRequest(HELLO, { signed: false, trailers: { [name]: value } })
      expect(await faultOf(() => read(request))).toEqual(fault('trailing header'))
    }
  })
})

describe('reading', () => {
  const request = framedRequest(Buffer.alloc(40_000, 'x'), { signed: true, sizes: [20_000] })

  async function* watched(body: Uint8Array, onEnd: () => void): AsyncGenerator<Uint8Array> {
    try {
      yield* inPieces(body, [1_000, 2_000, 3_000, 25_000, 30_000])
    } finally {
      onEnd()
    }
  }

  test('nothing is known before the end', async () => {
    const stream = payloadStream(planOf(request.head), inPieces(request.body, [1_000]))
    expect(() => stream.summary()).toThrow('not read to its end')
    for await (const part of stream) {
      expect(part.length).toBeGreaterThan(0)
      expect(() => stream.summary()).toThrow('not read to its end')
    }
    expect(stream.summary().length).toBe(40_000)
  })

  test('nothing is known of a body that was refused', async () => {
    const stream = payloadStream(planOf(request.head), inPieces(request.body.subarray(0, -1)))
    await expect(drained(stream)).rejects.toMatchObject({ code: 'IncompleteBody' })
    expect(() => stream.summary()).toThrow('not what it must be')
  })

  test('whoever stops early lets go of the source', async () => {
    let isReleased = false
    const source = watched(request.body, () => {
      isReleased = true
    })
    for await (const part of payloadStream(planOf(request.head), source)) if (part.length > 0) break
    expect(isReleased).toBe(true)
  })

  test('a fault lets go of the source', async () => {
    let isReleased = false
    const body = Buffer.from(request.body)
    body[500] = 0
    const stream = payloadStream(
      planOf(request.head),
      watched(body, () => {
        isReleased = true
      }),
    )
    await expect(drained(stream)).rejects.toMatchObject({ code: 'SignatureDoesNotMatch' })
    expect(isReleased).toBe(true)
  })

  test('a fault of the source is passed on', async () => {
    const source = (async function* () {
      yield request.body.subarray(0, 100)
      throw new Error('the client went away')
    })()
    await expect(drained(payloadStream(planOf(request.head), source))).rejects.toThrow('the client went away')
  })

  test('a body is read once', async () => {
    const stream = payloadStream(planOf(request.head), inPieces(request.body))
    await drained(stream)
    await expect(drained(stream)).rejects.toThrow('read once')
  })

  test('content is not copied and not held: each part lies in the piece that brought it', async () => {
    const stream = payloadStream(planOf(request.head), inPieces(request.body, [7_000, 7_001, 26_000]))
    for await (const part of stream) expect(part.buffer).toBe(request.body.buffer)
  })
})

/** Requests of every framing, right ones and ones with something wrong anywhere. */
const framedRequests = fc
  .record({
    content: fc.uint8Array({ maxLength: 60 }),
    first: fc.constantFrom(0, 8_192, 9_000),
    signed: fc.boolean(),
    algorithm: fc.option(fc.constantFrom(...ALGORITHMS), { nil: undefined }),
    damage: fc.option(fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.boolean() }), { nil: undefined }),
  })
  .map(({ content: tail, first, signed, algorithm, damage }): FramedRequest => {
    const content = Buffer.concat([Buffer.alloc(first, 'f'), tail])
    const trailers =
      algorithm === undefined ? undefined : { [`x-amz-checksum-${algorithm}`]: digestOf(algorithm, content) }
    const made = framedRequest(content, {
      signed,
      sizes: first === 0 ? [] : [first],
      ...(trailers === undefined ? {} : { trailers }),
    })
    if (damage === undefined) return made
    const body = Buffer.from(made.body)
    const at = damage.at % body.length
    body[at] = damage.byte
    return { ...made, body: damage.cut ? body.subarray(0, at) : body }
  })

const outcome = async (request: FramedRequest, cuts: readonly number[]): Promise<unknown> => {
  try {
    const { content, summary } = await read(request, cuts)
    return { content: content.toString('latin1'), summary }
  } catch (error) {
    return { fault: error, ...(error as object) }
  }
}

test('however the network cuts a body, it gives the same content or the same fault', async () => {
  await fc.assert(
    fc.asyncProperty(framedRequests, fc.array(fc.nat(400), { maxLength: 12 }), async (request, places) => {
      // Cuts near both ends, where the framing is; and one that leaves every byte alone for short bodies.
      const cuts = places.map((place, index) => (index % 2 === 0 ? place : Math.max(0, request.body.length - place)))
      const whole = await outcome(request, [])
      expect(await outcome(request, cuts)).toEqual(whole)
      if (request.body.length < 500)
        expect(
          await outcome(
            request,
            Array.from({ length: request.body.length }, (_, at) => at),
          ),
        ).toEqual(whole)
    }),
    { seed: 7, numRuns: 300 },
  )
})

test('every flipped bit of a signed body is refused, but the case of a size, which says the same', async () => {
  const content = Buffer.concat([Buffer.alloc(8_192, 'a'), Buffer.from('the last chunk, of 0x2b bytes: one letter. ')])
  const trailers = { 'x-amz-checksum-crc64nvme': digestOf('crc64nvme', content) }
  const { head, body } = framedRequest(content, { signed: true, sizes: [8_192], trailers })
  // All of the framing, and some of the long chunk.
  const places = [...body.keys()].filter((at) => at < 120 || at > 8_250 || at % 512 === 0)
  let same = 0
  for (const at of places) {
    for (let bit = 0; bit < 8; bit++) {
      const flipped = Buffer.from(body)
      flipped[at] = (body[at] ?? 0) ^ (1 << bit)
      const result = await outcome({ head, body: flipped }, [])
      if (result !== null && typeof result === 'object' && 'fault' in result) continue
      expect(String.fromCharCode(flipped[at] ?? 0)).toMatch(/[A-F]/)
      expect(result).toMatchObject({ content: content.toString('latin1') })
      same += 1
    }
  }
  expect(same).toBe(1)
})

describe('memory of a body', () => {
  /** Which pieces a source hears of when every part that passes `isSpent` is told to be spent; by number. */
  async function spentOf(request: FramedRequest, isSpent: (n: number) => boolean): Promise<readonly number[]> {
    const pieces: Uint8Array[] = []
    const told: number[] = []
    async function* source(): AsyncGenerator<Uint8Array> {
      for await (const piece of inPieces(request.body, [20_000])) {
        const own = Uint8Array.from(piece)
        pieces.push(own)
        yield own
      }
    }
    const reading = source()
    const stream = payloadStream(planOf(request.head), {
      [Symbol.asyncIterator]: () => reading,
      spent: (piece) => void told.push(pieces.indexOf(piece)),
    })
    let n = 0
    for await (const part of stream) {
      if (isSpent(n)) stream.spent?.(part)
      n += 1
    }
    return told
  }
  const content = Buffer.alloc(40_000, 'content ')
  const framed = (): FramedRequest => framedRequest(content, { signed: true, sizes: [8_192] })
  const plain = (): FramedRequest => ({ head: put({}, 'UNSIGNED-PAYLOAD'), body: content })

  test.each([
    { name: 'without framing', request: plain },
    { name: 'with framing', request: framed },
  ])('$name: each piece is spent once all its parts are, and none before', async ({ request }) => {
    expect(await spentOf(request(), () => true)).toEqual([0, 1])
    expect(await spentOf(request(), () => false)).toEqual([])
    expect(await spentOf(request(), (n) => n > 0)).toEqual([1])
  })
})

describe('digests that are made elsewhere', () => {
  const content = Buffer.alloc(40_000, 'content ')
  const head = (md5 = digestOf('md5', content)): RequestHead => put({ 'content-md5': md5 }, 'UNSIGNED-PAYLOAD')

  /** Reads a body as far as `reader` likes, and says what was asked of the digests. */
  async function asked(request: FramedRequest, reader: (stream: ReturnType<typeof payloadStream>) => Promise<unknown>) {
    const told: string[] = []
    const openDigests: OpenDigests = (names, length) => {
      told.push(`open ${names.join(' ')} of ${String(length)}`)
      const digests = digestsHere(names, length)
      return {
        take(parts, spare) {
          told.push(`take ${String(parts.length)}${spare === undefined ? '' : ` of ${String(spare.length)}`}`)
          void digests.take(parts, spare)
          return new Promise((resolve) => void setImmediate(resolve))
        },
        end: () => digests.end(),
        drop: () => void told.push('drop'),
      }
    }
    const pieces = inPieces(request.body, [30_000])
    const source = { [Symbol.asyncIterator]: () => pieces, spent: () => void told.push('spent') }
    await reader(payloadStream(planOf(request.head), source, openDigests)).catch((error: unknown) =>
      told.push((error as { readonly code: string }).code),
    )
    return told
  }
  const toTheEnd = async (stream: ReturnType<typeof payloadStream>): Promise<void> => {
    for await (const part of stream) stream.spent?.(part)
    expect(stream.summary()).toMatchObject({ length: 40_000 })
  }

  test('get each piece before it is given back, and its memory when nobody needs it', async () => {
    const takes = ['take 1 of 30000', 'spent', 'take 1 of 10000', 'spent']
    expect(await asked({ head: head(), body: content }, toTheEnd)).toEqual(['open md5 of undefined', ...takes, 'drop'])
    const keeping = ['take 1', 'take 1']
    expect(await asked({ head: head(), body: content }, drained)).toEqual(['open md5 of undefined', ...keeping, 'drop'])
  })

  test('are dropped once, however the reading ends', async () => {
    const other = { head: head(digestOf('md5', HELLO)), body: content }
    expect((await asked(other, toTheEnd)).slice(-2)).toEqual(['drop', 'BadDigest'])
    const first = async (stream: ReturnType<typeof payloadStream>): Promise<void> => {
      for await (const part of stream) if (part.length > 0) break
    }
    expect(await asked(other, first)).toEqual(['open md5 of undefined', 'drop'])
  })
})

import { gunzipSync, gzipSync } from 'node:zlib'
import type { HostileRequest } from './captured.ts'
import { type Mutation, textOf, withBody, withHeader } from './mutation.ts'
import type { Random } from './random.ts'

/** Bytes that are no UTF-8: overlong slash and NUL, a lone surrogate, beyond Unicode, a continuation, a start without end. */
const NO_UTF8 = ['c0af', 'c080', 'eda080', 'f4908080', '80', 'e2', 'ff'].map((hex) => Buffer.from(hex, 'hex'))
const BYTE_ORDER_MARK = Buffer.from('efbbbf', 'hex')
/** 32 MiB of nothing, in 32 KiB. */
const BOMB = gzipSync(Buffer.alloc(32 * 1024 * 1024))

/** Mutations of a body that know nothing of its format. */
export const BYTE_MUTATIONS: readonly Mutation[] = [
  ofBody('cut short', (body, random) => body.subarray(0, random.int(body.length))),
  ofBody('a byte changed', (body, random) => {
    const changed = Buffer.from(body)
    changed[random.int(body.length)] = random.int(256)
    return changed
  }),
  ofBody('a piece taken out', (body, random) => {
    const at = random.int(body.length)
    return Buffer.concat([body.subarray(0, at), body.subarray(at + 1 + random.int(8))])
  }),
  ofBody('a piece repeated', (body, random) => {
    const at = random.int(body.length)
    const piece = body.subarray(at, at + 1 + random.int(32))
    return inserted(body, at, piece)
  }),
  ofBody('noise put in', (body, random) =>
    inserted(
      body,
      random.int(body.length),
      Buffer.from(Array.from({ length: 1 + random.int(8) }, () => random.int(256))),
    ),
  ),
  ofBody('bytes that are no UTF-8', (body, random) => inserted(body, random.int(body.length), random.pick(NO_UTF8))),
  ofBody('a byte-order mark', (body) => Buffer.concat([BYTE_ORDER_MARK, body])),
  ofBody('as UTF-16', (body) => Buffer.from(body.toString('utf8'), 'utf16le')),
  ofBody('as Latin-1', (body, random) =>
    Buffer.from(`${body.toString('utf8').slice(0, random.int(body.length))}é`, 'latin1'),
  ),
  ofBody('twice', (body) => Buffer.concat([body, body])),
  ofBody('nothing', () => Buffer.alloc(0)),
  ofBody('a row of one byte', (_body, random) => Buffer.alloc(1 + random.int(200_000), random.int(256))),
  {
    name: 'body: a gzip bomb',
    mutate: (request, random) =>
      random.once(20) ? { ...withHeader(request, 'content-encoding', 'gzip'), body: BOMB } : undefined,
  },
  {
    name: 'body: gzip cut short',
    mutate(request, random) {
      const folded = gzipSync(plain(request))
      return { ...withHeader(request, 'content-encoding', 'gzip'), body: folded.subarray(0, random.int(folded.length)) }
    },
  },
  {
    name: 'body: said to be compressed',
    mutate: (request, random) =>
      withHeader(request, 'content-encoding', random.pick(['gzip', 'br', 'deflate', 'gzip, gzip', 'x', ' '])),
  },
]

function ofBody(name: string, change: (body: Buffer, random: Random) => Uint8Array): Mutation {
  return {
    name: `body: ${name}`,
    mutate: (request, random) =>
      request.body.length === 0 ? undefined : withBody(request, change(plain(request), random)),
  }
}

/** A body without the compression that the client put on. */
export const plain = ({ head, body }: HostileRequest): Buffer =>
  head.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : Buffer.from(body)

export const inserted = (body: Buffer, at: number, piece: Uint8Array): Buffer =>
  Buffer.concat([body.subarray(0, at), piece, body.subarray(at)])

/** The text of a body, uncompressed. */
export const plainText = (request: HostileRequest): string => textOf({ ...request, body: plain(request) })

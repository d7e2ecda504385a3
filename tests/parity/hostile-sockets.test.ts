import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { signRequest } from '@sluice/wire'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { rawBytes, rawConnection } from '@sluice/testkit/raw-http.ts'
import { readAll } from '@sluice/testkit/port-bench.ts'
import { type Random, seededRandom } from '../../packages/wire/src/fuzz/hostile/random.ts'

const CONNECTIONS = 600
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_129)
const platform = filePlatform()

/** Sends bytes over a connection of its own and says nothing more. @returns everything that comes back */
async function exchange(bytes: Uint8Array): Promise<string> {
  const { hostname, port } = new URL(platform.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const answer = readAll(socket)
  socket.end(bytes)
  return answer
}

const statusesIn = (text: string): readonly number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))

const IDENTITY = 'Action=GetCallerIdentity&Version=2011-06-15'
function signedIdentity(): Buffer {
  const headers = signRequest({
    method: 'POST',
    url: `${platform.url}/`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: IDENTITY,
    service: 'sts',
    region: 'us-east-1',
    accessKeyId: 'test',
    secret: 'test',
  })
  return rawBytes({ method: 'POST', rawUrl: '/', headers, body: Buffer.from(IDENTITY) })
}

const serves = async (): Promise<void> => {
  const connection = rawConnection(platform.url)
  const { host } = new URL(platform.url)
  const answer = await connection.send({
    method: 'GET',
    rawUrl: '/_sluice/health',
    headers: { host },
    body: Buffer.alloc(0),
  })
  connection.close()
  expect(answer.status).toBe(200)
}

const post = (headers: string, body: string): Buffer =>
  Buffer.from(`POST / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n${body}`, 'latin1')
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

test.each<readonly [what: string, bytes: Buffer, statuses: readonly number[]]>([
  ['a chunk size that is no number', post(CHUNKED, 'zz\r\nabc\r\n0\r\n\r\n'), [400]],
  ['a negative chunk size', post(CHUNKED, '-1\r\nabc\r\n0\r\n\r\n'), [400]],
  ['a chunk size beyond all integers', post(CHUNKED, 'ffffffffffffffffff\r\nabc\r\n'), [400]],
  ['a chunk that is longer than it says', post(CHUNKED, '2\r\nabcdef\r\n0\r\n\r\n'), [400]],
  ['chunks that never end', post(CHUNKED, '3\r\nabc\r\n'), [400]],
  ['endless chunk extensions', post(CHUNKED, `3;${'a'.repeat(40_000)}\r\nabc\r\n0\r\n\r\n`), [413]],
  ['chunked and a length at once', post(`${CHUNKED}Content-Length: 3\r\n`, '3\r\nabc\r\n0\r\n\r\n'), [400]],
  ['two lengths', post('Content-Length: 3\r\nContent-Length: 4\r\n', 'abcd'), [400]],
  ['a length that is no number', post('Content-Length: 3x\r\n', 'abc'), [400]],
  ['a negative length', post('Content-Length: -3\r\n', 'abc'), [400]],
  ['a length that never comes', post('Content-Length: 99999999999\r\n', 'abc'), [400]],
  ['a body that is cut short', post('Content-Length: 30\r\n', 'abc'), [400]],
  ['another transfer coding', post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'), [501]],
  ['a header without a name', post(': x\r\n', ''), [400]],
  ['a header with a blank before its colon', post('X-A : x\r\n', ''), [400]],
  ['a header with NUL', post('X-A: \u0000\r\n', ''), [400]],
  ['a folded header', post('X-A: a\r\n b\r\n', ''), [400]],
  ['no host', Buffer.from('GET / HTTP/1.1\r\n\r\n'), [400]],
  ['two hosts', post('Host: other\r\n', ''), [400]],
  ['another version', Buffer.from('GET / HTTP/7.3\r\nHost: localhost\r\n\r\n'), [400]],
  ['no version', Buffer.from('GET /\r\n\r\n'), [400]],
  ['an endless path', Buffer.from(`GET /${'a'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`), [431]],
  ['endless headers', post(`X-A: ${'a'.repeat(70_000)}\r\n`, ''), [431]],
  ['more headers than are taken', post('X: y\r\n'.repeat(300), ''), [431]],
  ['a tunnel', Buffer.from('CONNECT other:443 HTTP/1.1\r\nHost: other:443\r\n\r\n'), []],
  ['noise', Buffer.from('\u0000\u0001\u0002\r\n\r\n'), [400]],
  ['another protocol', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), [400]],
])('%s', async (_what, bytes, statuses) => {
  expect(statusesIn(await exchange(bytes))).toEqual(statuses)
  await serves()
})

test('garbage behind a good request is refused once the good one is answered', async () => {
  for (const garbage of [
    'GARBAGE\r\n\r\n',
    '\u0000\u0000\u0000',
    'POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n',
    '}',
  ]) {
    const [first, ...more] = statusesIn(await exchange(Buffer.concat([signedIdentity(), Buffer.from(garbage)])))
    expect(first).toBe(200)
    expect(more.filter((status) => status !== 400)).toEqual([])
  }
  await serves()
})

test('a length that is too short leaves a rest that is no request', async () => {
  const bytes = Buffer.from(
    signedIdentity()
      .toString('latin1')
      .replace(/content-length: \d+/, 'content-length: 10'),
    'latin1',
  )
  const [first, ...more] = statusesIn(await exchange(bytes))
  expect([first, ...more.filter((status) => status !== 400)]).toEqual([400])
  await serves()
})

/** Changes some bytes of a request, wherever they stand. */
function garbled(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes)
  for (let times = 1 + random.int(3); times > 0; times--) {
    const at = random.int(changed.length)
    if (random.once(3)) changed.copy(changed, at, Math.max(0, at - random.int(40)))
    else changed[at] = random.pick([0, 10, 13, 32, 58, 128, 255, random.int(256)])
  }
  return random.once(4) ? changed.subarray(0, random.int(changed.length)) : changed
}

test('signed requests with garbled bytes are refused or cut off, and the platform goes on', async () => {
  const random = seededRandom(SEED)
  const counts = { refused: 0, silent: 0, taken: 0 }
  for (let run = 0; run < CONNECTIONS; run++) {
    const [status, ...more] = statusesIn(await exchange(garbled(signedIdentity(), random)))
    const wrong = [status, ...more].filter((one) => one !== undefined && one >= 500 && one !== 501)
    expect([run, wrong]).toEqual([run, []])
    if (status === undefined) counts.silent++
    else if (status === 200) counts.taken++
    else counts.refused++
  }
  // Some changes do not matter, as in the name of the client; most do.
  expect(counts.refused).toBeGreaterThan(CONNECTIONS / 3)
  expect(platform.output()).not.toContain('internal_error')
  await serves()
})

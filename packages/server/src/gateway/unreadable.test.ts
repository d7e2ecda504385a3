import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { SCHEMES, readAll, requestHead, textReply, useBenches } from '../../../testkit/src/port-bench.ts'

const open = useBenches()

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n'
const HOST = 'Host: localhost'

/** What two servers in a row could read differently; each is followed by a request that must never be seen. */
const AMBIGUOUS: readonly (readonly [name: string, bytes: string])[] = [
  ['both lengths', `${requestHead([HOST, 'Content-Length: 4', 'Transfer-Encoding: chunked'])}0\r\n\r\n`],
  [
    'both lengths the other way round',
    `${requestHead([HOST, 'Transfer-Encoding: chunked', 'Content-Length: 5'])}0\r\n\r\n`,
  ],
  ['two lengths that differ', `${requestHead([HOST, 'Content-Length: 0', 'Content-Length: 5'])}hello`],
  ['the same length twice', `${requestHead([HOST, 'Content-Length: 5', 'Content-Length: 5'])}hello`],
  ['a list of lengths', `${requestHead([HOST, 'Content-Length: 5, 5'])}hello`],
  ['a length with a sign', `${requestHead([HOST, 'Content-Length: +5'])}hello`],
  ['a negative length', `${requestHead([HOST, 'Content-Length: -5'])}hello`],
  ['a length in hexadecimal', `${requestHead([HOST, 'Content-Length: 0x5'])}hello`],
  ['a length beyond 64 bits', `${requestHead([HOST, 'Content-Length: 18446744073709551621'])}hello`],
  ['a blank before the colon', `${requestHead([HOST, 'Content-Length : 5'])}hello`],
  ['a folded header', `${requestHead([HOST, 'X-A: b\r\n Content-Length: 5'])}hello`],
  ['a folded coding', `${requestHead([HOST, 'Transfer-Encoding:\r\n chunked'])}0\r\n\r\n`],
  ['a header without a colon', requestHead([HOST, 'Content-Length'])],
  ['a NUL in a header', requestHead([HOST, 'X-A: b\0c'])],
  ['a lone CR in a header', requestHead([HOST, 'X-A: b\rTransfer-Encoding: chunked'])],
  ['lines that end with LF alone', `POST / HTTP/1.1\nHost: localhost\nContent-Length: 5\n\nhello`],
  ['a coding after chunked', `${requestHead([HOST, 'Transfer-Encoding: chunked, identity'])}0\r\n\r\n`],
  ['two codings', `${requestHead([HOST, 'Transfer-Encoding: xchunked', 'Transfer-Encoding: chunked'])}0\r\n\r\n`],
  ['a coding that looks like chunked', `${requestHead([HOST, 'Transfer-Encoding: \x0bchunked'])}0\r\n\r\n`],
  ['a chunk size with a sign', `${requestHead([HOST, 'Transfer-Encoding: chunked'])}+5\r\nhello\r\n0\r\n\r\n`],
  ['a chunk size with 0x', `${requestHead([HOST, 'Transfer-Encoding: chunked'])}0x5\r\nhello\r\n0\r\n\r\n`],
  ['a chunk size that is none', `${requestHead([HOST, 'Transfer-Encoding: chunked'])}zz\r\nhello\r\n0\r\n\r\n`],
  [
    'a chunk size beyond 64 bits',
    `${requestHead([HOST, 'Transfer-Encoding: chunked'])}10000000000000005\r\nhello\r\n0\r\n\r\n`,
  ],
  [
    'a chunk that is longer than it says',
    `${requestHead([HOST, 'Transfer-Encoding: chunked'])}3\r\nhello\r\n0\r\n\r\n`,
  ],
  ['a chunk line that ends with LF alone', `${requestHead([HOST, 'Transfer-Encoding: chunked'])}5\nhello\r\n0\r\n\r\n`],
  ['no host', requestHead(['Content-Length: 0'])],
  ['two hosts', requestHead([HOST, 'Host: other.localhost', 'Content-Length: 0'])],
  ['a version that is none', requestHead([HOST], 'GET / HTTP/1.2')],
  ['HTTP/2 without a handshake', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a method that is none', requestHead([HOST], 'FETCH / HTTP/1.1')],
  ['a blank in the path', requestHead([HOST], 'GET /a b HTTP/1.1')],
]

describe.each(SCHEMES)('over %s', (scheme) => {
  test.each(AMBIGUOUS)('%s is refused, and what follows is never a request', async (_name, bytes) => {
    const { exchange, requests } = await open()
    const answer = await exchange(scheme, bytes + SMUGGLED)
    expect(answer).toMatch(/^HTTP\/1\.1 (400|501|505) /)
    expect(answer.match(/^HTTP\/1\.1 \d/gm)).toHaveLength(1)
    expect(answer.toLowerCase()).toContain('connection: close')
    expect(requests).toHaveLength(0)
  })

  test('a head that is too long hears 431', async () => {
    const { exchange } = await open()
    expect(await exchange(scheme, requestHead([HOST, `X-A: ${'a'.repeat(40_000)}`]))).toContain(' 431 ')
  })

  test('too many headers hear 431 too', async () => {
    const { exchange, requests } = await open()
    const many = (count: number): string[] => Array.from({ length: count }, (_, index) => `X-${String(index)}: a`)
    expect(await exchange(scheme, requestHead([HOST, ...many(300)]))).toContain(' 431 ')
    expect(
      await exchange(scheme, requestHead([HOST, 'Content-Length: 0', 'Connection: close', ...many(253)])),
    ).toContain(' 200 ')
    expect(Object.keys(requests[0]?.head.headers ?? {})).toHaveLength(256)
  })

  test('chunk extensions without end are refused', async () => {
    const { exchange } = await open()
    const chunk = `5;${'a'.repeat(20_000)}\r\nhello\r\n0\r\n\r\n`
    expect(await exchange(scheme, requestHead([HOST, 'Transfer-Encoding: chunked']) + chunk)).toContain(' 413 ')
  })

  test('what cannot be read does not take the place of the answer before it', async () => {
    const { exchange, requests } = await open({
      handle: async ({ head }) => {
        await sleep(30)
        return textReply(`answer to ${head.rawUrl}`)
      },
    })
    const answer = await exchange(scheme, `${requestHead([HOST], 'GET /first HTTP/1.1')}rubbish\r\n\r\n${SMUGGLED}`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/)
    expect(answer).toContain('answer to /first')
    expect(answer.toLowerCase()).toContain('connection: close')
    expect(requests).toHaveLength(1)
  })

  test('a slow head is cut with 408, however it trickles', async () => {
    const { dial, requests } = await open({ limits: { headersMillis: 100, checkMillis: 20 } })
    const socket = await dial(scheme)
    const answer = readAll(socket)
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\n')
    const trickle = setInterval(() => socket.write('X-A: b\r\n'), 15)
    expect(await answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nconnection: close/)
    clearInterval(trickle)
    expect(requests).toHaveLength(0)
  })

  test('a slow body is cut with 408 and leaves the budget', async () => {
    const { dial, requests, budget, errors } = await open({
      limits: { headersMillis: 100, requestMillis: 150, checkMillis: 20 },
    })
    const socket = await dial(scheme)
    const answer = readAll(socket)
    socket.write(requestHead([HOST, 'Content-Length: 1000']))
    const trickle = setInterval(() => socket.write('x'), 15)
    expect(await answer).toContain(' 408 ')
    clearInterval(trickle)
    await sleep(30)
    expect({ requests: requests.length, held: budget.held, errors }).toEqual({ requests: 0, held: 0, errors: [] })
  })
})

test('over HTTPS a connection that says nothing after its handshake is cut', async () => {
  const { dial } = await open({ limits: { headersMillis: 60, checkMillis: 20 } })
  expect(await readAll(await dial('https'))).toMatch(/^(HTTP\/1\.1 408 |$)/)
})

test('a connection that says nothing after its first answer is closed in time', async () => {
  const { exchange } = await open({ limits: { keepAliveMillis: 30 } })
  const answers = SCHEMES.map((scheme) => exchange(scheme, requestHead([HOST, 'Content-Length: 0'])))
  for (const answer of await Promise.all(answers)) expect(answer).toContain('200 OK')
})

import { once } from 'node:events'
import { request } from 'node:https'
import { type Socket, connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, expect, test } from 'vitest'
import {
  SCHEMES,
  readAll,
  requestHead,
  testCertificate,
  textReply,
  useBenches,
} from '../../../testkit/src/port-bench.ts'

const open = useBenches()
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

/** A connection that may be cut at any time. */
async function dialTcp(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  sockets.push(socket)
  await once(socket, 'connect')
  return socket
}

const CLOSING = requestHead(['Host: localhost', 'Content-Length: 0', 'Connection: close'])
/** What a TLS connection begins with: a handshake record of 512 bytes, of which nothing follows. */
const TLS_BEGIN = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])

test('one port answers HTTP and HTTPS, and each request knows how it came', async () => {
  const { exchange, requests } = await open()
  for (const scheme of SCHEMES) expect(await exchange(scheme, CLOSING)).toContain('hello')
  const received = expect.any(Function) as () => number
  expect(requests.map(({ source }) => source)).toEqual([
    { ip: '127.0.0.1', userAgent: '', host: 'localhost', received },
    {
      received,
      ip: '127.0.0.1',
      userAgent: '',
      host: 'localhost',
      tls: { version: 'TLSv1.3', cipherSuite: expect.stringMatching(/^TLS_AES_/) as string },
    },
  ])
})

test.each(SCHEMES)('the client is known by its true address, over IPv6 and %s', async (scheme) => {
  const { exchange, requests, server } = await open({ host: '::1' })
  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  await exchange(scheme, CLOSING)
  expect(requests[0]?.source.ip).toBe('::1')
})

test.each(SCHEMES)('a client of IPv4 on a port for both is known by its IPv4 address, over %s', async (scheme) => {
  const { port, requests } = await open({ host: '::' })
  const socket = await dialTcp(port)
  const { authorityPem } = await testCertificate()
  const client = scheme === 'http' ? socket : connectTls({ socket, servername: 'localhost', ca: authorityPem })
  client.write(CLOSING)
  expect(await readAll(client)).toContain('200 OK')
  expect(requests[0]?.source.ip).toBe('127.0.0.1')
})

test('the head of an HTTP request may come byte by byte', async () => {
  const { port } = await open()
  const socket = await dialTcp(port)
  const answer = readAll(socket)
  for (const byte of CLOSING) {
    socket.write(byte)
    await new Promise(setImmediate)
  }
  expect(await answer).toContain('200 OK')
})

test('a client that trusts the authority alone is satisfied with localhost, loopback addresses and live tail names', async () => {
  const { port } = await open()
  const { authorityPem } = await testCertificate()
  for (const servername of ['localhost', 'stream-localhost', 'streaming-localhost', '']) {
    const socket = connectTls({ host: '127.0.0.1', port, servername, ca: authorityPem })
    await once(socket, 'secureConnect')
    expect(socket.authorized).toBe(true)
    socket.destroy()
  }
})

test('HTTPS connections are kept and used again', async () => {
  const { port, dial, requests } = await open()
  const socket = await dial('https')
  const answers = readAll(socket)
  socket.write(requestHead(['Host: localhost', 'Content-Length: 2']))
  socket.write('ab')
  socket.write(CLOSING)
  expect((await answers).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2)
  expect(requests).toHaveLength(2)
  expect(port).toBeGreaterThan(0)
})

test('large bodies and answers pass in both directions over HTTPS', async () => {
  const size = 3 * 1024 * 1024
  const { port, requests } = await open({ handle: async () => textReply('y'.repeat(size)) })
  const { authorityPem } = await testCertificate()
  const outgoing = request({ host: '127.0.0.1', port, ca: authorityPem, method: 'POST', agent: false })
  outgoing.end('x'.repeat(size))
  const [answer] = (await once(outgoing, 'response')) as [AsyncIterable<Buffer>]
  let received = 0
  for await (const chunk of answer) received += chunk.byteLength
  expect([requests[0]?.body.byteLength, received]).toEqual([size, size])
})

test.each([
  { name: 'TLS 1.1', how: { maxVersion: 'TLSv1.1', minVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } },
  { name: 'HTTP/2 alone', how: { ALPNProtocols: ['h2'] } },
] as const)('a client that speaks $name is refused in the handshake', async ({ how }) => {
  const { port, requests } = await open()
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false, ...how })
  await expect(once(socket, 'secureConnect')).rejects.toThrow('alert')
  expect(requests).toHaveLength(0)
})

test('a client that speaks neither is told in HTTP and cut', async () => {
  const { port } = await open()
  const socket = await dialTcp(port)
  const answer = readAll(socket)
  socket.write(Buffer.from([0x80, 0x2e, 0x01, 0x03, 0x01]))
  expect(await answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\nconnection: close\r\n/)
})

test.each([
  { name: 'says nothing', bytes: Buffer.alloc(0) },
  { name: 'begins a handshake and stops', bytes: TLS_BEGIN },
  { name: 'begins a handshake with one byte', bytes: TLS_BEGIN.subarray(0, 1) },
])('a client that $name is cut in time', async ({ bytes }) => {
  await testCertificate()
  const { port } = await open({ limits: { firstByteMillis: 60, handshakeMillis: 60 } })
  const socket = await dialTcp(port)
  socket.write(bytes)
  expect(await readAll(socket)).toBe('')
})

test('a client that goes away before it said anything leaves nothing behind', async () => {
  const { port, server, exchange, errors } = await open()
  const gone = await dialTcp(port)
  gone.end()
  await once(gone.resume(), 'close')
  const reset = await dialTcp(port)
  reset.resetAndDestroy()
  const handshaking = await dialTcp(port)
  handshaking.write(TLS_BEGIN)
  handshaking.resetAndDestroy()
  expect(await exchange('http', CLOSING)).toContain('200 OK')
  await server.close(10_000)
  expect(errors).toEqual([])
})

test('of too many silent connections the oldest is cut, and who speaks is served', async () => {
  const { port, exchange } = await open({ limits: { silent: 3 } })
  const silent = []
  for (let count = 0; count < 3; count += 1) silent.push(await dialTcp(port))
  expect(await exchange('http', CLOSING)).toContain('200 OK')
  expect(await readAll(silent[0] as Socket)).toBe('')
  expect(silent.slice(1).map(({ closed }) => closed)).toEqual([false, false])
})

test('connections over the bound are closed at once, and there is room again when one ends', async () => {
  const { port, exchange } = await open({ limits: { connections: 2 } })
  const first = await dialTcp(port)
  const second = await dialTcp(port)
  const third = await dialTcp(port)
  expect(await readAll(third)).toBe('')
  first.destroy()
  second.destroy()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(await exchange('http', CLOSING)).toContain('200 OK')
})

test('without a certificate HTTPS is cut, HTTP goes on, and the next client makes it try again', async () => {
  let asked = 0
  const { port, exchange, errors } = await open({
    certificate: () => {
      asked += 1
      return asked === 1 ? Promise.reject(new Error('disk full')) : testCertificate()
    },
  })
  const first = await dialTcp(port)
  first.write(TLS_BEGIN)
  expect(await readAll(first)).toBe('')
  expect(errors).toEqual([{ event: 'https_unavailable', message: 'disk full' }])
  expect(await exchange('http', CLOSING)).toContain('200 OK')
  expect(await exchange('https', CLOSING)).toContain('200 OK')
})

test('a client that comes before the certificate is there waits for it', async () => {
  const made = Promise.withResolvers<void>()
  const { exchange } = await open({ certificate: () => made.promise.then(testCertificate) })
  const answers = [exchange('https', CLOSING), exchange('https', CLOSING)]
  setTimeout(made.resolve, 20)
  for (const answer of await Promise.all(answers)) expect(answer).toContain('200 OK')
})

test('closing does not wait for silent connections, handshakes and idle HTTPS connections', async () => {
  const { port, server, dial } = await open()
  const idle = await dial('https')
  const silent = await dialTcp(port)
  const handshaking = await dialTcp(port)
  handshaking.write(TLS_BEGIN)
  await new Promise((resolve) => setTimeout(resolve, 20))
  const started = performance.now()
  await Promise.all([server.close(30_000), ...[idle, silent, handshaking].map(readAll)])
  expect(performance.now() - started).toBeLessThan(10_000)
})

test('closing lets an HTTPS request finish, and cuts one that takes longer than the grace', async () => {
  const begun = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const { server, exchange } = await open({
    handle: async () => {
      begun.resolve()
      await finish.promise
      return textReply('finished')
    },
  })
  const answer = exchange('https', requestHead(['Host: localhost', 'Content-Length: 0']))
  await begun.promise
  const closing = server.close(30_000)
  finish.resolve()
  expect(await answer).toContain('finished')
  await closing

  const stuck = await open({ handle: () => new Promise(() => {}) })
  const cut = stuck.exchange('https', requestHead(['Host: localhost', 'Content-Length: 0']))
  await new Promise((resolve) => setTimeout(resolve, 30))
  await stuck.server.close(20)
  expect(await cut).toBe('')
})

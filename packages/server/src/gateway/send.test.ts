import { type Server, createServer, get, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { sendReply } from '#gateway/send.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.closeAllConnections()
})

/** A server that gives one answer; the address it listens on, and what became of sending. */
async function answering(reply: Reply): Promise<{ readonly port: number; readonly sent: Promise<void> }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const server = createServer((message, response) => {
    sendReply(response, reply, { close: false, isHead: message.method === 'HEAD', unreadMillis: 200 }).then(
      resolve,
      reject,
    )
  })
  servers.push(server)
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done)
  })
  return { port: (server.address() as AddressInfo).port, sent: promise }
}

function stream(pieces: readonly string[]): {
  readonly body: AsyncGenerator<Uint8Array>
  readonly ended: () => boolean
} {
  let ended = false
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece))
    } finally {
      ended = true
    }
  }
  return { body: body(), ended: () => ended }
}

const reply = (body: Reply['body'], headers = {}): Reply => ({ status: 200, headers, body })

test('a stream is sent piece by piece, in order and to its end', async () => {
  const { body, ended } = stream(['one ', 'two ', 'three'])
  const { port, sent } = await answering(reply(body, { 'content-type': 'x/y' }))
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`)
  expect(await answer.text()).toBe('one two three')
  expect(answer.headers.get('content-type')).toBe('x/y')
  await sent
  expect(ended()).toBe(true)
})

test('a stream is told of its pieces when the client has them', async () => {
  const pieces = Array.from({ length: 8 }, (_, n) => Buffer.alloc(256 * 1_024, n))
  const spent: Uint8Array[] = []
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield await Promise.resolve(piece)
  }
  const reading = body()
  const told = { [Symbol.asyncIterator]: () => reading, spent: (piece: Uint8Array) => void spent.push(piece) }
  const { port, sent } = await answering(reply(told, { 'content-length': String(8 * 256 * 1_024) }))
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`)
  expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.concat(pieces))).toBe(true)
  await sent
  expect(spent).toEqual(pieces)
})

test('the head of a stream of unknown length does not wait for its first piece', async () => {
  const { promise, resolve } = Promise.withResolvers<Uint8Array>()
  async function* late(): AsyncGenerator<Uint8Array> {
    yield await promise
  }
  const { port, sent } = await answering(reply(late()))
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`)
  resolve(Buffer.from('late'))
  expect(await answer.text()).toBe('late')
  await sent
})

test('a stream without end stops when its reader goes away', async () => {
  let ended = false
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield await new Promise<Uint8Array>((resolve) => void setImmediate(() => resolve(Buffer.alloc(1_024))))
    } finally {
      ended = true
    }
  }
  const { port, sent } = await answering(reply(endless()))
  get({ port, host: '127.0.0.1' }, (answer) => answer.once('data', () => answer.destroy()))
  await sent
  expect(ended).toBe(true)
})

test('a stream that breaks cuts the connection, so that nobody takes half an answer for a whole one', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('half'))
    throw new Error('the disk is gone')
  }
  const { port, sent } = await answering(reply(broken()))
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`)
  await expect(answer.text()).rejects.toThrow('terminated')
  await sent
})

test('of a short stream that breaks nothing is sent, and of one that does not, all', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.from('half'))
    throw new Error('the disk is gone')
  }
  const { port, sent } = await answering(reply(broken(), { 'content-length': '8' }))
  await expect(fetch(`http://127.0.0.1:${String(port)}/`)).rejects.toThrow('fetch failed')
  await sent
  const { body, ended } = stream(['half', 'half'])
  const whole = await answering(reply(body, { 'content-length': '8' }))
  expect(await (await fetch(`http://127.0.0.1:${String(whole.port)}/`)).text()).toBe('halfhalf')
  expect(ended()).toBe(true)
})

test('a client that does not read a stream is cut in time', async () => {
  async function* large(): AsyncGenerator<Uint8Array> {
    for (;;) yield await Promise.resolve(Buffer.alloc(256 * 1_024))
  }
  const { port, sent } = await answering(reply(large()))
  const asked = request({ port, host: '127.0.0.1' }, (answer) => answer.pause()).end()
  asked.on('error', () => {})
  // Sending to a reader that never reads would never end.
  await expect(sent).resolves.toBeUndefined()
})

test.each([
  { name: 'the length its handler knows', headers: { 'content-length': '12345' }, length: '12345' },
  { name: 'the length of its body otherwise', headers: {}, length: '4' },
])('an answer to HEAD has no body and says $name', async ({ headers, length }) => {
  const { port } = await answering(reply('body', headers))
  const answer = await fetch(`http://127.0.0.1:${String(port)}/`, { method: 'HEAD' })
  expect(answer.headers.get('content-length')).toBe(length)
  expect(await answer.text()).toBe('')
})

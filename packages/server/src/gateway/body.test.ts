import { type IncomingMessage, createServer } from 'node:http'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import { BodyBudget, BodyRefused, MAX_BODY_BYTES, bodyAtHand, checkDeclaredLength, readBody } from '#gateway/body.ts'

const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

/** A request whose head has arrived; the body is what the test writes. */
async function incoming(
  headers: string,
): Promise<{ readonly message: IncomingMessage; readonly send: (text: string) => void; readonly hangUp: () => void }> {
  const server = createServer()
  const requested = once(server, 'request')
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  closers.push(() => {
    socket.destroy()
    server.closeAllConnections()
    server.close()
  })
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${headers}\r\n`)
  const [message] = (await requested) as [IncomingMessage]
  return { message, send: (text) => socket.write(text), hangUp: () => socket.destroy() }
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`
const CHUNKED = 'Transfer-Encoding: chunked\r\n'

test('a body arrives as it was sent and stays in the budget until it is released', async () => {
  const budget = new BodyBudget()
  const { message, send } = await incoming('Content-Length: 11\r\n')
  send('hello')
  send(' world')
  const body = await readBody(message, budget)
  expect(Buffer.from(body).toString()).toBe('hello world')
  expect(budget.held).toBe(11)
  budget.release(body.byteLength)
  expect(budget.held).toBe(0)
})

test('a request without a body has an empty one', async () => {
  const budget = new BodyBudget()
  const { message } = await incoming('')
  expect((await readBody(message, budget)).byteLength).toBe(0)
  expect(budget.held).toBe(0)
})

test('a body is at hand once all of it has come, and stays in the budget', async () => {
  const budget = new BodyBudget()
  const { message, send } = await incoming('Content-Length: 11\r\n')
  expect(bodyAtHand(message, budget)).toBeUndefined()
  send('hello')
  await vi.waitUntil(() => message.readableLength === 5)
  expect(bodyAtHand(message, budget)).toBeUndefined()
  expect(budget.held).toBe(0)
  send(' world')
  await vi.waitUntil(() => message.readableLength === 11)
  expect(Buffer.from(bodyAtHand(message, budget) ?? '').toString()).toBe('hello world')
  expect(budget.held).toBe(11)
})

test('no body is at hand at once; that in chunks, or of a client that hung up, never', async () => {
  const budget = new BodyBudget()
  const { message } = await incoming('')
  expect(bodyAtHand(message, budget)).toHaveLength(0)
  const { message: chunked, send } = await incoming(CHUNKED)
  expect(bodyAtHand(chunked, budget)).toBeUndefined()
  send(`${chunk('ab')}0\r\n\r\n`)
  await vi.waitUntil(() => chunked.complete)
  expect(bodyAtHand(chunked, budget)).toBeUndefined()
  const { message: left, hangUp } = await incoming('Content-Length: 1\r\n')
  left.on('error', () => {})
  hangUp()
  await vi.waitUntil(() => left.destroyed)
  expect(bodyAtHand(left, budget)).toBeUndefined()
  expect(budget.held).toBe(0)
})

test('a body at hand is not taken when all together are too long', async () => {
  const { message, send } = await incoming('Content-Length: 5\r\n')
  send('hello')
  await vi.waitUntil(() => message.readableLength === 5)
  expect(() => bodyAtHand(message, new BodyBudget(4))).toThrow(BodyRefused)
})

test('chunks are put together', async () => {
  const { message, send } = await incoming(CHUNKED)
  send(`${chunk('ab')}${chunk('c')}`)
  setImmediate(() => send(`${chunk('def')}0\r\n\r\n`))
  expect(Buffer.from(await readBody(message, new BodyBudget())).toString()).toBe('abcdef')
})

const refusalOf = async (reading: Promise<unknown>): Promise<BodyRefused> => {
  const error: unknown = await reading.catch((reason: unknown) => reason)
  if (error instanceof BodyRefused) return error
  throw new Error(`it was not refused: ${String(error)}`)
}

test('a body that says it is too long is refused before a byte of it is read', async () => {
  const budget = new BodyBudget(1)
  const { message } = await incoming(`Content-Length: ${String(MAX_BODY_BYTES + 1)}\r\n`)
  expect((await refusalOf(Promise.try(checkDeclaredLength, message, budget))).status).toBe(413)
  expect(budget.held).toBe(0)
})

test('a body for which there is no room now is refused by its declared length, and taken when there is', async () => {
  const budget = new BodyBudget(10)
  const { message } = await incoming('Content-Length: 6\r\n')
  budget.take(5)
  expect((await refusalOf(Promise.try(checkDeclaredLength, message, budget))).status).toBe(503)
  budget.release(5)
  checkDeclaredLength(message, budget)
  expect(budget.held).toBe(0)
})

test('a body that does not say how long it is is refused when it grows too long, and nothing of it stays', async () => {
  const budget = new BodyBudget()
  const { message, send } = await incoming(CHUNKED)
  const piece = chunk('x'.repeat(1024 * 1024))
  for (let sent = 0; sent <= MAX_BODY_BYTES; sent += 1024 * 1024) send(piece)
  expect((await refusalOf(readBody(message, budget))).status).toBe(413)
  expect(budget.held).toBe(0)
})

test('when all requests together hold too much the next one is refused, and taken again after a release', async () => {
  const budget = new BodyBudget(8)
  const first = await incoming('Content-Length: 6\r\n')
  first.send('123456')
  const held = await readBody(first.message, budget)
  const second = await incoming('Content-Length: 6\r\n')
  second.send('123456')
  expect((await refusalOf(readBody(second.message, budget))).status).toBe(503)
  expect(budget.held).toBe(6)
  budget.release(held.byteLength)
  const third = await incoming('Content-Length: 6\r\n')
  third.send('123456')
  expect((await readBody(third.message, budget)).byteLength).toBe(6)
})

test('a refused request can still be answered: its connection is not torn down', async () => {
  const { message, send } = await incoming(CHUNKED)
  send(chunk('123456'))
  await refusalOf(readBody(message, new BodyBudget(1)))
  expect(message.socket.destroyed).toBe(false)
})

test('a client that hangs up in the middle leaves nothing behind', async () => {
  const budget = new BodyBudget()
  const { message, send, hangUp } = await incoming('Content-Length: 10\r\n')
  send('12345')
  const reading = readBody(message, budget)
  message.once('data', () => hangUp())
  await expect(reading).rejects.toThrow('aborted')
  expect(budget.held).toBe(0)
})

test('a client that hung up before its body was read is noticed all the same', async () => {
  const budget = new BodyBudget()
  const { message, send, hangUp } = await incoming('Content-Length: 10\r\n')
  send('12345')
  hangUp()
  await vi.waitUntil(() => message.destroyed)
  await expect(readBody(message, budget)).rejects.toThrow('aborted')
  expect(budget.held).toBe(0)
})

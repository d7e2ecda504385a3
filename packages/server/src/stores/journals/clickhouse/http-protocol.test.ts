import { once } from 'node:events'
import { type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Engine, Statement, Write } from './engine.ts'
import { clickHouseServer } from './http-protocol.ts'

let server: Server
let port = 0
/** What the engine does with a statement; the server needs nothing else of it. */
let run: (statement: Statement, write: Write) => Promise<void>
beforeEach(async () => {
  run = async () => {}
  const engine = { run: (statement: Statement, write: Write) => run(statement, write) } as unknown as Engine
  server = clickHouseServer(engine)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

async function post(
  path: string,
  body: string | Buffer = '',
): Promise<{ status: number; text: string; headers: IncomingMessage['headers'] }> {
  const outgoing = request({ host: '127.0.0.1', port, path, method: 'POST', agent: false })
  outgoing.end(body)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString(), headers: response.headers }
}

test('the body is the statement, the address has its id and its parameters', async () => {
  const seen: Statement[] = []
  run = async (statement, write) => {
    seen.push(statement)
    await write(Buffer.from('one,'))
    await write(Buffer.from('two'))
  }
  const { status, text } = await post('/?query_id=q-1&param_a=x%5Cty&database=default', 'SELECT {a:String}')
  expect([status, text]).toEqual([200, 'one,two'])
  expect(seen[0]).toMatchObject({ sql: 'SELECT {a:String}', queryId: 'q-1', parameters: { a: 'x\ty' } })
  await post('/?query=SELECT%201')
  expect(seen[1]).toMatchObject({ sql: 'SELECT 1', parameters: undefined })
})

test('a ping asks nothing of the engine', async () => {
  run = () => Promise.reject(new Error('asked'))
  expect(await post('/ping')).toMatchObject({ status: 200, text: 'Ok.\n' })
})

test('an error is said as ClickHouse says it', async () => {
  run = () => Promise.reject(new Error('Code: 60. DB::Exception: Unknown table. (UNKNOWN_TABLE)'))
  const known = await post('/', 'SELECT 1')
  expect(known).toMatchObject({ status: 500, text: 'Code: 60. DB::Exception: Unknown table. (UNKNOWN_TABLE)' })
  expect(known.headers['x-clickhouse-exception-code']).toBe('60')
  run = () => Promise.reject(new Error('too many statements'))
  expect(await post('/', 'SELECT 1')).toMatchObject({
    status: 500,
    text: 'Code: 1002. DB::Exception: too many statements. (UNKNOWN_EXCEPTION)',
  })
})

test('an error behind the first bytes breaks the connection, so that nobody takes the part for the whole', async () => {
  run = async (_, write) => {
    await write(Buffer.from('part'))
    throw new Error('Code: 241. DB::Exception: Memory limit. (MEMORY_LIMIT_EXCEEDED)')
  }
  await expect(post('/', 'SELECT 1')).rejects.toThrow(/aborted|hang up|ECONNRESET/)
})

test('a setting in the address is refused, and so is a statement without end', async () => {
  expect(await post('/?max_threads=1', 'SELECT 1')).toMatchObject({
    status: 500,
    text: expect.stringContaining('UNKNOWN_SETTING') as unknown,
  })
  expect(await post('/', Buffer.alloc(9 * 1024 * 1024, 32))).toMatchObject({
    status: 500,
    text: expect.stringContaining('too long') as unknown,
  })
})

test('a client that goes away aborts its statement', async () => {
  const started = Promise.withResolvers<AbortSignal>()
  run = ({ signal }) => {
    started.resolve(signal)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
  }
  const outgoing = request({ host: '127.0.0.1', port, path: '/', method: 'POST', agent: false })
  outgoing.on('error', () => {})
  outgoing.end('SELECT 1')
  const signal = await started.promise
  expect(signal.aborted).toBe(false)
  outgoing.destroy()
  await expect.poll(() => signal.aborted).toBe(true)
})

test('a statement that ended well is not aborted afterwards', async () => {
  let signal: AbortSignal | undefined
  run = async (statement, write) => {
    ;({ signal } = statement)
    await write(Buffer.from('x'))
  }
  await post('/', 'SELECT 1')
  expect(signal?.aborted).toBe(false)
})

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type RequestListener, type Server, createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lateException, TAG_HEADER } from './late-exception.ts'
import { ClickHouseError, StatementClient, StatementHung } from './statement-client.ts'

let directory: string
let server: Server
let client: StatementClient
let answer: RequestListener
const SILENCE_MILLIS = 150

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'client-'))
  const socketPath = join(directory, 's')
  server = createServer((message, response) => answer(message, response)).listen(socketPath)
  await once(server, 'listening')
  client = new StatementClient(socketPath, SILENCE_MILLIS)
})

afterEach(async () => {
  client.close()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
  rmSync(directory, { recursive: true })
})

const statement = { sql: 'SELECT 1', queryId: 'q-1' }

test('statement, id and parameters are sent as ClickHouse takes them; the answer is its bytes', async () => {
  const seen: string[] = []
  answer = (message, response) => {
    message.setEncoding('utf8')
    message.on('data', (text: string) => seen.push(message.url ?? '', text))
    message.on('end', () => {
      response.write('one,')
      setImmediate(() => response.end('two'))
    })
  }
  const bytes = await client.ask({ ...statement, parameters: { a: 'x\ty&z' } })
  expect(bytes.toString()).toBe('one,two')
  expect(seen).toEqual(['/?query_id=q-1&param_a=x%5Cty%26z', 'SELECT 1'])
})

test('connections are kept', async () => {
  let connections = 0
  server.on('connection', () => (connections += 1))
  answer = (_, response) => response.end()
  for (let ask = 0; ask < 3; ask += 1) await client.ask(statement)
  expect(connections).toBe(1)
})

test.each([
  {
    text: "Code: 60. DB::Exception: Unknown table 'a (b)' (maybe another). (UNKNOWN_TABLE)",
    code: '60',
    type: 'UNKNOWN_TABLE',
    message: "Unknown table 'a (b)' (maybe another).",
  },
  {
    text: 'Code: 159. DB::Exception: Timeout\nexceeded. (TIMEOUT_EXCEEDED)\n',
    code: '159',
    type: 'TIMEOUT_EXCEEDED',
    message: 'Timeout\nexceeded.',
  },
  { text: 'it has no form', code: '', type: undefined, message: 'it has no form' },
])('the engine’s refusal is an error of its own: $text', async ({ text, ...wanted }) => {
  answer = (_, response) => response.writeHead(500).end(text)
  const error: unknown = await client.ask(statement).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ClickHouseError)
  expect(error).toMatchObject(wanted)
})

test('a part of an answer is never taken for the whole', async () => {
  answer = (_, response) => response.write('part', () => response.destroy())
  const error: unknown = await client.ask(statement).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'ECONNRESET' })
  expect(error).not.toBeInstanceOf(ClickHouseError)
})

test.each(['Code: 40. DB::Exception: It differs:\r\nyes. (CHECKSUM_DOESNT_MATCH)', 'broken'])(
  'what the engine says behind a part of the answer is its refusal: %j',
  async (text) => {
    answer = (_, response) => {
      response.setHeader(TAG_HEADER, 'tag')
      response.write(Buffer.from([0xff, 0x00, 0x0d]))
      response.write(lateException('tag', text), () => response.destroy())
    }
    const error: unknown = await client.ask(statement).catch((thrown: unknown) => thrown)
    expect(error).toEqual(new ClickHouseError(text))
    expect(error).toBeInstanceOf(ClickHouseError)
  },
)

test('what looks like such a refusal without the tag is a part of the answer', async () => {
  answer = (_, response) => {
    response.setHeader(TAG_HEADER, 'tag')
    response.write(lateException('another', 'Code: 1. DB::Exception: no. (NO)'), () => response.destroy())
  }
  await expect(client.ask(statement)).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('a statement of which nothing is heard ends; so does a ping', async () => {
  answer = () => {}
  await expect(client.ask(statement)).rejects.toThrow(StatementHung)
  expect(await client.ping(AbortSignal.timeout(20))).toBe(false)
})

test.each(['before the answer', 'in the midst of it'])('an aborted signal ends the connection, %s', async (when) => {
  const stop = new AbortController()
  const gone = Promise.withResolvers<void>()
  answer = (_, response) => {
    response.once('close', gone.resolve)
    if (when === 'before the answer') stop.abort()
    else response.write('part', () => setImmediate(() => stop.abort()))
  }
  await expect(client.ask({ ...statement, signal: stop.signal })).rejects.toThrow('aborted')
  await gone.promise
})

test('a ping asks for nothing else', async () => {
  answer = (message, response) => response.writeHead(message.url === '/ping' ? 200 : 404).end()
  expect(await client.ping(AbortSignal.timeout(5_000))).toBe(true)
})

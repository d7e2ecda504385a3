import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:http'
import type { Engine } from './engine.ts'
import { lateException, TAG_HEADER } from './late-exception.ts'
import { parametersOf } from './query-parameters.ts'

/** Statements are our own and short; the bound is against a broken peer. */
const MAX_STATEMENT_BYTES = 8 * 1024 * 1024
/** Parameters travel in the address. */
const MAX_HEADER_BYTES = 4 * 1024 * 1024
const KNOWN_KEYS = new Set(['query', 'query_id', 'database'])

/** Serves the part of ClickHouse's HTTP interface that statements, parameters and errors need. */
export function clickHouseServer(engine: Engine): Server {
  const tag = randomBytes(8).toString('hex')
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: 60_000 }, (request, response) => {
    response.setHeader(TAG_HEADER, tag)
    answer(engine, request, response).catch((error: unknown) => fail(response, tag, error))
  })
  // A statement may take minutes; the engine's own limits end it.
  server.requestTimeout = 0
  return server
}

async function answer(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  if (url.pathname === '/ping') return void response.end('Ok.\n')
  const gone = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the client has gone away'))
  })
  // A setting in the address would have to be set for the whole session; statements carry theirs in a SETTINGS clause.
  for (const key of url.searchParams.keys()) {
    if (!KNOWN_KEYS.has(key) && !key.startsWith('param_'))
      throw new Error(`Code: 115. DB::Exception: Setting ${key} cannot be given in the address. (UNKNOWN_SETTING)`)
  }
  const sql = (url.searchParams.get('query') ?? '') + (await bodyOf(request))
  const statement = {
    sql,
    parameters: parametersOf(url.searchParams),
    queryId: url.searchParams.get('query_id') ?? '',
    signal: gone.signal,
  }
  await engine.run(statement, async (chunk) => {
    if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal })
  })
  response.end()
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_STATEMENT_BYTES)
      throw new Error('Code: 62. DB::Exception: The statement is too long. (SYNTAX_ERROR)')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Says what went wrong as ClickHouse does: `Code: n. DB::Exception: … (NAME)`. */
function fail(response: ServerResponse, tag: string, error: unknown): void {
  if (response.destroyed) return
  const message = error instanceof Error ? error.message : String(error)
  // Part of the result is out: only a broken connection tells every client not to believe it.
  if (response.headersSent) return void response.write(lateException(tag, textOf(message)), () => response.destroy())
  const code = /^Code: (\d+)/.exec(message)?.[1] ?? '1002'
  response.writeHead(500, { 'content-type': 'text/plain; charset=UTF-8', 'x-clickhouse-exception-code': code })
  response.end(textOf(message))
}

const textOf = (message: string): string =>
  message.startsWith('Code: ') ? message : `Code: 1002. DB::Exception: ${message}. (UNKNOWN_EXCEPTION)`

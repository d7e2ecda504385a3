import { Agent, type IncomingMessage, request } from 'node:http'
import { lateExceptionIn, TAG_HEADER } from './late-exception.ts'
import { withParameters } from './query-parameters.ts'

const MAX_CONNECTIONS = 64

export interface ClientStatement {
  readonly sql: string
  /** Texts for the `{name:String}` of the statement. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
  /** Names the statement, so that it can be cancelled. */
  readonly queryId: string
  readonly signal?: AbortSignal
}

/** The name is the last of what stands in parentheses. */
const REFUSAL = /^Code: (\d+)\. DB::Exception: ([^]*) \(([A-Z][A-Z0-9_]+)\)\s*$/

/** The engine's own refusal of a statement; anything else that goes wrong is a connection's failure. */
export class ClickHouseError extends Error {
  /** The engine's number of it, e.g. `60`. */
  readonly code: string
  /** Its name, e.g. `UNKNOWN_TABLE`. */
  readonly type: string | undefined

  /** @param text `Code: n. DB::Exception: … (NAME)` */
  constructor(text: string) {
    const [, code = '', message = text, type] = REFUSAL.exec(text) ?? []
    super(message)
    this.name = 'ClickHouseError'
    this.code = code
    this.type = type
  }
}

/** A connection on which nothing came for too long. */
export class StatementHung extends Error {
  constructor(millis: number) {
    super(`nothing came for ${String(millis / 1_000)} seconds`)
    this.name = 'StatementHung'
  }
}

/** Statements in ClickHouse's HTTP protocol, over connections to one Unix socket that are kept. */
export class StatementClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS })
  readonly #socketPath: string
  readonly #silenceMillis: number

  /** @param silenceMillis how long a statement's connection may be silent */
  constructor(socketPath: string, silenceMillis: number) {
    this.#socketPath = socketPath
    this.#silenceMillis = silenceMillis
  }

  /**
   * The whole answer as bytes.
   * @throws ClickHouseError, StatementHung, or what broke the connection, an aborted signal included
   */
  async ask({ sql, queryId, parameters = {}, signal }: ClientStatement): Promise<Buffer> {
    const search = withParameters(new URLSearchParams({ query_id: queryId }), parameters)
    const { status, body } = await this.#exchange('POST', `/?${search.toString()}`, sql, signal)
    if (status !== 200) throw new ClickHouseError(body.toString('utf8'))
    return body
  }

  /** Whether the server answers, whatever its engine does. */
  async ping(signal: AbortSignal): Promise<boolean> {
    try {
      return (await this.#exchange('GET', '/ping', undefined, signal)).status === 200
    } catch {
      return false
    }
  }

  close(): void {
    this.#agent.destroy()
  }

  #exchange(
    method: 'GET' | 'POST',
    path: string,
    content: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly status: number | undefined; readonly body: Buffer }> {
    return new Promise((resolve, reject) => {
      const target = { socketPath: this.#socketPath, agent: this.#agent, method, path }
      const outgoing = request(
        { ...target, timeout: this.#silenceMillis, ...(signal === undefined ? {} : { signal }) },
        (response: IncomingMessage) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => void chunks.push(chunk))
          response.on('end', () => resolve({ status: response.statusCode, body: joined(chunks) }))
          // It ended before its end: the engine failed behind the first bytes, or the child has died.
          response.on('error', (error) => {
            const tag = response.headers[TAG_HEADER]
            const late = typeof tag === 'string' ? lateExceptionIn(tag, joined(chunks)) : undefined
            reject(late === undefined ? error : new ClickHouseError(late))
          })
        },
      )
      outgoing.on('timeout', () => outgoing.destroy(new StatementHung(this.#silenceMillis)))
      outgoing.on('error', reject)
      outgoing.end(content)
    })
  }
}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)

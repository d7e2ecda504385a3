import { setTimeout as sleep } from 'node:timers/promises'
import { Session } from 'chdb'
import { SessionPool } from './session-pool.ts'

/** Statements that may run side by side; a heavy one keeps only its own lane busy. */
const READERS = 4

/** What became of a statement: its result in the format it asked for. */
export type Write = (chunk: Uint8Array) => Promise<void> | void

export interface Statement {
  readonly sql: string
  readonly parameters: Readonly<Record<string, string>> | undefined
  /** The caller's id of it; statements that carry it as `log_comment` can be cancelled. */
  readonly queryId: string
  readonly signal: AbortSignal
}

const KILL_AGAIN_MILLIS = 250
const QUERY_ID = /^[0-9a-f-]{36}$/

/** The column store inside this process. One engine a process, one process a directory. */
export class Engine {
  readonly #sessions: readonly Session[]
  readonly #readers: SessionPool
  readonly #writer: SessionPool
  readonly #maintenance: SessionPool
  readonly #control: Session
  #statements = 0

  /** @throws Error when the directory is held by another process or cannot be opened */
  constructor(directory: string, configFile: string) {
    // One directory a process: the sessions share the engine that the first one opens.
    const open = (): Session =>
      new Session(directory, { connectionArgs: [`--config-file=${configFile}`, '--async_insert=0'] })
    const sessions = Array.from({ length: READERS + 3 }, open)
    this.#sessions = sessions
    const [writer, maintenance, control, ...readers] = sessions as [Session, Session, Session, ...Session[]]
    this.#writer = new SessionPool([writer])
    this.#maintenance = new SessionPool([maintenance])
    this.#control = control
    this.#readers = new SessionPool(readers)
  }

  get busy(): boolean {
    return this.#writer.busy || this.#maintenance.busy || this.#readers.busy
  }

  /** How many statements were run so far. */
  get statements(): number {
    return this.#statements
  }

  /** Runs one statement; `write` gets its result in pieces. */
  async run(statement: Statement, write: Write): Promise<void> {
    this.#statements += 1
    const verb = /^\s*(\w+)/.exec(statement.sql)?.[1]?.toUpperCase() ?? ''
    if (verb === 'SELECT' || verb === 'WITH')
      return this.#readers.run(statement.signal, (session) => this.#read(session, statement, write))
    if (statement.parameters !== undefined) throw new Error('only SELECT statements take parameters here')
    // Inserts and table definitions must not wait behind a mutation that runs for minutes.
    const lane = verb === 'INSERT' || verb === 'CREATE' ? this.#writer : this.#maintenance
    return lane.run(statement.signal, async (session) => {
      const result = await session.queryAsync(statement.sql, { format: 'TabSeparated' })
      await write(result.bytes())
    })
  }

  async #read(session: Session, { sql, parameters, queryId, signal }: Statement, write: Write): Promise<void> {
    signal.throwIfAborted()
    const ended = new AbortController()
    const abort = (): void => void this.#killUntil(ended.signal, queryId)
    signal.addEventListener('abort', abort, { once: true })
    try {
      // Streams bind their parameters while they start, on this thread; single-shot queries would race for them.
      const options = { format: 'TabSeparated' }
      const stream =
        parameters === undefined ? session.queryStream(sql, options) : session.queryStreamBind(sql, parameters, options)
      for await (const chunk of stream) await write(chunk.raw())
    } catch (error) {
      // A stream that failed holds its memory and its place in the process list until its session's next statement.
      await session.queryAsync('SELECT 1').catch(() => {})
      throw error
    } finally {
      ended.abort()
      signal.removeEventListener('abort', abort)
    }
  }

  /**
   * Ends a running read; without it the engine computes on for a reader who has gone. Again until it is over, since a
   * statement that is only being planned does not hear of it.
   */
  async #killUntil(ended: AbortSignal, queryId: string): Promise<void> {
    if (!QUERY_ID.test(queryId)) return
    while (!ended.aborted) {
      await this.#control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${queryId}' ASYNC`).catch(() => {})
      await sleep(KILL_AGAIN_MILLIS)
    }
  }

  /** Gives memory that statements used back to the system; the allocator would keep it for a long time. */
  async rest(): Promise<void> {
    await this.#control.queryAsync('SYSTEM JEMALLOC PURGE').catch(() => {})
  }

  close(): void {
    for (const session of this.#sessions) session.close()
  }
}

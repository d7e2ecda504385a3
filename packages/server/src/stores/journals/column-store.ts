import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { messageOf, Unavailable } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { CHILD_FILES } from './clickhouse/child-contract.ts'
import { Damage, RowsDamaged } from './clickhouse/damage.ts'
import type { RowRange } from './clickhouse/set-aside.ts'
import { ClickHouseError, StatementClient, StatementHung } from './clickhouse/statement-client.ts'
import { SupervisedChild } from './clickhouse/supervised-child.ts'
import { claimDirectory } from './version-file.ts'

const VERSION = 1
/** How long a read waits for a column store that is being started again. */
const WAIT_FOR_RESTART_MILLIS = 15_000
const SILENCE_MILLIS = 30_000
const MAX_READ_SECONDS = 60
const MAX_READ_BYTES = 1_000_000_000
/** A statement that takes longer has hung: the child is ended and started again. */
const COMMAND_MILLIS = 10 * 60_000
const LOOK_MILLIS = 30_000
/** The engine's errors of a disk that takes no more: before it writes, and while it does. */
const DISK_FULL = /^NOT_ENOUGH_SPACE$|errno: (?:28|122)\b|No space left|Disk quota exceeded/i
/** What a file name in the table function `file` takes for a pattern. */
const GLOB = /[*?{}[\]]/
/** Unix socket addresses hold 108 bytes, on some systems 104. */
const MAX_SOCKET_PATH = 100

export interface ColumnRead {
  /** A SELECT without SETTINGS; the text is ours alone, what a user wrote is in `parameters`. */
  readonly sql: string
  readonly parameters?: Readonly<Record<string, string>>
  /** How the statement is to be carried out, as the SETTINGS clause writes it: `name = value, …`. */
  readonly settings?: string
  readonly format: 'RowBinary' | 'JSONCompactEachRow'
  /**
   * The rows that the answer is made of, when it would be wrong without some of them. Left out: those that can be read are
   * enough.
   */
  readonly needs?: RowRange
  readonly signal: AbortSignal
}

/** The column store does not answer; what was asked may be asked again later. */
export class ColumnStoreUnavailable extends Unavailable {
  constructor(reason: string, cause?: unknown) {
    super(
      `the column store does not answer (${reason}); nothing acknowledged is lost, try again in a moment`,
      'Stored data cannot be read at the moment. Please try again.',
      cause,
    )
    this.name = 'ColumnStoreUnavailable'
  }
}

/** The column store behind the ClickHouse HTTP protocol. */
export interface ColumnStore {
  readonly state: 'running' | 'restarting'
  /** The last failure of the child, in a sentence. */
  readonly lastError: string | undefined
  /** What is wrong with its files though it answers, in a sentence: damaged parts, a full disk. */
  readonly trouble: string | undefined
  /** Process id of the child, while there is one. */
  readonly pid: number | undefined
  /**
   * The whole result as bytes, limited in time and memory. Waits up to 15 seconds for a store that is being started again.
   * @throws ColumnStoreUnavailable, RowsDamaged when rows that it needs cannot be read, ClickHouseError, or the signal's reason
   */
  read(query: ColumnRead): Promise<Buffer>
  /**
   * Runs a statement without result. It may have been carried out even when this throws {@link ColumnStoreUnavailable}.
   * @param needs rows that it reads and that must all be there
   * @throws ColumnStoreUnavailable, RowsDamaged, ClickHouseError
   */
  command(sql: string, needs?: RowRange): Promise<void>
  /** Resolves once the store answers; rejects with the signal's reason. */
  whenRunning(signal: AbortSignal): Promise<void>
  /**
   * How a statement names a file, as a quoted literal.
   * @throws Error when the store would take the name for a pattern
   */
  fileLiteral(path: string): string
  close(): Promise<void>
}

export interface ColumnStoreOptions {
  /** Holds the engine's files; nothing else may use it. */
  readonly directory: string
  readonly telemetry: Telemetry
  /** A child that gives no sign of life for so long is ended and started again; 30 seconds when left out. */
  readonly silenceMillis?: number
}

/**
 * Starts the column store's child and connects to it.
 * @throws Error when the directory is of a newer version or cannot be opened within ten seconds
 */
export async function openColumnStore(options: ColumnStoreOptions): Promise<ColumnStore> {
  claimDirectory(options.directory, VERSION)
  const directory = realpathSync(options.directory)
  mkdirSync(join(directory, CHILD_FILES.data), { recursive: true, mode: 0o700 })
  const socketPath = socketPathFor(directory)
  const client = new StatementClient(socketPath, COMMAND_MILLIS)
  const { telemetry, silenceMillis = SILENCE_MILLIS } = options
  const ask = (sql: string): Promise<Buffer> =>
    client.ask({
      sql: `${sql} FORMAT JSONCompactEachRow`,
      queryId: randomUUID(),
      signal: AbortSignal.timeout(LOOK_MILLIS),
    })
  const damage = new Damage({ directory, telemetry, ask })
  const inspect = (): Promise<void> => damage.started()
  try {
    const child = await SupervisedChild.start({ directory, socketPath, telemetry, inspect })
    return new ChildColumnStore({ directory, socketPath, child, client, damage, silenceMillis })
  } catch (error) {
    client.close()
    throw error
  }
}

/** Beside the data when the address is short enough, else in a directory of its own that only this user can enter. */
function socketPathFor(directory: string): string {
  const path = join(directory, CHILD_FILES.socket)
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH
    ? path
    : join(mkdtempSync(join(tmpdir(), 'sluice-')), CHILD_FILES.socket)
}

interface Opened {
  readonly directory: string
  readonly socketPath: string
  readonly child: SupervisedChild
  readonly client: StatementClient
  readonly damage: Damage
  readonly silenceMillis: number
}

class ChildColumnStore implements ColumnStore {
  readonly #directory: string
  readonly #socketPath: string
  readonly #child: SupervisedChild
  readonly #client: StatementClient
  readonly #damage: Damage
  readonly #closing = new AbortController()
  readonly #watch: NodeJS.Timeout
  /** The last insert found no room on the disk. */
  #isFull = false

  constructor({ directory, socketPath, child, client, damage, silenceMillis }: Opened) {
    this.#directory = directory
    this.#socketPath = socketPath
    this.#child = child
    this.#client = client
    this.#damage = damage
    this.#watch = setInterval(() => void this.#lookAfter(silenceMillis), silenceMillis)
  }

  /** A child can hang without dying; only its answers tell. */
  async #lookAfter(silenceMillis: number): Promise<void> {
    const { pid, running } = this.#child
    if (!running) return
    const answers = await this.#client.ping(AbortSignal.timeout(silenceMillis))
    // The health shall hear of parts that were moved away, though nobody reads their table.
    if (answers && this.#damage.mayHeal) await this.#damage.look().catch(() => {})
    if (answers || this.#closing.signal.aborted || this.#child.pid !== pid) return
    this.#child.kill(`it gave no sign of life for ${String(silenceMillis / 1_000)} seconds`)
  }

  get state(): 'running' | 'restarting' {
    return this.#child.running ? 'running' : 'restarting'
  }

  get lastError(): string | undefined {
    return this.#child.lastError
  }

  get trouble(): string | undefined {
    const full = this.#isFull
      ? 'the disk of the column store is full: what comes in waits in the journal, and is refused once too much waits; give the directory clickhouse more room'
      : undefined
    const troubles = [full, this.#damage.trouble].filter((trouble) => trouble !== undefined)
    return troubles.length === 0 ? undefined : troubles.join('; ')
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  whenRunning(signal: AbortSignal): Promise<void> {
    return this.#child.whenRunning(AbortSignal.any([signal, this.#closing.signal]))
  }

  async read(query: ColumnRead): Promise<Buffer> {
    const patience = AbortSignal.timeout(WAIT_FOR_RESTART_MILLIS)
    const signal = AbortSignal.any([query.signal, this.#closing.signal])
    for (;;) {
      await this.#waitPatiently(signal, patience)
      try {
        if (query.needs !== undefined) await this.#damage.check(query.needs)
        return await this.#readOnce(query, signal)
      } catch (error) {
        query.signal.throwIfAborted()
        // An answer of the engine stands; a broken connection means that the child has died, and reads can be repeated.
        if (error instanceof RowsDamaged) throw error
        if (error instanceof ClickHouseError)
          throw query.needs === undefined ? error : this.#damage.asTold(error, query.needs)
        if (patience.aborted || this.#closing.signal.aborted) throw new ColumnStoreUnavailable(messageOf(error), error)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }

  async #waitPatiently(signal: AbortSignal, patience: AbortSignal): Promise<void> {
    try {
      await this.#child.whenRunning(AbortSignal.any([signal, patience]))
    } catch (error) {
      if (patience.aborted && !signal.aborted)
        throw new ColumnStoreUnavailable(this.#child.lastError ?? 'it is being started', error)
      throw error
    }
  }

  #readOnce({ sql, format, parameters, settings }: ColumnRead, signal: AbortSignal): Promise<Buffer> {
    const queryId = randomUUID()
    // Rows that one statement answers are written out sooner than a second thread has begun to.
    const limits = `output_format_parallel_formatting = 0, max_execution_time = ${String(MAX_READ_SECONDS)}, max_memory_usage = ${String(MAX_READ_BYTES)}, log_comment = '${queryId}'`
    const clause = settings === undefined ? limits : `${limits}, ${settings}`
    return this.#client.ask({ sql: `${sql} FORMAT ${format} SETTINGS ${clause}`, queryId, parameters, signal })
  }

  async command(sql: string, needs?: RowRange): Promise<void> {
    if (!this.#child.running) throw new ColumnStoreUnavailable(this.#child.lastError ?? 'it is being started')
    const isInsert = sql.startsWith('INSERT')
    try {
      if (needs !== undefined) await this.#damage.check(needs)
      await this.#client.ask({ sql, queryId: randomUUID() })
      if (isInsert) this.#isFull = false
    } catch (error) {
      if (error instanceof ClickHouseError) {
        if (isInsert) this.#isFull = DISK_FULL.test(error.type ?? '') || DISK_FULL.test(error.message)
        throw needs === undefined ? error : this.#damage.asTold(error, needs)
      }
      if (error instanceof RowsDamaged) throw error
      if (error instanceof StatementHung) this.#child.kill('a statement hung')
      throw new ColumnStoreUnavailable(messageOf(error), error)
    }
  }

  fileLiteral(path: string): string {
    // The child runs in its own directory: relative names keep what the user called the directories above out of it.
    const name = relative(this.#directory, path)
    if (GLOB.test(name))
      throw new Error(
        `the column store would take ${path} for a pattern; use directories whose names have none of * ? { } [ ]`,
      )
    return `'${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
  }

  async close(): Promise<void> {
    clearInterval(this.#watch)
    this.#closing.abort(new ColumnStoreUnavailable('it was closed'))
    this.#client.close()
    await this.#child.close()
    if (dirname(this.#socketPath) !== this.#directory)
      rmSync(dirname(this.#socketPath), { recursive: true, force: true })
  }
}

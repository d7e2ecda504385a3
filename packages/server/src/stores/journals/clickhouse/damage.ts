import { relative } from 'node:path'
import { messageOf, Unavailable } from '#kernel/errors.ts'
import type { Telemetry } from '#kernel/telemetry.ts'
import { isPartOf, MAX_SET_ASIDE, type RowRange, SELECT_SET_ASIDE, type SetAside, setAsideIn } from './set-aside.ts'
import { ClickHouseError } from './statement-client.ts'

/** Names of the engine's errors that bytes on the disk cause, which are not as they were written. */
const DAMAGED: ReadonlySet<string | undefined> = new Set([
  'ATTEMPT_TO_READ_AFTER_EOF',
  'BAD_SIZE_OF_FILE_IN_DATA_PART',
  'CANNOT_DECOMPRESS',
  'CANNOT_READ_ALL_DATA',
  'CANNOT_READ_FROM_FILE_DESCRIPTOR',
  'CHECKSUM_DOESNT_MATCH',
  'CORRUPTED_DATA',
  'FILE_DOESNT_EXIST',
  'NO_FILE_IN_DATA_PART',
  'SIZES_OF_MARKS_FILES_ARE_INCONSISTENT',
  'TOO_LARGE_SIZE_COMPRESSED',
  'TOO_MANY_UNEXPECTED_DATA_PARTS',
  'UNEXPECTED_FILE_IN_DATA_PART',
  'UNKNOWN_CODEC',
  'UNKNOWN_COMPRESSION_METHOD',
])
const NAMES_LOGGED = 20

/** Rows that were stored cannot be read. They come back with a backup only. */
export class RowsDamaged extends Unavailable {
  constructor(message: string, cause?: unknown) {
    const told = 'Stored data that this answer needs is damaged on the disk; the health of the platform says where.'
    super(message, told, cause)
    this.name = 'RowsDamaged'
  }
}

export interface DamageDeps {
  /** The column store's; what is told is relative to it. */
  readonly directory: string
  readonly telemetry: Telemetry
  /** Asks the engine, in JSONCompactEachRow. */
  readonly ask: (sql: string) => Promise<Buffer>
}

/** What the engine cannot read of its tables any more: it drops such parts when it starts, and says so nowhere else. */
export class Damage {
  readonly #deps: DamageDeps
  #parts: readonly SetAside[] = []
  /** Why it is not known what was set aside. */
  #unknown: string | undefined
  /** Tables of which a read failed since the engine was started, and how. */
  readonly #failed = new Map<string, string>()
  #looking: Promise<void> | undefined

  constructor(deps: DamageDeps) {
    this.#deps = deps
  }

  /** What is damaged, in a sentence. */
  get trouble(): string | undefined {
    const aside = [...byTable(this.#parts)].map(
      ([table, parts]) => `${described(table, parts)} in ${directoriesOf(parts, this.#deps.directory)}`,
    )
    const failed = [...this.#failed].map(([table, reason]) => `rows of ${table} cannot be read (${reason})`)
    const unknown = this.#unknown === undefined ? [] : [`what was set aside cannot be told (${this.#unknown})`]
    const all = [...aside, ...failed, ...unknown]
    return all.length === 0 ? undefined : `${all.join('; ')}: the platform's log tells what to do`
  }

  /** To be called whenever an engine was started, before it is asked anything else. */
  async started(): Promise<void> {
    this.#failed.clear()
    // Not a look that is under way: it may be asking the engine before.
    await this.#lookNow()
  }

  /**
   * Asks the engine which parts it has set aside.
   * @throws what broke the connection; the engine's own refusal leaves it unknown instead
   */
  look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  async #lookNow(): Promise<void> {
    try {
      const parts = await setAsideIn(await this.#deps.ask(SELECT_SET_ASIDE))
      this.#unknown = parts.length > MAX_SET_ASIDE ? `more than ${String(MAX_SET_ASIDE)} parts` : undefined
      this.#tell(parts)
      this.#parts = parts
    } catch (error) {
      if (!(error instanceof ClickHouseError)) throw error
      this.#unknown = error.message
    }
  }

  /** True while a look may find less than the last one did. */
  get mayHeal(): boolean {
    return this.#parts.length > 0 || this.#unknown !== undefined
  }

  /**
   * Resolves when no row of the range is set aside. Looks again first, so that moving the parts away is all it takes.
   * @throws RowsDamaged
   */
  async check(range: RowRange): Promise<void> {
    if (!this.#touches(range)) return
    await this.look()
    if (this.#touches(range))
      throw new RowsDamaged(`rows that the answer needs cannot be read: ${this.trouble ?? 'they are set aside'}`)
  }

  #touches(range: RowRange): boolean {
    return this.#unknown !== undefined || this.#parts.some((part) => isPartOf(part, range))
  }

  /** What a reader of the range is to be told of a failed read. */
  asTold(error: ClickHouseError, { table }: RowRange): Error {
    if (!DAMAGED.has(error.type)) return error
    const { log, meter } = this.#deps.telemetry
    const reason = error.type ?? error.code
    meter.add('column_store_damaged_reads_total', 1, { table })
    if (!this.#failed.has(table))
      log.warn({
        event: 'column_store_read_damaged',
        table,
        reason: messageOf(error),
        message: `rows of a table cannot be read; reads that meet them are refused, all others go on. ${RESTORE}`,
      })
    this.#failed.set(table, reason)
    return new RowsDamaged(`rows of ${table} cannot be read (${reason})`, error)
  }

  /** One line for each table that has parts which were not told yet. */
  #tell(parts: readonly SetAside[]): void {
    const { log, meter } = this.#deps.telemetry
    const now = byTable(parts)
    const before = byTable(this.#parts)
    for (const table of before.keys()) if (!now.has(table)) meter.set('column_store_parts_set_aside', 0, { table })
    for (const [table, found] of now) {
      meter.set('column_store_parts_set_aside', found.length, { table })
      const told = new Set(before.get(table)?.map(({ name }) => name))
      if (found.every(({ name }) => told.has(name))) continue
      log.warn({
        event: 'column_store_parts_set_aside',
        table,
        parts: found.slice(0, NAMES_LOGGED).map(({ name }) => name),
        count: found.length,
        rows: rowsOf(found),
        directories: [...new Set(found.map(({ directory }) => directory))],
        message: `the column store could not use parts of a table and set them aside; reads of their days are refused, writes go on. ${RESTORE} To go on without their rows, move the parts out of these directories; no restart is needed`,
      })
    }
  }
}

const RESTORE =
  'To get them back, stop the platform, keep a copy of its data directory, and restore the directory from a backup.'

const byTable = (parts: readonly SetAside[]): ReadonlyMap<string, readonly SetAside[]> =>
  Map.groupBy(parts, ({ table }) => table)

/** `undefined` when it is not known of every part. */
function rowsOf(parts: readonly SetAside[]): number | undefined {
  let rows = 0
  for (const part of parts) {
    if (part.rows === undefined) return undefined
    rows += part.rows
  }
  return rows
}

function described(table: string, parts: readonly SetAside[]): string {
  const rows = rowsOf(parts)
  const many = parts.length === 1 ? 'a damaged part' : `${String(parts.length)} damaged parts`
  return `${many} of ${table}${rows === undefined ? '' : ` with ${String(rows)} rows`} set aside`
}

const directoriesOf = (parts: readonly SetAside[], directory: string): string =>
  [...new Set(parts.map((part) => relative(directory, part.directory)))].join(', ')

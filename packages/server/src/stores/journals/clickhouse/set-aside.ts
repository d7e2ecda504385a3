import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A part of a table whose files the engine could not use and moved into the table's directory `detached`. */
export interface SetAside {
  readonly table: string
  /** Its directory's name: why, and the part's own name, e.g. `broken-on-start_20000_1_1_0`. */
  readonly name: string
  readonly directory: string
  /** Number of its partition; `undefined` when its name does not say it. */
  readonly partition: number | undefined
  /** `undefined` when that cannot be read any more. */
  readonly rows: number | undefined
}

/** More are not held in memory; it is not known then which rows they had. */
export const MAX_SET_ASIDE = 10_000

/**
 * Asks for parts that were set aside because of their bytes: `broken`, `broken-on-start`, `broken-from-backup`, and what
 * such a part covered. The engine's other reasons lose no rows (`ignored`, `attaching`, `deleting`, `clone`, …, an empty
 * one where a person detached the part), and most are of replicated tables only. A part begins with its reason.
 */
export const SELECT_SET_ASIDE = `SELECT table, name, path, partition_id FROM system.detached_parts WHERE database = currentDatabase() AND match(name, '^(covered-by-)?broken') ORDER BY table, name LIMIT ${String(MAX_SET_ASIDE + 1)}`

/** @param answer what {@link SELECT_SET_ASIDE} gave, in JSONCompactEachRow */
export const setAsideIn = (answer: Buffer): Promise<readonly SetAside[]> =>
  Promise.all(
    answer
      .toString()
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => setAsideOf(JSON.parse(line) as readonly [string, string, string, string | null])),
  )

async function setAsideOf([table, name, path, partition]: readonly [string, string, string, string | null]) {
  const number = partition !== null && /^-?\d+$/.test(partition) ? Number(partition) : undefined
  return { table, name, directory: dirname(path), partition: number, rows: await rowsIn(path) }
}

/** The engine keeps the number of a part's rows beside them; it may be damaged as well. */
async function rowsIn(path: string): Promise<number | undefined> {
  const text = await readFile(join(path, 'count.txt'), 'latin1').catch(() => '')
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Rows of a table that an answer is made of. */
export interface RowRange {
  readonly table: string
  /** Inclusive. */
  readonly firstPartition: number
  /** Inclusive. */
  readonly lastPartition: number
}

/** Whether rows of the part could belong to the range. */
export const isPartOf = ({ table, partition }: SetAside, { table: asked, firstPartition, lastPartition }: RowRange) =>
  table === asked && (partition === undefined || (partition >= firstPartition && partition <= lastPartition))

import { MARK_GROUP } from './row-layout.ts'
import { columnNames, structureOf, type TableSchema } from './table-schema.ts'

/**
 * Deduplication compares blocks, so whatever decides where blocks end is fixed: one thread, these sizes, no regrouping.
 * Events of many days may come in one segment, hence no bound on partitions.
 */
const PINNED =
  'async_insert = 0, max_threads = 1, max_insert_threads = 1, max_block_size = 65409, max_insert_block_size = 1048449, ' +
  'min_insert_block_size_rows = 1048449, min_insert_block_size_bytes = 268402944, input_format_parallel_parsing = 0, max_partitions_per_insert_block = 0'

/** What tells the rows of one segment from all others, cheaply: the days it covers and its range of seqs. */
export interface SeqRange {
  /** Inclusive. */
  readonly firstSeq: number
  /** Exclusive. */
  readonly nextSeq: number
  /** Inclusive. */
  readonly minTimestamp: number
  /** Inclusive. */
  readonly maxTimestamp: number
}

const within = (range: SeqRange): string =>
  `seq >= ${String(range.firstSeq)} AND seq < ${String(range.nextSeq)} AND ts >= ${String(range.minTimestamp)} AND ts <= ${String(range.maxTimestamp)}`

/** How many rows of a segment are in the table. */
export const countRange = (table: TableSchema, range: SeqRange): string =>
  `SELECT count() FROM ${table.name} WHERE ${within(range)}`

/** A segment that was never tried before; the token makes a second delivery of the same statement harmless. */
export const insertOnce = (table: TableSchema, file: string, token: string): string =>
  `${insertFrom(table, file)} SETTINGS ${PINNED}, insert_deduplicate = 1, insert_deduplication_token = '${token}'`

/** A segment of which some rows or none are known to be there: seq decides, tokens are not believed. */
export const insertMissing = (table: TableSchema, file: string, range: SeqRange): string =>
  `${insertFrom(table, file)} AND seq NOT IN (SELECT seq FROM ${table.name} WHERE ${within(range)}) SETTINGS ${PINNED}, insert_deduplicate = 0`

const insertFrom = (table: TableSchema, file: string): string =>
  `INSERT INTO ${table.name} (${columnNames(table)}) SELECT ${columnNames(table)} FROM file(${file}, 'RowBinary', '${structureOf(table)}') WHERE grp <> ${String(MARK_GROUP)}`

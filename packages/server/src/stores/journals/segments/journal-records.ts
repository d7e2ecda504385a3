import type { RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** Journals are the platform's, not an account's: their records stand under `-`. */
const PLATFORM = '-'
export const journalKey = (collection: string, id: string): RecordKey => ({
  collection,
  account: PLATFORM,
  region: PLATFORM,
  id,
})
export const listJournal = <T>(records: RecordStore, collection: string, prefix: string, after?: string) =>
  records.list<T>(collection, PLATFORM, PLATFORM, after === undefined ? { prefix } : { prefix, after })

export const COLLECTIONS = {
  state: 'journal.state',
  position: 'journal.position',
  group: 'journal.group',
  stream: 'journal.stream',
  tombstone: 'journal.tombstone',
} as const

const VERSION = 1

/** How far a table's rows are in the column store; one record a journal. */
export interface JournalState {
  readonly version: number
  /** Names this store in deduplication tokens; never used for another. */
  readonly store: string
  /** Every seq below it is in the column store or was never given out. */
  readonly nextSeq: number
  readonly ingestionTime: number
}

export const newState = (store: string): JournalState => ({ version: VERSION, store, nextSeq: 0, ingestionTime: 0 })

/** @throws Error when a newer version wrote it */
export async function readState(records: RecordStore, table: string): Promise<JournalState | undefined> {
  const record = await records.get<JournalState>(journalKey(COLLECTIONS.state, table))
  if (record === undefined) return undefined
  if (record.value.version > VERSION) {
    throw new Error(
      `the journal ${table} was written by a newer version; it was left untouched: start the newer version again`,
    )
  }
  return record.value
}

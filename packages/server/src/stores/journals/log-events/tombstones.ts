import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'
import { COLLECTIONS, journalKey, listJournal } from '#stores/journals/segments/journal-records.ts'
import { LOG_TABLE } from './log-table.ts'

/** What is to be freed. `cut`: only events below this seq, all of which were taken before the deletion. */
export type Tombstone =
  | { readonly kind: 'group'; readonly group: number; readonly cut: number }
  | {
      readonly kind: 'stream'
      readonly group: number
      readonly stream: number
      readonly cut: number
      /** The group's totals no longer count these events. */
      readonly counted: boolean
    }
  | {
      readonly kind: 'before'
      readonly group: number
      /** Exclusive; the beginning of a day. */
      readonly before: number
      readonly cut: number
      readonly counted: boolean
    }

/** Deletions whose late batches are still recognised. */
const MAX_REMEMBERED = 100_000
const PAGE = 1_000

const detailOf = (tombstone: Tombstone): number =>
  tombstone.kind === 'stream' ? tombstone.stream : tombstone.kind === 'before' ? tombstone.before : 0
const idOf = (tombstone: Tombstone): string =>
  `${LOG_TABLE.name}/${tombstone.kind}/${String(tombstone.group)}/${String(detailOf(tombstone))}`
export const tombstoneKey = (tombstone: Tombstone): RecordKey => journalKey(COLLECTIONS.tombstone, idOf(tombstone))
export const putTombstone = (tombstone: Tombstone): RecordChange => ({
  kind: 'put',
  key: tombstoneKey(tombstone),
  value: tombstone,
})

/** Which groups and streams are deleted, and what of them is still to be freed. */
export class Tombstones {
  readonly #pending = new Map<string, Tombstone>()
  /** Deleted groups, `group`, and streams, `group/stream`: no reader sees them, no batch for them is stored. */
  readonly #deleted = new Set<string>()
  readonly #hiddenStreams = new Map<number, Set<number>>()

  async load(records: RecordStore): Promise<void> {
    const prefix = `${LOG_TABLE.name}/`
    for (let after: string | undefined; ;) {
      const page = await listJournal<Tombstone>(records, COLLECTIONS.tombstone, prefix, after)
      for (const { value } of page) this.add(value)
      if (page.length < PAGE) return
      after = page.at(-1)?.key.id
    }
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0
  }

  /** Hides at once. */
  add(tombstone: Tombstone): void {
    const { group } = tombstone
    this.#pending.set(idOf(tombstone), tombstone)
    if (tombstone.kind === 'group') this.#remember(String(group))
    if (tombstone.kind !== 'stream') return
    this.#remember(`${String(group)}/${String(tombstone.stream)}`)
    const hidden = this.#hiddenStreams.get(group) ?? new Set()
    this.#hiddenStreams.set(group, hidden.add(tombstone.stream))
  }

  /** The same tombstone, one step further. */
  replace(tombstone: Tombstone): void {
    this.#pending.set(idOf(tombstone), tombstone)
  }

  /** The deletion could not be made durable: it did not happen. */
  revoke(tombstone: Tombstone): void {
    this.finish(tombstone)
    this.#deleted.delete(
      tombstone.kind === 'stream' ? `${String(tombstone.group)}/${String(tombstone.stream)}` : String(tombstone.group),
    )
  }

  /** Nothing of it is left in the column store. */
  finish(tombstone: Tombstone): void {
    this.#pending.delete(idOf(tombstone))
    if (tombstone.kind !== 'stream') return
    const hidden = this.#hiddenStreams.get(tombstone.group)
    hidden?.delete(tombstone.stream)
    if (hidden?.size === 0) this.#hiddenStreams.delete(tombstone.group)
  }

  has(tombstone: Tombstone): boolean {
    return this.#pending.has(idOf(tombstone))
  }

  isGroupDeleted(group: number): boolean {
    return this.#deleted.has(String(group))
  }

  isStreamDeleted(group: number, stream: number): boolean {
    return this.isGroupDeleted(group) || this.#deleted.has(`${String(group)}/${String(stream)}`)
  }

  /** Streams of the group whose events are still in the column store or in memory. */
  hiddenStreams(group: number): ReadonlySet<number> {
    return this.#hiddenStreams.get(group) ?? NONE
  }

  /** The oldest ones, at most one for a group: what they free must not overlap. */
  batch(limit: number): Tombstone[] {
    const byGroup = new Map<number, Tombstone>()
    for (const tombstone of [...this.#pending.values()].sort((a, b) => a.cut - b.cut)) {
      if (!byGroup.has(tombstone.group)) byGroup.set(tombstone.group, tombstone)
      if (byGroup.size >= limit) break
    }
    return [...byGroup.values()]
  }

  #remember(name: string): void {
    this.#deleted.add(name)
    if (this.#deleted.size <= MAX_REMEMBERED) return
    for (const oldest of this.#deleted) {
      this.#deleted.delete(oldest)
      return
    }
  }
}

const NONE: ReadonlySet<number> = new Set()

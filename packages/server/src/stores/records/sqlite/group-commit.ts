import { setImmediate } from 'node:timers'
import { RevisionConflict } from '#stores/records/record-store.ts'
import type { RecordKey } from '#stores/records/record-store.ts'
import type { EncodedChange } from '#stores/records/sqlite/pending-commit.ts'
import type { RecordStatements } from '#stores/records/sqlite/statements.ts'

/** Changes in one transaction, unless a single commit has more: keeps the event loop free between groups. */
const MAX_GROUP_CHANGES = 1_000

interface Waiting {
  readonly changes: readonly EncodedChange[]
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

export interface GroupCommitDeps {
  readonly statements: RecordStatements
  /** Hears of each changed key after the group is durable, in commit order. */
  readonly changed: (key: RecordKey) => void
  /** Words for what SQLite threw. */
  readonly explain: (error: unknown) => unknown
}

/**
 * Commits that arrive in one turn of the event loop share one transaction and so one fsync. Each still is all or nothing:
 * its expectations are all checked, against the commits before it, before its first write, and nothing else in a commit can
 * fail but the disk, which fails the whole group.
 */
export class GroupCommit {
  readonly #deps: GroupCommitDeps
  #waiting: Waiting[] = []
  #scheduled = false

  constructor(deps: GroupCommitDeps) {
    this.#deps = deps
  }

  add(changes: readonly EncodedChange[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ changes, resolve, reject })
      this.#schedule()
    })
  }

  /** Commits everything that waits, now. */
  drain(): void {
    while (this.#waiting.length > 0) this.#commitGroup()
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (this.#waiting.length > 0) this.#commitGroup()
      if (this.#waiting.length > 0) this.#schedule()
    })
  }

  #commitGroup(): void {
    const group = this.#takeGroup()
    const { statements, changed, explain } = this.#deps
    const done: { readonly commit: Waiting; readonly keys: readonly RecordKey[] }[] = []
    const refused: { readonly commit: Waiting; readonly conflict: RevisionConflict }[] = []
    try {
      statements.begin()
      try {
        for (const commit of group) {
          const conflict = findConflict(statements, commit.changes)
          if (conflict) refused.push({ commit, conflict })
          else done.push({ commit, keys: apply(statements, commit.changes) })
        }
        statements.commit()
      } catch (error) {
        rollBack(statements)
        throw error
      }
    } catch (error) {
      const reason = explain(error)
      for (const { reject } of group) reject(reason)
      return
    }
    for (const { commit, conflict } of refused) commit.reject(conflict)
    for (const { commit, keys } of done) {
      commit.resolve()
      for (const key of keys) changed(key)
    }
  }

  #takeGroup(): readonly Waiting[] {
    let changes = 0
    let count = 0
    for (const commit of this.#waiting) {
      changes += commit.changes.length
      if (count > 0 && changes > MAX_GROUP_CHANGES) break
      count++
    }
    const group = this.#waiting.slice(0, count)
    this.#waiting = this.#waiting.slice(count)
    return group
  }
}

function findConflict(statements: RecordStatements, changes: readonly EncodedChange[]): RevisionConflict | undefined {
  const stale = changes.find(({ key, expect }) => expect !== undefined && statements.revision(key) !== expect)
  return stale && new RevisionConflict(stale.key)
}

/** The keys that changed: deleting what is not there changes nothing. */
function apply(statements: RecordStatements, changes: readonly EncodedChange[]): readonly RecordKey[] {
  const keys: RecordKey[] = []
  for (const change of changes) {
    if (change.kind === 'put') statements.put(change.key, change.json)
    else if (!statements.remove(change.key)) continue
    keys.push(change.key)
  }
  return keys
}

/** SQLite has already rolled back after some errors; then there is nothing left to do, and the first error is the one to tell. */
function rollBack(statements: RecordStatements): void {
  try {
    statements.rollback()
  } catch {
    // The transaction is gone already.
  }
}

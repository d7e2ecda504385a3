import type { AccountId } from '#kernel/ids.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_TAIL_SESSIONS } from '#services/logs/limits.ts'
import type { StoredBatch, TailSession, TailedGroup } from '#services/logs/tail/session.ts'

interface Watching {
  readonly session: TailSession
  readonly group: TailedGroup
}

/** Every live tail that is open, by the groups they watch. A group that nobody watches costs one look-up a batch. */
export class LiveTails {
  readonly #byGroup = new Map<number, Set<Watching>>()
  readonly #open = new Map<AccountId, number>()
  #isClosed = false

  /** Whether every session has to end now. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Opens a session on groups, by their numbers.
   * @returns what closes it, which may be called twice
   * @throws AwsError LimitExceededException when the account has as many as it may
   */
  open(account: AccountId, session: TailSession, groups: ReadonlyMap<number, TailedGroup>): () => void {
    const open = this.#open.get(account) ?? 0
    if (open >= MAX_TAIL_SESSIONS) throw logsErrors.limitExceeded()
    this.#open.set(account, open + 1)
    const watching = [...groups].map(([number, group]) => [number, { session, group }] as const)
    for (const [number, one] of watching) {
      const same = this.#byGroup.get(number)
      if (same === undefined) this.#byGroup.set(number, new Set([one]))
      else same.add(one)
    }
    let isOpen = true
    return () => {
      if (!isOpen) return
      isOpen = false
      this.#close(account, watching)
    }
  }

  /** Ends every session, and those that are still opened, as soon as it looks. */
  close(): void {
    this.#isClosed = true
  }

  /** Shows a stored batch to whoever watches its group. */
  offer(groupNumber: number, batch: StoredBatch): void {
    const watching = this.#byGroup.get(groupNumber)
    if (watching === undefined) return
    for (const { session, group } of watching) session.offer(group, batch)
  }

  #close(account: AccountId, watching: readonly (readonly [number, Watching])[]): void {
    for (const [number, one] of watching) {
      const same = this.#byGroup.get(number)
      same?.delete(one)
      if (same?.size === 0) this.#byGroup.delete(number)
    }
    const left = (this.#open.get(account) ?? 1) - 1
    if (left === 0) this.#open.delete(account)
    else this.#open.set(account, left)
  }
}

import type { Clock } from '#kernel/clock.ts'
import { messageOf } from '#kernel/errors.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { Groups } from '#services/logs/catalog/groups.ts'
import { type LogGroup, retentionCutoff } from '#services/logs/catalog/log-group.ts'
import { attemptAll, recordRemovals } from '#services/logs/catalog/removals.ts'
import { Streams } from '#services/logs/catalog/streams.ts'
import { DAY_MILLIS } from '#services/logs/limits.ts'
import type { LogJournal } from '#stores/journals/log-journal.ts'
import type { RecordStore } from '#stores/records/record-store.ts'

export interface SweepDeps {
  readonly records: RecordStore
  readonly journal: LogJournal
  readonly clock: Clock
}

/** What a sweep remembers for the next one. */
const sweepers = new WeakMap<LogJournal, Sweeper>()

/**
 * Frees the space of what readers do not see any more: events older than their group's retention, a whole day at a time
 * as they are stored, and what deleted groups and streams have left behind. To be called from time to time.
 * @throws Error after everything was tried, when something could not be freed; the next sweep tries it again
 */
export async function retentionSweep(deps: SweepDeps): Promise<void> {
  const sweeper = sweepers.get(deps.journal) ?? new Sweeper(deps)
  sweepers.set(deps.journal, sweeper)
  await sweeper.sweep()
}

class Sweeper {
  readonly #deps: SweepDeps
  readonly #groups: Groups
  readonly #streams: Streams
  /** Up to where each group was swept, by its number. */
  #swept: ReadonlyMap<number, number> = new Map()

  constructor(deps: SweepDeps) {
    this.#deps = deps
    this.#groups = new Groups(deps.records)
    this.#streams = new Streams(deps.records)
  }

  async sweep(): Promise<void> {
    const removals = recordRemovals({ ...this.#deps, streams: this.#streams, telemetry: silentTelemetry })
    const failures = [...(await removals.finishAll()), ...(await this.#sweepGroups())]
    if (failures.length === 0) return
    throw new Error(
      `${String(failures.length)} deletions could not be finished, the first one because: ${messageOf(failures[0])}`,
      {
        cause: failures[0],
      },
    )
  }

  async #sweepGroups(): Promise<readonly unknown[]> {
    const now = this.#deps.clock.now()
    const reached = new Map<number, number>()
    const failures = await attemptAll(await this.#groups.all(), async (group) => {
      if (group.retentionInDays !== undefined) reached.set(group.number, await this.#sweepGroup(group, now))
    })
    this.#swept = reached
    return failures
  }

  /** Whole days only, so that a group is swept once a day and not with every call. */
  async #sweepGroup(group: LogGroup, now: number): Promise<number> {
    const before = Math.floor(retentionCutoff(group, now) / DAY_MILLIS) * DAY_MILLIS
    const last = this.#swept.get(group.number)
    if (last !== undefined && last >= before) return last
    await this.#deps.journal.deleteBefore(group.number, before)
    return before
  }
}

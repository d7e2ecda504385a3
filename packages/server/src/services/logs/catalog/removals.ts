import type { Telemetry } from '#kernel/telemetry.ts'
import { messageOf } from '#kernel/errors.ts'
import { accountId, region } from '#kernel/ids.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
import { deleteGroupRecords } from '#services/logs/catalog/group-records.ts'
import type { Streams } from '#services/logs/catalog/streams.ts'
import type { LogJournal } from '#stores/journals/log-journal.ts'
import type { RecordChange, RecordKey, RecordStore } from '#stores/records/record-store.ts'

/** A deletion that was promised and may not be finished; committed with the change that hides what is deleted. */
interface RemovalRecord {
  readonly group: number
  /** Left out: the whole group. */
  readonly stream?: number
}

const REMOVALS = 'logs.removal'
/** Stream records deleted in one commit. */
const STREAMS_AT_ONCE = 500

export interface Removals {
  /** Promises to remove a group's events and streams, as part of the commit that deletes the group. */
  ofGroup(group: LogGroup): RecordChange
  /** Promises to remove a stream's events, as part of the commit that deletes the stream. */
  ofStream(group: LogGroup, stream: number): RecordChange
  /**
   * Carries a promise out. A failure is logged and the promise kept for {@link Removals.finishAll}: the caller's
   * deletion has happened, since nothing leads to the events any more.
   */
  finish(promise: RecordChange): Promise<void>
  /** Carries out what is left over from failures and crashes; returns what went wrong. */
  finishAll(): Promise<readonly unknown[]>
}

export interface RemovalDeps {
  readonly records: RecordStore
  readonly journal: LogJournal
  readonly streams: Streams
  readonly telemetry: Telemetry
}

/** Frees what deleted groups and streams held, across failures and restarts. */
export function recordRemovals({ records, journal, streams, telemetry }: RemovalDeps): Removals {
  const remove = async (key: RecordKey, { group, stream }: RemovalRecord): Promise<void> => {
    if (stream === undefined) {
      await journal.deleteGroup(group)
      const place = { account: accountId(key.account), region: region(key.region) }
      while (await streams.deleteSome({ place, idPrefix: `${numberId(group)}/` }, STREAMS_AT_ONCE));
      await deleteGroupRecords(records, place, group)
    } else {
      await journal.deleteStream(group, stream)
    }
    await records.commit([{ kind: 'delete', key }])
  }

  const promise = ({ place }: LogGroup, value: RemovalRecord): RecordChange => {
    const id = [value.group, ...(value.stream === undefined ? [] : [value.stream])].map(numberId).join('/')
    return { kind: 'put', key: { collection: REMOVALS, account: place.account, region: place.region, id }, value }
  }

  return {
    ofGroup: (group) => promise(group, { group: group.number }),
    ofStream: (group, stream) => promise(group, { group: group.number, stream }),
    finish: async (change) => {
      if (change.kind !== 'put') return
      try {
        await remove(change.key, change.value as RemovalRecord)
      } catch (error) {
        telemetry.log.warn({ event: 'log_removal_failed', removal: change.key.id, error: messageOf(error) })
      }
    },
    finishAll: async () => {
      const left = await records.listAll<RemovalRecord>(REMOVALS)
      return attemptAll(left, ({ key, value }) => remove(key, value))
    },
  }
}

/** Does `work` for every item, whatever happens to the others; returns what went wrong. */
export async function attemptAll<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  for (const item of items) {
    try {
      await work(item)
    } catch (error) {
      failures.push(error)
    }
  }
  return failures
}

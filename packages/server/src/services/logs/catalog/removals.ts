import type { Telemetry } from '#kernel/telemetry.ts'
import { messageOf } from '#kernel/errors.ts'
import { accountId, region } from '#kernel/ids.ts'
import { type LogGroup, numberId } from '#services/logs/catalog/log-group.ts'
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
  /** Carries out what is left over from failures and crashes. */
  finishAll(): Promise<void>
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
    } else {
      await journal.deleteStream(group, stream)
    }
    await records.commit([{ kind: 'delete', key }])
  }

  const attempt = async (key: RecordKey, removal: RemovalRecord): Promise<void> => {
    try {
      await remove(key, removal)
    } catch (error) {
      telemetry.log.warn({ event: 'log_removal_failed', removal: key.id, error: messageOf(error) })
    }
  }

  const promise = ({ place }: LogGroup, value: RemovalRecord): RecordChange => {
    const id = [value.group, ...(value.stream === undefined ? [] : [value.stream])].map(numberId).join('/')
    return { kind: 'put', key: { collection: REMOVALS, account: place.account, region: place.region, id }, value }
  }

  return {
    ofGroup: (group) => promise(group, { group: group.number }),
    ofStream: (group, stream) => promise(group, { group: group.number, stream }),
    finish: async (change) => {
      if (change.kind === 'put') await attempt(change.key, change.value as RemovalRecord)
    },
    finishAll: async () => {
      for (const { key, value } of await records.listAll<RemovalRecord>(REMOVALS)) await attempt(key, value)
    },
  }
}

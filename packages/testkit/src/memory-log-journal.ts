import type { Checkpoint } from '../../server/src/kernel/call.ts'
import type { Clock } from '../../server/src/kernel/clock.ts'
import {
  type Appended,
  Backlogged,
  type EventKey,
  type LogBatch,
  type LogJournal,
  type LogQuery,
  type StoredLogEvent,
  type StreamTimes,
} from '../../server/src/stores/journals/log-journal.ts'
import { eventObjects } from '../../server/src/stores/journals/listed-events.ts'

/** Request counter × 2^14 + index in the batch. */
const INDEXES_PER_REQUEST = 2 ** 14
/** What CloudWatch Logs adds to every message's bytes. */
const EVENT_OVERHEAD = 26

export interface MemoryLogJournalOptions {
  readonly clock: Clock
  /** Appends are refused when so many bytes are held; 64 MiB when left out. */
  readonly capacityBytes?: number
}

/** A log journal without a disk, for tests of what stands on one. Nothing survives the process. */
export function memoryLogJournal({ clock, capacityBytes = 64 * 2 ** 20 }: MemoryLogJournalOptions): LogJournal {
  const groups = new Map<number, StoredLogEvent[]>()
  const times = new Map<string, StreamTimes>()
  const checkpoints = new Map<string, Checkpoint>()
  const deletedGroups = new Set<number>()
  const deletedStreams = new Set<string>()
  let nextRequest = 1
  let lastIngestion = 0
  let heldBytes = 0

  const isDeleted = (group: number, stream: number): boolean =>
    deletedGroups.has(group) || deletedStreams.has(streamKey(group, stream))

  const keep = (group: number, wanted: (event: StoredLogEvent) => boolean): void => {
    const events = groups.get(group) ?? []
    const kept = events.filter(wanted)
    heldBytes -= sizeOf(events) - sizeOf(kept)
    groups.set(group, kept)
  }

  return {
    append: async (batch) => {
      const { checkpoint } = batch
      const committed = checkpoint && checkpoints.get(checkpoint.source)
      const ingestionTime = Math.max(lastIngestion, clock.now())
      const firstSeq = nextRequest * INDEXES_PER_REQUEST
      if (checkpoint && committed && checkpoint.sequence <= committed.sequence) {
        return { ingestionTime, firstSeq, repeated: true } satisfies Appended
      }
      const events = stored(batch, ingestionTime, firstSeq)
      const bytes = sizeOf(events)
      if (heldBytes + bytes > capacityBytes) throw new Backlogged(heldBytes)
      nextRequest += 1
      lastIngestion = ingestionTime
      if (checkpoint) checkpoints.set(checkpoint.source, checkpoint)
      if (events.length === 0 || isDeleted(batch.group, batch.stream))
        return { ingestionTime, firstSeq, repeated: false }
      heldBytes += bytes
      groups.set(batch.group, [...(groups.get(batch.group) ?? []), ...events].sort(byKey))
      const key = streamKey(batch.group, batch.stream)
      times.set(key, widened(times.get(key), events, ingestionTime))
      return { ingestionTime, firstSeq, repeated: false }
    },

    query: async (query) => {
      query.signal.throwIfAborted()
      const streams = query.streams && new Set(query.streams)
      const inOrder =
        query.order === 'ascending' ? (groups.get(query.group) ?? []) : (groups.get(query.group) ?? []).toReversed()
      const found: StoredLogEvent[] = []
      let bytes = 0
      for (const event of inOrder) {
        if (found.length >= query.limit || bytes >= (query.maxBytes ?? Infinity)) break
        if (streams && !streams.has(event.stream)) continue
        if (!isWithin(event, query) || !contains(event.message, query.containing)) continue
        found.push(event)
        bytes += Buffer.byteLength(event.message)
      }
      return found
    },

    streamTimes: async (group, stream) => times.get(streamKey(group, stream)),
    storedBytes: async (group) => sizeOf(groups.get(group) ?? []),
    checkpoint: async (source) => checkpoints.get(source),

    deleteGroup: async (group) => {
      deletedGroups.add(group)
      keep(group, () => false)
      for (const key of times.keys()) if (key.startsWith(`${String(group)}/`)) times.delete(key)
    },
    deleteStream: async (group, stream) => {
      deletedStreams.add(streamKey(group, stream))
      keep(group, (event) => event.stream !== stream)
      times.delete(streamKey(group, stream))
    },
    deleteBefore: async (group, before) => keep(group, (event) => event.timestamp >= before),

    health: () => ({ columnStore: 'running', waitingBytes: 0 }),
    close: async () => {
      groups.clear()
      times.clear()
    },
  }
}

const streamKey = (group: number, stream: number): string => `${String(group)}/${String(stream)}`

const compareKeys = (a: EventKey, b: EventKey): number => a.timestamp - b.timestamp || a.seq - b.seq
const byKey = (a: StoredLogEvent, b: StoredLogEvent): number => compareKeys(a, b)

/** A message is stored as UTF-8, so a lone surrogate does not survive. */
const stored = (batch: LogBatch, ingestionTime: number, firstSeq: number): StoredLogEvent[] =>
  eventObjects(batch.events).map(({ timestamp, message }, index) => ({
    group: batch.group,
    stream: batch.stream,
    timestamp,
    seq: firstSeq + index,
    ingestionTime,
    message: message.toWellFormed(),
  }))

const sizeOf = (events: readonly StoredLogEvent[]): number =>
  events.reduce((sum, event) => sum + Buffer.byteLength(event.message) + EVENT_OVERHEAD, 0)

function widened(
  known: StreamTimes | undefined,
  events: readonly StoredLogEvent[],
  ingestionTime: number,
): StreamTimes {
  const stamps = events.map((event) => event.timestamp)
  return {
    firstEventTimestamp: Math.min(known?.firstEventTimestamp ?? Infinity, ...stamps),
    lastEventTimestamp: Math.max(known?.lastEventTimestamp ?? -Infinity, ...stamps),
    lastIngestionTime: ingestionTime,
  }
}

const isWithin = (event: StoredLogEvent, { from, to, after, before }: LogQuery): boolean =>
  (from === undefined || event.timestamp >= from) &&
  (to === undefined || event.timestamp < to) &&
  (after === undefined || compareKeys(event, after) > 0) &&
  (before === undefined || compareKeys(event, before) < 0)

function contains(message: string, containing: LogQuery['containing']): boolean {
  if (containing === undefined) return true
  const has = (text: string): boolean => message.includes(text)
  return (
    containing.include.every(has) &&
    !containing.exclude.some(has) &&
    (containing.any.length === 0 || containing.any.some(has))
  )
}

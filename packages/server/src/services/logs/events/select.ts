import { setImmediate } from 'node:timers/promises'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { Streams } from '#services/logs/catalog/streams.ts'
import { MAX_STREAMS_PUSHED_DOWN } from '#services/logs/limits.ts'
import type { Matcher } from '#services/logs/patterns/evaluate.ts'
import type { Mask } from '#services/logs/protection/policies.ts'
import type { StoredLogEvent } from '#stores/journals/log-journal.ts'

/** An event with the name of its stream. */
export interface NamedEvent extends StoredLogEvent {
  readonly streamName: string
}

/** Which streams a request asks for. */
export type StreamSelection =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'some'
      /** Left out: the journal reads all streams of the group. */
      readonly numbers?: readonly number[]
      /** What the names of the wanted streams start with; always tested after reading. */
      readonly prefix: string
      /** True when `numbers` alone tells the wanted streams. */
      readonly exact: boolean
    }

/** @throws AwsError ResourceNotFoundException when a named stream does not exist */
export async function selectedStreams(
  streams: Streams,
  group: LogGroup,
  input: { readonly logStreamNames?: readonly string[] | undefined; readonly logStreamNamePrefix?: string | undefined },
): Promise<StreamSelection> {
  const { logStreamNames, logStreamNamePrefix: prefix = '' } = input
  if (logStreamNames !== undefined) {
    const named = await Promise.all(logStreamNames.map((name) => streams.require(group, name)))
    return { kind: 'some', numbers: named.map(({ number }) => number), prefix: '', exact: true }
  }
  if (prefix === '') return { kind: 'some', prefix, exact: true }
  const found = await streams.list(group, { prefix, limit: MAX_STREAMS_PUSHED_DOWN + 1 })
  if (found.length === 0) return { kind: 'none' }
  if (found.length > MAX_STREAMS_PUSHED_DOWN) return { kind: 'some', prefix, exact: false }
  return { kind: 'some', numbers: found.map(({ number }) => number), prefix, exact: true }
}

/** How long patterns are tested before others get their turn, in milliseconds. */
const SLICE_MILLIS = 15

/** Picks from fetched events those that match, and names their streams. What is masked is masked before it is tested. */
export const eventSelector =
  (
    streams: Streams,
    group: LogGroup,
    matcher: Pick<Matcher, 'matches'>,
    prefix: string,
    signal: AbortSignal,
    mask?: Mask,
  ) =>
  async (events: readonly StoredLogEvent[]): Promise<readonly NamedEvent[]> => {
    const names = await streamNames(streams, group, events)
    const selected: NamedEvent[] = []
    let sliceStart = performance.now()
    for (const event of events) {
      const streamName = names.get(event.stream)
      // A stream that was deleted meanwhile has no name, and its events are gone.
      if (streamName === undefined || !streamName.startsWith(prefix)) continue
      const message = mask?.(event.message, event.ingestionTime) ?? event.message
      if (matcher.matches(message)) selected.push({ ...event, message, streamName })
      if (performance.now() - sliceStart > SLICE_MILLIS) {
        await setImmediate()
        signal.throwIfAborted()
        sliceStart = performance.now()
      }
    }
    return selected
  }

async function streamNames(
  streams: Streams,
  group: LogGroup,
  events: readonly StoredLogEvent[],
): Promise<ReadonlyMap<number, string>> {
  const names = new Map<number, string>()
  for (const number of new Set(events.map(({ stream }) => stream))) {
    const name = await streams.nameOf(group, number)
    if (name !== undefined) names.set(number, name)
  }
  return names
}

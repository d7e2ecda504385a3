import type { EpochMillis } from '#kernel/ids.ts'
import { retentionCutoff } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { type IdentifiedEvent } from '#services/logs/events/event-id.ts'
import {
  type Direction,
  type PagePosition,
  beforeAll,
  eventToken,
  justAfter,
  justBefore,
  readEventToken,
} from '#services/logs/events/event-token.ts'
import { fittingPage } from '#services/logs/events/page.ts'
import { requireStandardClass } from '#services/logs/catalog/standard-class.ts'
import { MAX_PAGE_BYTES, MAX_PAGE_EVENTS } from '#services/logs/limits.ts'
import { referredGroup } from '#services/logs/names.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'
import type { LogQuery, StoredLogEvent } from '#stores/journals/log-journal.ts'

type Deps = Pick<LogsParts, 'groups' | 'streams' | 'journal' | 'protection' | 'encryption'>

/**
 * One page of a stream, oldest event first. Without a token it is the newest page, or the oldest with `startFromHead`.
 * Where nothing more lies in the direction of a token, the same token comes back; events that arrive later are found
 * with it.
 */
export const getLogEvents =
  ({ groups, streams, journal, protection, encryption }: Deps): LogsHandler<'GetLogEvents'> =>
  async (input, ctx) => {
    const name = referredGroup(input, ctx)
    const position = input.nextToken === undefined ? undefined : readEventToken(input.nextToken)
    const group = await groups.require(ctx, name)
    requireStandardClass(group)
    const stream = await streams.require(group, input.logStreamName)
    const range = rangeOf(input, retentionCutoff(group, ctx.now))
    const direction = position?.direction ?? (input.startFromHead === true ? 'forward' : 'backward')
    const found = await journal.query({
      group: group.number,
      streams: [stream.number],
      ...range,
      ...sideOf(position),
      order: direction === 'forward' ? 'ascending' : 'descending',
      limit: input.limit ?? MAX_PAGE_EVENTS,
      maxBytes: MAX_PAGE_BYTES,
      signal: ctx.signal,
    })
    const page = inTimeOrder(fittingPage(await encryption.open(group, found, ctx.signal)), direction)
    const mask = input.unmask === true ? undefined : await protection.maskOf(group)
    return {
      events: page.map(({ timestamp, message, ingestionTime }) => ({
        timestamp,
        message: mask?.(message, ingestionTime) ?? message,
        ingestionTime,
      })),
      ...tokensOf(page, position, range.from),
    }
  }

/** `startTime` is inclusive, `endTime` exclusive; what the retention hides does not exist. */
function rangeOf({ startTime = 0, endTime }: LogsInput<'GetLogEvents'>, cutoff: EpochMillis) {
  return { from: Math.max(0, startTime, cutoff), ...(endTime === undefined ? {} : { to: endTime }) }
}

function sideOf(position: PagePosition | undefined): Pick<LogQuery, 'after' | 'before'> {
  if (position === undefined) return {}
  return position.direction === 'forward' ? { after: position.at } : { before: position.at }
}

const inTimeOrder = (events: readonly StoredLogEvent[], direction: Direction): readonly StoredLogEvent[] =>
  direction === 'forward' ? events : events.toReversed()

interface Tokens {
  readonly nextForwardToken: string
  readonly nextBackwardToken: string
}

function tokensOf(page: readonly StoredLogEvent[], position: PagePosition | undefined, from: EpochMillis): Tokens {
  const first = page[0]
  const last = page.at(-1)
  if (first !== undefined && last !== undefined) return bothWays(last, first)
  if (position === undefined) {
    const nothing = beforeAll(from)
    return bothWays(nothing, nothing)
  }
  // The end in one direction: the token sent comes back, and the other one leads to what lies behind it.
  return position.direction === 'forward'
    ? bothWays(position.at, justAfter(position.at))
    : bothWays(justBefore(position.at), position.at)
}

const bothWays = (forwardFrom: IdentifiedEvent, backwardFrom: IdentifiedEvent): Tokens => ({
  nextForwardToken: eventToken('forward', forwardFrom),
  nextBackwardToken: eventToken('backward', backwardFrom),
})

import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { retentionCutoff } from '#services/logs/catalog/log-group.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { readToken } from '#services/logs/describe-page.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { mayBeSealed } from '#services/logs/encryption/event-encryption.ts'
import { eventId } from '#services/logs/events/event-id.ts'
import { requireStandardClass } from '#services/logs/catalog/standard-class.ts'
import { scanPage } from '#services/logs/events/scan.ts'
import { eventSelector, selectedStreams } from '#services/logs/events/select.ts'
import { EARLIEST_NEWEST_FIRST, MAX_PAGE_EVENTS } from '#services/logs/limits.ts'
import { referredGroup } from '#services/logs/names.ts'
import { compileFilterPattern } from '#services/logs/patterns/evaluate.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'
import type { EventKey, LogQuery } from '#stores/journals/log-journal.ts'

type Input = LogsInput<'FilterLogEvents'>
type Deps = Pick<LogsParts, 'groups' | 'streams' | 'journal' | 'tokens' | 'protection' | 'encryption'>

/** Where a page ended and which way it went: a token keeps its own direction. */
interface ScanPosition extends EventKey {
  readonly order: LogQuery['order']
}

/**
 * Events of a group, merged across its streams in the order of their ids. A page with a token may be short or empty;
 * without a token everything was looked at. `interleaved` is ignored, as on AWS: the answer always is.
 */
export const filterLogEvents =
  ({ groups, streams, journal, tokens, protection, encryption }: Deps): LogsHandler<'FilterLogEvents'> =>
  async (input, ctx) => {
    const name = referredGroup(input, ctx)
    checkStreams(input)
    const matcher = compileFilterPattern(input.filterPattern ?? '')
    const scope = tokenScope(input, name, ctx)
    const token = readToken(tokens, 'FilterLogEvents', scope, input.nextToken)
    const position = token === undefined ? undefined : (JSON.parse(token) as ScanPosition)
    const order = position?.order ?? orderOf(input)
    const group = await groups.require(ctx, name)
    requireStandardClass(group)
    const selection = await selectedStreams(streams, group, input)
    if (selection.kind === 'none') return { events: [], searchedLogStreams: [] }
    const mask = input.unmask === true ? undefined : await protection.maskOf(group)
    // The journal knows texts without their mask, and not what is sealed, so it cannot be asked for what is in them.
    const readable = mask === undefined && !mayBeSealed(group)
    const containing = readable ? matcher.containing : undefined
    const select = eventSelector(streams, group, matcher, selection.prefix, ctx.signal, mask)
    const page = await scanPage({
      journal,
      query: {
        group: group.number,
        ...(selection.numbers === undefined ? {} : { streams: selection.numbers }),
        ...rangeOf(input, group, ctx.now),
        ...(containing === undefined ? {} : { containing }),
        order,
        signal: ctx.signal,
      },
      ...(position === undefined ? {} : { from: position }),
      limit: input.limit ?? MAX_PAGE_EVENTS,
      exact: matcher.exact && selection.exact && readable,
      select: async (events) => select(await encryption.open(group, events, ctx.signal)),
    })
    const next: ScanPosition | undefined = page.next && { ...page.next, order }
    return {
      events: page.events.map((event) => ({
        logStreamName: event.streamName,
        timestamp: event.timestamp,
        message: event.message,
        ingestionTime: event.ingestionTime,
        eventId: eventId(event),
      })),
      searchedLogStreams: [],
      nextToken: next === undefined ? undefined : tokens.issue('FilterLogEvents', scope, JSON.stringify(next)),
    }
  }

function checkStreams({ logStreamNames, logStreamNamePrefix }: Input): void {
  if (logStreamNames !== undefined && logStreamNamePrefix !== undefined) {
    throw logsErrors.invalidParameter('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.')
  }
}

/** Everything that must stay the same on the next page; not the direction, which the token keeps itself. */
function tokenScope(
  input: Input,
  group: string,
  { account, region }: { readonly account: string; readonly region: string },
) {
  const { logStreamNames, logStreamNamePrefix, startTime, endTime, filterPattern } = input
  return { account, region, group, logStreamNames, logStreamNamePrefix, startTime, endTime, filterPattern }
}

function orderOf({ startFromHead = true, startTime = 0 }: Input): LogQuery['order'] {
  if (startFromHead) return 'ascending'
  if (startTime >= EARLIEST_NEWEST_FIRST) return 'descending'
  throw logsErrors.invalidParameter('startFromHead can be false only when startTime is 2024-01-01T00:00:00Z or later.')
}

/** Both `startTime` and `endTime` are inclusive here; what the retention hides does not exist. */
function rangeOf({ startTime = 0, endTime }: Input, group: LogGroup, now: number): Pick<LogQuery, 'from' | 'to'> {
  return {
    from: Math.max(0, startTime, retentionCutoff(group, now)),
    ...(endTime === undefined ? {} : { to: endTime + 1 }),
  }
}

import { type LogsPlace, streamArn } from '#services/logs/arns.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogStream } from '#services/logs/catalog/streams.ts'
import type { LogsParts } from '#services/logs/deps.ts'
import { type RecordPage, collectPage, readToken } from '#services/logs/describe-page.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { eventId } from '#services/logs/events/event-id.ts'
import { type RankedPosition, rankedStreams } from '#services/logs/catalog/ranked-streams.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'
import { referredGroup } from '#services/logs/names.ts'
import type { LogsHandler, LogsInput } from '#services/logs/types.ts'
import type { StreamTimes } from '#stores/journals/log-journal.ts'

type Input = LogsInput<'DescribeLogStreams'>
type Deps = Pick<LogsParts, 'groups' | 'streams' | 'journal' | 'tokens'>

/** By name, or by the time of the newest event; either way round. */
export const describeLogStreams =
  ({ groups, streams, journal, tokens }: Deps): LogsHandler<'DescribeLogStreams'> =>
  async (input, ctx) => {
    const { nextToken, limit = DESCRIBE_PAGE, logGroupIdentifier: _identifier, ...parameters } = input
    const name = referredGroup(input, ctx)
    const scope = { ...parameters, logGroupName: name, account: ctx.account, region: ctx.region }
    checkOrder(input)
    const after = readToken(tokens, 'DescribeLogStreams', scope, nextToken)
    const group = await groups.require(ctx, name)
    const page = await readPage({ streams, journal }, group, input, limit, after)
    const logStreams = await Promise.all(
      page.found.map(async (stream) => describe(group, stream, await journal.streamTimes(group.number, stream.number))),
    )
    const token = page.next === undefined ? undefined : tokens.issue('DescribeLogStreams', scope, page.next)
    return { logStreams, nextToken: token }
  }

function checkOrder({ orderBy, logStreamNamePrefix }: Input): void {
  if (orderBy === 'LastEventTime' && logStreamNamePrefix !== undefined) {
    throw logsErrors.invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.')
  }
}

async function readPage(
  { streams, journal }: Pick<LogsParts, 'streams' | 'journal'>,
  group: LogGroup,
  { orderBy, descending = false, logStreamNamePrefix: prefix = '' }: Input,
  limit: number,
  after: string | undefined,
): Promise<RecordPage<LogStream>> {
  if (orderBy !== 'LastEventTime' && !descending) {
    return collectPage({
      limit,
      after,
      list: (position, count) =>
        streams.list(group, { prefix, ...(position === undefined ? {} : { after: position }), limit: count }),
      position: ({ name }) => name,
    })
  }
  const position = after === undefined ? undefined : (JSON.parse(after) as RankedPosition)
  const { found, next } = await rankedStreams(streams, group, {
    prefix,
    descending,
    rank: async ({ number }) =>
      orderBy === 'LastEventTime' ? ((await journal.streamTimes(group.number, number))?.lastEventTimestamp ?? 0) : 0,
    limit,
    ...(position === undefined ? {} : { after: position }),
  })
  return next === undefined ? { found } : { found, next: JSON.stringify(next) }
}

/** A stream without events has the first four members only; `storedBytes` is always 0 for streams. */
const describe = ({ place, name }: LogGroup, stream: LogStream, times: StreamTimes | undefined) => ({
  logStreamName: stream.name,
  creationTime: stream.creationTime,
  arn: streamArn(place satisfies LogsPlace, name, stream.name),
  storedBytes: 0,
  ...(times && {
    firstEventTimestamp: times.firstEventTimestamp,
    lastEventTimestamp: times.lastEventTimestamp,
    lastIngestionTime: times.lastIngestionTime,
    uploadSequenceToken: eventId({
      timestamp: times.lastEventTimestamp,
      ingestionTime: times.lastIngestionTime,
      seq: 0,
    }),
  }),
})

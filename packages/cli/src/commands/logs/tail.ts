import { once } from 'node:events'
import {
  type ClientOptions,
  type PlatformClient,
  PlatformError,
  type StreamingClient,
  platformClient,
} from '#cli/platform-client.ts'
import { type TailedEvent, printedEvent } from '#cli/commands/logs/printed-event.ts'
import { ShownEvents } from '#cli/commands/logs/shown-events.ts'
import { instantOf } from '#cli/commands/logs/since.ts'

/** What is to be shown, as it was asked for. */
export interface TailRequest {
  /** Name or ARN of the log group. */
  readonly group: string
  readonly follow: boolean
  readonly since: string
  readonly filter?: string
}

/** Prints the events of a log group, and with `follow` goes on until Ctrl-C. */
export async function tailLogs(options: ClientOptions, request: TailRequest): Promise<void> {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  // Whoever reads our output may have had enough, as `head` has.
  process.stdout.on('error', () => interrupted.abort())
  const isTerminal = process.stdout.isTTY
  const show = async (event: TailedEvent): Promise<void> => {
    if (process.stdout.write(printedEvent(event, isTerminal)) || interrupted.signal.aborted) return
    await once(process.stdout, 'drain', { signal: interrupted.signal })
  }
  const warn = (sentence: string): void => void process.stderr.write(`sluice: ${sentence}\n`)
  try {
    await tail(platformClient(options), request, { show, warn, now: Date.now, signal: interrupted.signal })
  } catch (error) {
    if (!interrupted.signal.aborted) throw error
  }
}

/** Where a tail shows what it finds, and until when. */
export interface TailSurroundings {
  readonly show: (event: TailedEvent) => Promise<void>
  readonly warn: (sentence: string) => void
  readonly now: () => number
  readonly signal: AbortSignal
}

interface LiveUpdate {
  readonly sessionMetadata?: { readonly sampled?: boolean }
  readonly sessionResults?: readonly TailedEvent[]
}

/** How far a new session looks back before the last event that the session before it showed, in milliseconds. */
const OVERLAP_MILLIS = 60_000

/** Shows past events, oldest first, and with `follow` those that arrive from then on, each of them once. */
export async function tail(
  client: StreamingClient,
  { group, follow, since, filter }: TailRequest,
  { show, warn, now, signal }: TailSurroundings,
): Promise<void> {
  const shown = new ShownEvents()
  let startTime = instantOf(since, now())
  let newest = 0
  const showNew = async (event: TailedEvent): Promise<void> => {
    signal.throwIfAborted()
    newest = Math.max(newest, event.ingestionTime)
    if (shown.isNew(event)) await show(event)
  }
  const showPast = async (): Promise<void> => {
    shown.begin()
    for await (const event of pastEvents(client, { logGroupIdentifier: nameOf(group), startTime, filter }))
      await showNew(event)
    shown.begin()
  }
  if (!follow) return showPast()

  const input = { logGroupIdentifiers: [await arnOf(client, group)], logEventFilterPattern: filter }
  for (;;) {
    try {
      for await (const update of liveUpdates(client, input, signal, showPast)) {
        for (const event of update.sessionResults ?? []) await showNew(event)
        if (update.sessionMetadata?.sampled === true)
          warn('more events arrive than a live tail shows; some are left out')
      }
      throw new Error('the platform ended the live tail; it may be stopping')
    } catch (error) {
      if (!(error instanceof PlatformError && error.code === 'SessionTimeoutException')) throw error
      // Three hours are over: the next session begins a little before where this one ended.
      startTime = Math.max(startTime, newest - OVERLAP_MILLIS)
    }
  }
}

/** The updates of one session. The past is read when it has begun, so that nothing falls between the two. */
async function* liveUpdates(
  client: StreamingClient,
  input: object,
  signal: AbortSignal,
  began: () => Promise<void>,
): AsyncGenerator<LiveUpdate, void> {
  for await (const { type, payload } of client.stream('logs', 'StartLiveTail', input, signal)) {
    if (type === 'sessionStart') await began()
    if (type === 'sessionUpdate') yield payload
  }
}

interface PastQuery {
  readonly logGroupIdentifier: string
  readonly startTime: number
  readonly filter: string | undefined
}

async function* pastEvents(
  client: PlatformClient,
  { filter: filterPattern, ...query }: PastQuery,
): AsyncGenerator<TailedEvent, void> {
  let nextToken: string | undefined
  do {
    const page: { readonly events?: readonly TailedEvent[]; readonly nextToken?: string } = await client.json(
      'logs',
      'FilterLogEvents',
      { ...query, filterPattern, nextToken },
    )
    yield* page.events ?? []
    nextToken = page.nextToken
  } while (nextToken !== undefined)
}

/** An ARN without the `:*` that policies and DescribeLogGroups put behind it. */
const nameOf = (group: string): string => (group.startsWith('arn:') ? group.replace(/:\*$/, '') : group)

/** A live tail wants ARNs. */
async function arnOf(client: PlatformClient, group: string): Promise<string> {
  if (group.startsWith('arn:')) return nameOf(group)
  const { logGroups = [] } = await client.json<{
    readonly logGroups?: readonly { readonly logGroupName: string; readonly logGroupArn: string }[]
  }>('logs', 'DescribeLogGroups', { logGroupNamePrefix: group, limit: 1 })
  // Names with a prefix come in their order, the one that is the prefix first.
  const [found] = logGroups
  if (found?.logGroupName !== group) throw new Error(`there is no log group ${group}`)
  return found.logGroupArn
}

import { setTimeout as sleep } from 'node:timers/promises'
import { styleText } from 'node:util'
import { CSV_HEADER, csvLine } from '#cli/events/csv.ts'
import { type LookedUpEvent, callerOf, detailsOf, timeOf } from '#cli/events/looked-up.ts'
import type { PlatformClient } from '#cli/platform-client.ts'

/** The input of LookupEvents without its paging. */
interface EventQuery {
  readonly LookupAttributes?: readonly { readonly AttributeKey: string; readonly AttributeValue: string }[]
  /** Epoch seconds. */
  readonly StartTime?: number
  readonly EndTime?: number
}

interface Wanted {
  /** Goes on with what comes. */
  readonly follow: boolean
  /** `csv` or `json`: everything, oldest last. */
  readonly download: string | undefined
  /** Whose questions are not printed while following. */
  readonly accessKeyId: string
  /** Milliseconds between two questions while following; a second when left out. */
  readonly pause?: number
  readonly signal?: AbortSignal
}

interface Page {
  readonly Events?: readonly LookedUpEvent[]
  readonly NextToken?: string
}

/** Events that were printed before and may be answered again. */
const MAX_REMEMBERED = 10_000
/** While following each question reaches so far back: records of reads come a moment later. */
const OVERLAP_SECONDS = 30

/** @throws Error in a sentence when a time or an attribute cannot be read */
export function eventQuery(asked: {
  readonly by: string | undefined
  readonly start: string | undefined
  readonly end: string | undefined
}): EventQuery {
  const { by, start, end } = asked
  const [, key, value] = /^([A-Za-z]+)=(.*)$/s.exec(by ?? '') ?? []
  if (by !== undefined && (key === undefined || value === undefined))
    throw new Error(`--by is an attribute, an equals sign and a value, e.g. EventName=CreateBroker, but this is ${by}`)
  return {
    ...(key === undefined || value === undefined
      ? {}
      : { LookupAttributes: [{ AttributeKey: key, AttributeValue: value }] }),
    ...(start === undefined ? {} : { StartTime: secondsOf('--start', start) }),
    ...(end === undefined ? {} : { EndTime: secondsOf('--end', end) }),
  }
}

function secondsOf(flag: string, text: string): number {
  const millis = Date.parse(text)
  if (Number.isNaN(millis)) throw new Error(`${flag} is a time such as 2026-11-21T09:00:00Z, but this is ${text}`)
  return Math.floor(millis / 1_000)
}

/** What is printed, piece by piece. @throws Error for another format than csv or json */
export async function* events(client: PlatformClient, query: EventQuery, wanted: Wanted): AsyncGenerator<string> {
  if (wanted.download === undefined) yield* printed(client, query, wanted)
  else if (wanted.download === 'csv') yield* asCsv(client, query)
  else if (wanted.download === 'json') yield* asJson(client, query)
  else throw new Error(`--download is csv or json, but this is ${wanted.download}`)
}

async function* asCsv(client: PlatformClient, query: EventQuery): AsyncGenerator<string> {
  yield CSV_HEADER
  for await (const page of pages(client, query)) yield page.map(csvLine).join('')
}

/** One document, as log files of a trail have it. */
async function* asJson(client: PlatformClient, query: EventQuery): AsyncGenerator<string> {
  let separator = '{"Records":['
  for await (const page of pages(client, query)) {
    for (const { CloudTrailEvent } of page) {
      yield `${separator}${CloudTrailEvent}`
      separator = ',\n'
    }
  }
  yield separator === ',\n' ? ']}\n' : '{"Records":[]}\n'
}

async function* printed(client: PlatformClient, query: EventQuery, wanted: Wanted): AsyncGenerator<string> {
  const { Events: newest = [] } = await client.json<Page>('cloudtrail', 'LookupEvents', query)
  yield newest.toReversed().map(eventLine).join('')
  if (!wanted.follow) return
  const seen = new Set(newest.map(({ EventId }) => EventId))
  let latest = newest[0]?.EventTime
  while (wanted.signal?.aborted !== true) {
    await sleep(wanted.pause ?? 1_000)
    const from = latest === undefined ? {} : { StartTime: Math.max(query.StartTime ?? 0, latest - OVERLAP_SECONDS) }
    const fresh: LookedUpEvent[] = []
    for await (const page of pages(client, { ...query, ...from }))
      fresh.push(...page.filter(({ EventId }) => !seen.has(EventId)))
    for (const { EventId } of fresh) seen.add(EventId)
    for (const id of [...seen].slice(0, Math.max(0, seen.size - MAX_REMEMBERED))) seen.delete(id)
    latest = fresh[0]?.EventTime ?? latest
    yield fresh
      .filter((event) => !isOwnQuestion(event, wanted.accessKeyId))
      .toReversed()
      .map(eventLine)
      .join('')
  }
}

/** Following is itself on record; it would never end. */
const isOwnQuestion = ({ EventName, AccessKeyId }: LookedUpEvent, accessKeyId: string): boolean =>
  EventName === 'LookupEvents' && AccessKeyId === accessKeyId

async function* pages(client: PlatformClient, query: EventQuery): AsyncGenerator<readonly LookedUpEvent[]> {
  let NextToken: string | undefined
  do {
    const input = NextToken === undefined ? query : { ...query, NextToken }
    const page: Page = await client.json<Page>('cloudtrail', 'LookupEvents', input)
    yield page.Events ?? []
    ;({ NextToken } = page)
  } while (NextToken !== undefined)
}

/** An event as people read it: when, who, what, on what, and how it ended. */
export function eventLine(event: LookedUpEvent): string {
  const details = detailsOf(event)
  const name = event.ReadOnly === 'true' ? event.EventName : styleText('bold', event.EventName)
  const resource = event.Resources?.[0]?.ResourceName
  const words = [
    timeOf(event),
    plain(callerOf(event, details)),
    `${event.EventSource.replace('.amazonaws.com', '')}:${name}`,
    ...(resource === undefined ? [] : [plain(resource)]),
    ...(details.errorCode === undefined ? [] : [styleText('red', plain(details.errorCode))]),
  ]
  return `${words.join('  ')}\n`
}

/** Without control characters: callers choose names, and a terminal obeys such characters. */
const plain = (text: string): string => text.replace(/\p{Cc}/gu, '?')

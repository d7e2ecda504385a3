import { expect, test } from 'vitest'
import type { TailedEvent } from '#cli/commands/logs/printed-event.ts'
import { type TailRequest, tail } from '#cli/commands/logs/tail.ts'
import { PlatformError, type StreamedEvent, type StreamingClient } from '#cli/platform-client.ts'

const NOW = Date.parse('2026-11-21T10:00:00Z')
const ARN = 'arn:aws:logs:us-east-1:000000000000:log-group:/a'
const GROUPS = { logGroups: [{ logGroupName: '/a', logGroupArn: ARN }] }
const REQUEST: TailRequest = { group: '/a', follow: false, since: '10m' }

const event = (message: string, ingestionTime = NOW): TailedEvent => ({
  logStreamName: 's',
  timestamp: ingestionTime,
  ingestionTime,
  message,
})
const START: StreamedEvent = { type: 'sessionStart', payload: {} }
const update = (sampled: boolean, ...sessionResults: readonly TailedEvent[]): StreamedEvent => ({
  type: 'sessionUpdate',
  payload: { sessionMetadata: { sampled }, sessionResults },
})
const timeout = new PlatformError('SessionTimeoutException', 200, 'three hours')

/** Sessions are played to their end; what is no event is thrown. */
function playing(
  answers: Readonly<Record<string, readonly object[]>>,
  sessions: (readonly (StreamedEvent | Error)[])[] = [],
) {
  const asked: { readonly operation: string; readonly input: object }[] = []
  const left = Object.fromEntries(Object.entries(answers).map(([operation, list]) => [operation, [...list]]))
  const client: StreamingClient = {
    json: async (_service, operation, input) => {
      asked.push({ operation, input })
      return (left[operation]?.shift() ?? {}) as never
    },
    rest: () => Promise.reject(new Error('no path is called')),
    async *stream(_service, operation, input) {
      asked.push({ operation, input })
      for (const one of sessions.shift() ?? []) {
        if (one instanceof Error) throw one
        yield one
      }
    },
  }
  return { client, asked }
}

/** What a tail shows until it ends, and how it ended. */
async function shownBy(client: StreamingClient, request: Partial<TailRequest> = {}) {
  const shown: string[] = []
  const warnings: string[] = []
  const end = await tail(
    client,
    { ...REQUEST, ...request },
    {
      show: async ({ message }) => void shown.push(message),
      warn: (sentence) => void warnings.push(sentence),
      now: () => NOW,
      signal: new AbortController().signal,
    },
  ).catch((error: unknown) => (error instanceof Error ? error.message : error))
  return { shown, warnings, end }
}

test('past events are read page by page until there is no token', async () => {
  const { client, asked } = playing({
    FilterLogEvents: [
      { events: [event('a')], nextToken: 't' },
      { events: [], nextToken: 'u' },
      { events: [event('b')] },
    ],
  })
  expect(await shownBy(client, { filter: 'ERROR' })).toEqual({ shown: ['a', 'b'], warnings: [], end: undefined })
  const query = { logGroupIdentifier: '/a', startTime: NOW - 600_000, filterPattern: 'ERROR' }
  expect(asked.map(({ input }) => input)).toEqual([undefined, 't', 'u'].map((nextToken) => ({ ...query, nextToken })))
})

test('a group may be named by its ARN, with the :* of DescribeLogGroups', async () => {
  const { client, asked } = playing({}, [[]])
  await shownBy(client, { group: `${ARN}:*` })
  await shownBy(client, { group: `${ARN}:*`, follow: true })
  expect(asked).toMatchObject([
    { operation: 'FilterLogEvents', input: { logGroupIdentifier: ARN } },
    { operation: 'StartLiveTail', input: { logGroupIdentifiers: [ARN] } },
  ])
})

test('following shows the past and what arrives meanwhile once, and says when the platform ends it', async () => {
  const { client, asked } = playing(
    { DescribeLogGroups: [GROUPS], FilterLogEvents: [{ events: [event('a'), event('b')] }] },
    [[START, update(false, event('b')), update(true, event('c')), update(false)]],
  )
  expect(await shownBy(client, { follow: true, filter: '-x' })).toEqual({
    shown: ['a', 'b', 'c'],
    warnings: ['more events arrive than a live tail shows; some are left out'],
    end: 'the platform ended the live tail; it may be stopping',
  })
  expect(asked.map(({ operation }) => operation)).toEqual(['DescribeLogGroups', 'StartLiveTail', 'FilterLogEvents'])
  expect(asked[1]?.input).toEqual({ logGroupIdentifiers: [ARN], logEventFilterPattern: '-x' })
})

test('after three hours the next session begins, and what fell between the two is shown', async () => {
  const later = NOW + 10_800_000
  const { client, asked } = playing(
    { DescribeLogGroups: [GROUPS], FilterLogEvents: [{}, { events: [event('a', later), event('between', later)] }] },
    [
      [START, update(false, event('a', later)), timeout],
      [START, update(false, event('between', later), event('b', later)), new PlatformError('X', 200, 'it is over')],
    ],
  )
  expect(await shownBy(client, { follow: true })).toEqual({
    shown: ['a', 'between', 'b'],
    warnings: [],
    end: 'it is over',
  })
  expect(asked.filter(({ operation }) => operation === 'FilterLogEvents').map(({ input }) => input)).toMatchObject([
    { startTime: NOW - 600_000 },
    { startTime: later - 60_000 },
  ])
})

test.each([{ logGroups: [] }, { logGroups: [{ logGroupName: '/a/longer', logGroupArn: `${ARN}/longer` }] }])(
  'a group that is not there is not followed: %j',
  async (groups) => {
    const { client, asked } = playing({ DescribeLogGroups: [groups] })
    expect((await shownBy(client, { follow: true })).end).toBe('there is no log group /a')
    expect(asked).toHaveLength(1)
  },
)

test('nothing is asked when --since means no time', async () => {
  const { client, asked } = playing({})
  expect((await shownBy(client, { since: 'soon' })).end).toMatch(/^--since is "soon", but/)
  expect(asked).toEqual([])
})

import { randomBytes } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Apis } from '@sluice/wire'
import { type MemoryApiJournal, memoryApiJournal } from '../../../../../testkit/src/memory-api-journal.ts'
import type { CallContext } from '#kernel/call.ts'
import { accountId, region } from '#kernel/ids.ts'
import { PAGE_TOKEN_MILLIS, pageTokens } from '#kernel/page-token.ts'
import { lookupEvents } from '#services/cloudtrail/operations/lookup-events.ts'
import { HISTORY_MILLIS } from '#services/cloudtrail/limits.ts'
import { ACCOUNT, NOW, contextOf, faultOf, rootOf } from '#services/iam/test-bench.ts'
import type { ApiEvent } from '#stores/journals/api-journal.ts'

type Input = Apis['cloudtrail']['LookupEvents']['input']
type Output = Apis['cloudtrail']['LookupEvents']['output']

const HERE = region('us-east-1')
const SECOND = 1_000

let journal: MemoryApiJournal
let now: number
let handler: ReturnType<typeof lookupEvents>

beforeEach(() => {
  journal = memoryApiJournal()
  now = NOW
  handler = lookupEvents({ journal, tokens: pageTokens(randomBytes(32), { now: () => now }) })
})

const event = (id: string, changes: Partial<ApiEvent> = {}): ApiEvent => ({
  account: ACCOUNT,
  region: HERE,
  eventTime: NOW - 60 * SECOND,
  eventId: id,
  eventName: 'CreateBroker',
  readOnly: false,
  username: 'bob',
  accessKeyId: 'AKIABOB',
  eventSource: 'amazonmq.amazonaws.com',
  resources: [],
  record: `{"eventID":"${id}"}`,
  ...changes,
})

const lookup = async (input: Input = {}, changes: Partial<CallContext> = {}): Promise<Output> =>
  handler(input, { ...contextOf(rootOf(ACCOUNT), now), ...changes })

const idsOf = ({ Events = [] }: Output): readonly string[] => Events.map(({ EventId }) => EventId ?? '')
const found = async (input: Input = {}): Promise<readonly string[]> => idsOf(await lookup(input))
const by = (AttributeKey: string, AttributeValue: string): Input =>
  ({ LookupAttributes: [{ AttributeKey, AttributeValue }] }) as Input

test('an event is answered with its attributes and its whole record', async () => {
  await journal.append(event('e-1', { resources: [{ type: 'AWS::AmazonMQ::Broker', name: 'b-1' }] }))
  expect(await lookup()).toEqual({
    Events: [
      {
        EventId: 'e-1',
        EventName: 'CreateBroker',
        ReadOnly: 'false',
        AccessKeyId: 'AKIABOB',
        EventTime: NOW - 60 * SECOND,
        EventSource: 'amazonmq.amazonaws.com',
        Username: 'bob',
        Resources: [{ ResourceType: 'AWS::AmazonMQ::Broker', ResourceName: 'b-1' }],
        CloudTrailEvent: '{"eventID":"e-1"}',
      },
    ],
  })
})

test('what a caller has not is left out instead of empty', async () => {
  await journal.append(event('e-1', { username: '', accessKeyId: '' }))
  const [answered] = (await lookup()).Events ?? []
  expect(answered).not.toHaveProperty('Username')
  expect(answered).not.toHaveProperty('AccessKeyId')
})

test('newest first; of one second, the one that was recorded last', async () => {
  await journal.append(event('old', { eventTime: NOW - 90 * SECOND }))
  await journal.append(event('new-a'))
  await journal.append(event('new-b'))
  await journal.append(event('late arrival', { eventTime: NOW - 80 * SECOND }))
  expect(await found()).toEqual(['new-b', 'new-a', 'late arrival', 'old'])
})

test('an account sees its own events only, and those of the region of the call', async () => {
  await journal.append(event('mine'))
  await journal.append(event('theirs', { account: accountId('444455556666') }))
  await journal.append(event('elsewhere', { region: 'eu-west-1' }))
  expect(await found()).toEqual(['mine'])
  expect(idsOf(await lookup({}, { region: region('eu-west-1') }))).toEqual(['elsewhere'])
})

test.each([
  { key: 'EventId', value: 'wanted' },
  { key: 'EventName', value: 'DeleteBroker' },
  { key: 'ReadOnly', value: 'true' },
  { key: 'Username', value: 'alice' },
  { key: 'ResourceType', value: 'AWS::Logs::LogGroup' },
  { key: 'ResourceName', value: 'g' },
  { key: 'EventSource', value: 'logs.amazonaws.com' },
  { key: 'AccessKeyId', value: 'AKIAALICE' },
])('$key finds by $key', async ({ key, value }) => {
  await journal.append(event('other', { resources: [{ type: 'AWS::AmazonMQ::Broker', name: 'b-1' }] }))
  await journal.append(
    event('wanted', {
      eventName: 'DeleteBroker',
      readOnly: true,
      username: 'alice',
      accessKeyId: 'AKIAALICE',
      eventSource: 'logs.amazonaws.com',
      resources: [
        { type: 'AWS::AmazonMQ::Broker', name: 'b-2' },
        { type: 'AWS::Logs::LogGroup', name: 'g' },
      ],
    }),
  )
  expect(await found(by(key, value))).toEqual(['wanted'])
  expect(await found(by(key, key === 'ReadOnly' ? 'false' : 'nobody'))).not.toContain('wanted')
})

test('a value is compared exactly', async () => {
  await journal.append(event('e-1'))
  expect(await found(by('Username', 'Bob'))).toEqual([])
  expect(await found(by('Username', 'bo'))).toEqual([])
})

test.each([
  {
    name: 'two attributes',
    input: {
      LookupAttributes: [
        ...(by('EventId', 'a').LookupAttributes ?? []),
        ...(by('EventId', 'b').LookupAttributes ?? []),
      ],
    },
  },
  { name: 'ReadOnly=yes', input: by('ReadOnly', 'yes') },
  { name: 'an attribute nobody knows', input: by('Shoe size', '43') },
])('$name is an invalid lookup attribute', async ({ input }) => {
  expect(await faultOf(() => lookup(input))).toMatch(/^InvalidLookupAttributesException 400 /)
})

test('start and end are both inclusive', async () => {
  for (const age of [30, 20, 10]) await journal.append(event(`${String(age)} s`, { eventTime: NOW - age * SECOND }))
  const at = (age: number): number => NOW - age * SECOND
  expect(await found({ StartTime: at(20), EndTime: at(20) })).toEqual(['20 s'])
  expect(await found({ StartTime: at(20) })).toEqual(['10 s', '20 s'])
  expect(await found({ EndTime: at(20) })).toEqual(['20 s', '30 s'])
  expect(await found({ StartTime: at(20) + 1, EndTime: at(10) - 1 })).toEqual([])
})

test('a start after the end is refused', async () => {
  expect(await faultOf(() => lookup({ StartTime: NOW, EndTime: NOW - 1 }))).toBe(
    'InvalidTimeRangeException 400 The start time is after the end time.',
  )
})

test('events older than 90 days are gone, whatever start is asked for', async () => {
  await journal.append(event('just in', { eventTime: NOW - HISTORY_MILLIS }))
  await journal.append(event('just out', { eventTime: NOW - HISTORY_MILLIS - 1 }))
  expect(await found()).toEqual(['just in'])
  expect(await found({ StartTime: 0 })).toEqual(['just in'])
})

test('insight events are not produced, so a search for them finds none', async () => {
  await journal.append(event('e-1'))
  expect(await lookup({ EventCategory: 'insight' })).toEqual({ Events: [] })
})

/** All pages, as a client reads them; the token must lead on and end. */
async function pages(
  input: Input,
  between: () => Promise<void> = async () => {},
): Promise<readonly (readonly string[])[]> {
  const read: (readonly string[])[] = []
  let token: string | undefined
  do {
    const output: Output = await lookup({ ...input, ...(token === undefined ? {} : { NextToken: token }) })
    read.push(idsOf(output))
    token = output.NextToken
    await between()
  } while (token !== undefined && read.length < 20)
  return read
}

const fill = async (count: number): Promise<void> => {
  for (let number = 1; number <= count; number += 1) {
    // Pairs share a second, so a page may end between two events of one time.
    await journal.append(event(`e-${String(number)}`, { eventTime: NOW - SECOND * (100 - Math.floor(number / 2)) }))
  }
}

test('pages give every event once, in order, and the last one has no token', async () => {
  await fill(7)
  expect(await pages({ MaxResults: 3 })).toEqual([['e-7', 'e-6', 'e-5'], ['e-4', 'e-3', 'e-2'], ['e-1']])
})

test('a last page that is just full has no token', async () => {
  await fill(6)
  expect(await pages({ MaxResults: 3 })).toEqual([
    ['e-6', 'e-5', 'e-4'],
    ['e-3', 'e-2', 'e-1'],
  ])
})

test('fifty events make a page unless fewer are asked for', async () => {
  await fill(51)
  expect((await pages({})).map((page) => page.length)).toEqual([50, 1])
})

test('events that come in between move no page', async () => {
  await fill(4)
  let extra = 0
  const arrive = (): Promise<void> => journal.append(event(`extra-${String((extra += 1))}`, { eventTime: NOW }))
  expect(await pages({ MaxResults: 2 }, arrive)).toEqual([
    ['e-4', 'e-3'],
    ['e-2', 'e-1'],
  ])
})

test('a filter holds on every page', async () => {
  await fill(4)
  await journal.append(event('other', { username: 'alice' }))
  expect((await pages({ MaxResults: 1, ...by('Username', 'bob') })).flat()).toEqual(['e-4', 'e-3', 'e-2', 'e-1'])
})

const tokenOf = async (input: Input): Promise<string> => {
  const { NextToken } = await lookup(input)
  if (NextToken === undefined) throw new Error('there was no token')
  return NextToken
}

const INVALID = /^InvalidNextTokenException 400 /

test('a token may come with another page size, but with no other search', async () => {
  await fill(5)
  const NextToken = await tokenOf({ MaxResults: 2 })
  expect(await found({ NextToken, MaxResults: 50 })).toEqual(['e-3', 'e-2', 'e-1'])
  expect(await faultOf(() => lookup({ NextToken, ...by('Username', 'bob') }))).toMatch(INVALID)
  expect(await faultOf(() => lookup({ NextToken, StartTime: NOW - 100 * SECOND }))).toMatch(INVALID)
})

test('a token of another account or region is worth nothing', async () => {
  await fill(5)
  const NextToken = await tokenOf({ MaxResults: 2 })
  const elsewhere = { region: region('eu-west-1') }
  expect(await faultOf(() => lookup({ NextToken }, elsewhere))).toMatch(INVALID)
  expect(await faultOf(() => lookup({ NextToken }, { account: accountId('444455556666') }))).toMatch(INVALID)
})

test('a token that was changed, made up or has expired is refused', async () => {
  await fill(5)
  const NextToken = await tokenOf({ MaxResults: 2 })
  const changed = `${NextToken.slice(0, 20)}${NextToken[20] === 'A' ? 'B' : 'A'}${NextToken.slice(21)}`
  for (const token of [changed, 'made-up', ''])
    expect(await faultOf(() => lookup({ NextToken: token }))).toMatch(INVALID)
  now += PAGE_TOKEN_MILLIS
  expect(await faultOf(() => lookup({ NextToken }))).toMatch(INVALID)
})

test('a caller who has gone away is not searched for', async () => {
  await expect(lookup({}, { signal: AbortSignal.abort() })).rejects.toThrow('aborted')
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { MAX_TAIL_SESSIONS } from '#services/logs/limits.ts'
import type { LogsInput, LogsOutput } from '#services/logs/types.ts'
import { type BenchCall, type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

type Stream = NonNullable<LogsOutput<'StartLiveTail'>['responseStream']>
type Event = Stream extends AsyncIterable<infer E> ? E : never
type Update = NonNullable<Event['sessionUpdate']>

let bench: LogsBench
let leave: AbortController
beforeEach(async () => {
  leave = new AbortController()
  bench = openLogsBench({ tailTiming: { updateMillis: 8, sessionMillis: 60_000 } })
  for (const logGroupName of ['g', 'h']) {
    await bench.call('CreateLogGroup', { logGroupName })
    for (const logStreamName of ['app-1', 'db-1']) await bench.call('CreateLogStream', { logGroupName, logStreamName })
  }
})
afterEach(() => {
  leave.abort()
  return bench.close()
})

const arn = (name: string): string => `arn:aws:logs:eu-west-1:111122223333:log-group:${name}`
const put = (logGroupName: string, logStreamName: string, ...messages: readonly string[]) =>
  bench.call('PutLogEvents', {
    logGroupName,
    logStreamName,
    logEvents: messages.map((message) => ({ timestamp: bench.clock.now(), message })),
  })

async function open(input: Partial<LogsInput<'StartLiveTail'>> = {}, options: BenchCall = { signal: leave.signal }) {
  const { responseStream } = await bench.call('StartLiveTail', { logGroupIdentifiers: [arn('g')], ...input }, options)
  const events: AsyncIterator<Event, void> = (responseStream as Stream)[Symbol.asyncIterator]()
  const first = (await events.next()).value ?? {}
  return {
    start: first.sessionStart,
    update: async (): Promise<Update> => ((await events.next()).value ?? {}).sessionUpdate as Update,
    /** The messages of the next updates that have some. */
    messages: async (count: number): Promise<readonly (string | undefined)[]> => {
      const found: (string | undefined)[] = []
      while (found.length < count) {
        const { value } = await events.next()
        const results = value === undefined ? [] : (value.sessionUpdate?.sessionResults ?? [])
        found.push(...results.map(({ message }) => message))
      }
      return found
    },
    end: () => events.return?.(),
    next: () => events.next(),
  }
}

test('a session says what it watches, then shows what is stored from then on', async () => {
  await put('g', 'app-1', 'before')
  const tail = await open({ logEventFilterPattern: '"after"' })
  expect(tail.start).toMatchObject({
    logGroupIdentifiers: [arn('g')],
    logStreamNames: [],
    logStreamNamePrefixes: [],
    logEventFilterPattern: '"after"',
  })
  expect(tail.start?.sessionId).toMatch(/^[0-9a-f-]{36}$/)
  expect(await tail.update()).toEqual({ sessionMetadata: { sampled: false }, sessionResults: [] })
  await put('g', 'app-1', 'after 1', 'other', 'after 2')
  await put('h', 'app-1', 'after in another group')
  expect(await tail.messages(2)).toEqual(['after 1', 'after 2'])
  await tail.end()
})

test('an event comes with its group, stream and times', async () => {
  const tail = await open({ logGroupIdentifiers: [arn('g'), arn('h')] })
  await put('h', 'db-1', 'x')
  let results: Update['sessionResults'] = []
  while (results?.length === 0) results = (await tail.update()).sessionResults
  expect(results).toEqual([
    {
      logGroupIdentifier: arn('h'),
      logStreamName: 'db-1',
      message: 'x',
      timestamp: bench.clock.now(),
      ingestionTime: bench.clock.now(),
    },
  ])
})

test.each([
  { only: { logStreamNames: ['db-1'] }, shows: ['of db'] },
  { only: { logStreamNamePrefixes: ['ap', 'x'] }, shows: ['of app'] },
])('$only picks streams', async ({ only, shows }) => {
  const tail = await open(only)
  await put('g', 'app-1', 'of app')
  await put('g', 'db-1', 'of db')
  expect(await tail.messages(1)).toEqual(shows)
})

test('it ends when its time is over, in the words that clients know', async () => {
  await bench.close()
  bench = openLogsBench({ tailTiming: { updateMillis: 2, sessionMillis: 10 } })
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  const tail = await open()
  const toEnd = async (): Promise<void> => {
    while ((await tail.next()).done !== true);
  }
  await expect(toEnd()).rejects.toMatchObject({ code: 'SessionTimeoutException' })
})

test('when the service stops it ends at once, in the words that clients know; one that comes later as well', async () => {
  const tails = [await open(), await open()]
  bench.service.liveTails.close()
  tails.push(await open())
  for (const tail of tails) {
    const toEnd = async (): Promise<void> => {
      while ((await tail.next()).done !== true);
    }
    await expect(toEnd()).rejects.toMatchObject({ code: 'SessionStreamingException' })
  }
})

test('it ends with its reader, and then makes room for another one', async () => {
  const tails = await Promise.all(Array.from({ length: MAX_TAIL_SESSIONS }, () => open()))
  await expect(open()).rejects.toMatchObject({ code: 'LimitExceededException' })
  await tails[0]?.end()
  const again = await open()
  await expect(open()).rejects.toMatchObject({ code: 'LimitExceededException' })
  leave.abort()
  leave = new AbortController()
  await open()
  expect((await again.next()).done).toBe(true)
})

test.each([
  { name: 'a group by its name', input: { logGroupIdentifiers: ['g'] }, code: 'InvalidParameterException' },
  { name: 'a group that is not there', input: { logGroupIdentifiers: [arn('z')] }, code: 'ResourceNotFoundException' },
  {
    name: 'names and prefixes of streams',
    input: { logStreamNames: ['a'], logStreamNamePrefixes: ['b'] },
    code: 'InvalidParameterException',
  },
  {
    name: 'streams of two groups',
    input: { logGroupIdentifiers: [arn('g'), arn('h')], logStreamNames: ['a'] },
    code: 'InvalidParameterException',
  },
  { name: 'no pattern', input: { logEventFilterPattern: '{ $.' }, code: 'InvalidParameterException' },
])('$name is refused before the stream begins', async ({ input, code }) => {
  await expect(open(input)).rejects.toMatchObject({ code })
})

test('a group of the class for infrequent access cannot be watched', async () => {
  await bench.call('CreateLogGroup', { logGroupName: 'ia', logGroupClass: 'INFREQUENT_ACCESS' })
  await expect(open({ logGroupIdentifiers: [arn('ia')] })).rejects.toMatchObject({ status: 400 })
})

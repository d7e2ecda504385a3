import { afterEach, beforeEach, expect, test } from 'vitest'
import { Groups } from '#services/logs/catalog/groups.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { Streams } from '#services/logs/catalog/streams.ts'
import { eventSelector, selectedStreams } from '#services/logs/events/select.ts'
import { MAX_STREAMS_PUSHED_DOWN } from '#services/logs/limits.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let streams: Streams
let group: LogGroup
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  streams = new Streams(bench.records)
  group = await new Groups(bench.records).require(bench, 'g')
})
afterEach(() => bench.close())

const create = (names: readonly string[]) =>
  Promise.all(names.map((name, i) => streams.create(group, name, { number: i + 1, creationTime: 0 })))
const event = (stream: number, message = 'm') => ({ group: 1, stream, timestamp: 1, seq: 1, ingestionTime: 1, message })
const everything = { matches: () => true, exact: true }
const signal = new AbortController().signal

test('streams are told by number, up to a bound', async () => {
  await create(['a', 'b', 'ab'])
  expect(await selectedStreams(streams, group, {})).toEqual({ kind: 'some', prefix: '', exact: true })
  expect(await selectedStreams(streams, group, { logStreamNames: ['b'] })).toMatchObject({ numbers: [2], exact: true })
  expect(await selectedStreams(streams, group, { logStreamNamePrefix: 'a' })).toMatchObject({
    numbers: [1, 3],
    exact: true,
  })
  expect(await selectedStreams(streams, group, { logStreamNamePrefix: 'x' })).toEqual({ kind: 'none' })
})

test('when more streams share a prefix than can be named, they are told apart after reading', async () => {
  await create([...Array.from({ length: MAX_STREAMS_PUSHED_DOWN + 1 }, (_, i) => `p${String(i)}`), 'other'])
  const selection = await selectedStreams(streams, group, { logStreamNamePrefix: 'p' })
  expect(selection).toEqual({ kind: 'some', prefix: 'p', exact: false })
  const other = (await streams.require(group, 'other')).number
  const select = eventSelector(streams, group, everything, 'p', signal)
  expect((await select([event(1), event(other), event(2)])).map(({ streamName }) => streamName)).toEqual(['p0', 'p1'])
})

test('an event is named, and left out when its stream is gone or the pattern does not match', async () => {
  await create(['a', 'b'])
  const matcher = { matches: (message: string) => message !== 'no', exact: false }
  const select = eventSelector(streams, group, matcher, '', signal)
  const found = await select([event(1), event(2, 'no'), event(3), event(2)])
  expect(found).toEqual([
    { ...event(1), streamName: 'a' },
    { ...event(2), streamName: 'b' },
  ])
})

test('a long search lets others run, and stops when the caller has gone', async () => {
  await create(['a'])
  const slow = {
    matches: () => {
      const until = performance.now() + 20
      while (performance.now() < until);
      return false
    },
    exact: false,
  }
  const caller = new AbortController()
  const searching = eventSelector(streams, group, slow, '', caller.signal)(Array.from({ length: 500 }, () => event(1)))
  setTimeout(() => caller.abort(new Error('gone')), 1)
  await expect(searching).rejects.toThrow('gone')
})

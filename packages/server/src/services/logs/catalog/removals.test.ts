import { afterEach, beforeEach, expect, test } from 'vitest'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { Groups } from '#services/logs/catalog/groups.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { type Removals, attemptAll, recordRemovals } from '#services/logs/catalog/removals.ts'
import { Streams } from '#services/logs/catalog/streams.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let group: LogGroup
let removals: Removals
let warnings: LogFields[]
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  await bench.call('CreateLogStream', { logGroupName: 'g', logStreamName: 's' })
  group = await new Groups(bench.records).require(bench, 'g')
  warnings = []
  const log = { ...silentTelemetry.log, warn: (fields: LogFields) => void warnings.push(fields) }
  const streams = new Streams(bench.records)
  removals = recordRemovals({ ...bench, streams, telemetry: { ...silentTelemetry, log } })
})
afterEach(() => bench.close())

const promised = () => bench.records.listAll('logs.removal')

test('a promise that is kept leaves nothing behind', async () => {
  await bench.records.commit([removals.ofGroup(group)])
  expect(await promised()).toHaveLength(1)
  await removals.finish(removals.ofGroup(group))
  expect(await promised()).toEqual([])
  expect(await bench.records.listAll('logs.stream')).toEqual([])
  expect(warnings).toEqual([])
})

test('a promise that could not be kept is logged, stays, and is kept later', async () => {
  const journal = { ...bench.journal }
  bench.journal.deleteStream = () => Promise.reject(new Error('the column store is away'))
  await bench.records.commit([removals.ofStream(group, 1)])
  await removals.finish(removals.ofStream(group, 1))
  expect(warnings).toEqual([
    { event: 'log_removal_failed', removal: '0000000001/0000000001', error: 'the column store is away' },
  ])
  expect(await removals.finishAll()).toHaveLength(1)
  expect(await promised()).toHaveLength(1)
  Object.assign(bench.journal, journal)
  expect(await removals.finishAll()).toEqual([])
  expect(await promised()).toEqual([])
})

test('keeping a promise twice changes nothing more', async () => {
  await bench.records.commit([removals.ofGroup(group)])
  await Promise.all([removals.finish(removals.ofGroup(group)), removals.finishAll()])
  await removals.finishAll()
  expect(await promised()).toEqual([])
  expect(await bench.records.listAll('logs.stream-name')).toEqual([])
})

test('one failure keeps nobody else from being tried', async () => {
  const done: number[] = []
  const failures = await attemptAll([1, 2, 3], async (item) => {
    if (item === 2) throw new Error('two')
    done.push(item)
  })
  expect(done).toEqual([1, 3])
  expect(failures).toEqual([new Error('two')])
})

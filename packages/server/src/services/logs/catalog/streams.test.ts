import { afterEach, beforeEach, expect, test } from 'vitest'
import { Groups } from '#services/logs/catalog/groups.ts'
import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import { Streams } from '#services/logs/catalog/streams.ts'
import { type LogsBench, openLogsBench } from '../../../../../testkit/src/logs-bench.ts'

let bench: LogsBench
let streams: Streams
let group: LogGroup
beforeEach(async () => {
  bench = openLogsBench()
  await bench.call('CreateLogGroup', { logGroupName: 'g' })
  await bench.call('CreateLogGroup', { logGroupName: 'h' })
  streams = new Streams(bench.records)
  group = await new Groups(bench.records).require(bench, 'g')
})
afterEach(() => bench.close())

const record = (number: number) => ({ number, creationTime: 5 })

test('a stream is found by name and its name by number, in its own group only', async () => {
  await streams.create(group, 's/1', record(7))
  expect(await streams.find(group, 's/1')).toEqual({ ...record(7), name: 's/1' })
  expect(await streams.nameOf(group, 7)).toBe('s/1')
  const other = await new Groups(bench.records).require(bench, 'h')
  expect(await streams.find(other, 's/1')).toBeUndefined()
  expect(await streams.nameOf(other, 7)).toBeUndefined()
  expect(await streams.list(other, { limit: 9 })).toEqual([])
})

test('what was deleted elsewhere is not found, although it is held in memory', async () => {
  await streams.create(group, 's', record(7))
  await streams.require(group, 's')
  await streams.nameOf(group, 7)
  expect(streams.held(group, 's')?.number).toBe(7)
  await new Streams(bench.records).delete(group, 's', () => [])
  expect(streams.held(group, 's')).toBeUndefined()
  expect(await streams.nameOf(group, 7)).toBeUndefined()
  await expect(streams.require(group, 's')).rejects.toThrow('The specified log stream does not exist.')
})

test('a list has a prefix, a place to go on from, and a size', async () => {
  for (const [i, name] of ['a', 'ab', 'b', 'ac'].entries()) await streams.create(group, name, record(i + 1))
  const names = async (options: { prefix?: string; after?: string; limit: number }) =>
    (await streams.list(group, options)).map(({ name }) => name)
  expect(await names({ limit: 9 })).toEqual(['a', 'ab', 'ac', 'b'])
  expect(await names({ prefix: 'a', limit: 2 })).toEqual(['a', 'ab'])
  expect(await names({ prefix: 'a', after: 'ab', limit: 9 })).toEqual(['ac'])
  expect(await names({ prefix: 'a\ud800', limit: 9 })).toEqual([])
})

test('the streams of a deleted group are deleted some at a time', async () => {
  for (let i = 1; i <= 5; i += 1) await streams.create(group, `s${String(i)}`, record(i))
  expect(await streams.deleteSome(group, 3)).toBe(true)
  expect(await streams.list(group, { limit: 9 })).toHaveLength(2)
  expect(await streams.deleteSome(group, 3)).toBe(false)
  expect(await bench.records.listAll('logs.stream-name')).toEqual([])
})

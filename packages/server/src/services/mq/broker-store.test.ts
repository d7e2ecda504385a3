import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BrokerRecord, RECORD_FORMAT } from '#services/mq/broker-record.ts'
import { RevisionConflict } from '#stores/records/record-store.ts'
import { type Bench, ACCOUNT, REGION, create, openBench } from '#services/mq/testing/bench.ts'

let bench: Bench
let record: BrokerRecord

beforeEach(async () => {
  bench = openBench()
  const created = await bench.read(await create(bench.live(), bench.contextOf(), { CreatorRequestId: 'one' }))
  if (created === undefined) throw new Error('there is no record')
  record = created
})
afterEach(() => bench.close())

const scope = { account: ACCOUNT, region: REGION }

test('a broker is found by its id and by its name', async () => {
  expect(await bench.store.find(scope, record.brokerId)).toEqual(record)
  expect(await bench.store.find(scope, 'MyBroker')).toEqual(record)
  expect(await bench.store.find(scope, 'mybroker')).toBeUndefined()
})

test.each(['', '../x', 'a'.repeat(5_000), 'b-\0', '\ud800'])(
  'a text that is neither id nor name finds nothing: %j',
  async (text) => {
    expect(await bench.store.find(scope, text)).toBeUndefined()
  },
)

test('a second broker of the name is not made, nor anything beside it', async () => {
  const other = { ...record, brokerId: 'b-00000000-0000-4000-8000-000000000000' }
  await expect(
    bench.store.create(other, { request: { id: 'two', value: { brokerId: other.brokerId, fingerprint: '' } } }),
  ).rejects.toThrow(RevisionConflict)
  expect(await bench.store.get(other)).toBeUndefined()
  expect(await bench.store.createRequest(scope, 'two')).toBeUndefined()
})

test('every change counts, however many are made at once', async () => {
  await Promise.all(
    Array.from({ length: 20 }, (_, index) =>
      bench.store.change(record, (broker) => ({ ...broker, tags: { ...broker.tags, [`key${String(index)}`]: '' } })),
    ),
  )
  expect(Object.keys((await bench.store.get(record))?.tags ?? {})).toHaveLength(20)
})

test('a change that leaves it writes nothing and answers what is there', async () => {
  let heard = 0
  const unwatch = bench.store.watch(() => heard++)
  expect(await bench.store.change(record, () => undefined)).toEqual(record)
  unwatch()
  expect(heard).toBe(0)
})

test('a change that throws writes nothing', async () => {
  await expect(
    bench.store.change(record, () => {
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  expect(await bench.store.get(record)).toEqual(record)
})

test('a change of a broker that is gone answers that it is gone', async () => {
  await bench.store.remove(record)
  expect(await bench.store.change(record, (broker) => broker)).toBeUndefined()
})

test('removing a broker frees its name and its request', async () => {
  await bench.store.remove(record)
  expect(await bench.store.find(scope, 'MyBroker')).toBeUndefined()
  expect(await bench.records.listAll('mq.broker-name')).toEqual([])
  expect(await bench.records.listAll('mq.create-request')).toEqual([])
  await bench.store.create(record)
})

test('watching tells of brokers only, by their key', async () => {
  const heard: unknown[] = []
  const unwatch = bench.store.watch((ref) => heard.push(ref))
  await bench.store.change(record, (broker) => ({ ...broker, tags: { a: 'b' } }))
  unwatch()
  await bench.store.change(record, (broker) => ({ ...broker, tags: {} }))
  expect(heard).toEqual([{ account: ACCOUNT, region: REGION, brokerId: record.brokerId }])
})

test.each([1, 2])(
  'a record of format %d, which had less, is read and written on in the present format',
  async (format) => {
    const key = { collection: 'mq.broker', ...scope, id: record.brokerId }
    const { configuration: _none, ...desired } = record.desired
    await bench.records.commit([{ kind: 'put', key, value: { ...record, desired, format } }])
    expect(await bench.store.get(record)).toEqual({ ...record, desired })
    expect(await bench.store.list(record, { limit: 10 })).toContainEqual({ ...record, desired })
    await bench.store.change(record, (broker) => ({ ...broker, tags: { a: 'b' } }))
    expect((await bench.records.get(key))?.value).toEqual({ ...record, desired, tags: { a: 'b' } })
  },
)

test('a record of another format is refused in a sentence and stays as it is', async () => {
  const key = { collection: 'mq.broker', ...scope, id: record.brokerId }
  await bench.records.commit([{ kind: 'put', key, value: { ...record, format: RECORD_FORMAT + 1 } }])
  await expect(bench.store.get(record)).rejects.toThrow(
    /written by another version of Sluice \(record format 4\); it was left untouched/,
  )
  await expect(bench.store.change(record, (broker) => broker)).rejects.toThrow(/left untouched/)
  expect((await bench.records.get(key))?.value).toEqual({ ...record, format: RECORD_FORMAT + 1 })
})

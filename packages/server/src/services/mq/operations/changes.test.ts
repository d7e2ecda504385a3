import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BrokerState } from '#services/mq/broker-record.ts'
import { type Bench, type Life, ACCOUNT, REGION, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life
let brokerId: string

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  brokerId = await create(life, bench.contextOf())
  await become('RUNNING')
})
afterEach(() => bench.close())

const become = (state: BrokerState): Promise<unknown> =>
  bench.store.change({ account: ACCOUNT, region: REGION, brokerId }, (record) => ({
    ...record,
    state,
    applied: record.desired,
  }))

type Change = 'DeleteBroker' | 'RebootBroker' | 'UpdateBroker'
const ask = (operation: Change): Promise<unknown> => run(life, operation, { BrokerId: brokerId }, bench.contextOf())

const REFUSALS: readonly { readonly operation: Change; readonly state: BrokerState; readonly done: string }[] = [
  { operation: 'DeleteBroker', state: 'CREATION_IN_PROGRESS', done: 'deleted' },
  { operation: 'DeleteBroker', state: 'REBOOT_IN_PROGRESS', done: 'deleted' },
  { operation: 'RebootBroker', state: 'CREATION_IN_PROGRESS', done: 'rebooted' },
  { operation: 'RebootBroker', state: 'REBOOT_IN_PROGRESS', done: 'rebooted' },
  { operation: 'RebootBroker', state: 'DELETION_IN_PROGRESS', done: 'rebooted' },
  { operation: 'RebootBroker', state: 'CREATION_FAILED', done: 'rebooted' },
  { operation: 'UpdateBroker', state: 'CREATION_IN_PROGRESS', done: 'updated' },
  { operation: 'UpdateBroker', state: 'REBOOT_IN_PROGRESS', done: 'updated' },
  { operation: 'UpdateBroker', state: 'DELETION_IN_PROGRESS', done: 'updated' },
  { operation: 'UpdateBroker', state: 'CREATION_FAILED', done: 'updated' },
]

test.each(REFUSALS)(
  '$operation is refused in $state, in the words of AWS, and changes nothing',
  async ({ operation, state, done }) => {
    await become(state)
    const before = await bench.read(brokerId)
    await expect(ask(operation)).rejects.toMatchObject({
      code: 'BadRequestException',
      message: `Broker [MyBroker] can't be ${done} while in state [${state}]`,
    })
    expect(await bench.read(brokerId)).toEqual(before)
    expect(bench.logs.calls).toEqual([])
  },
)

test.each([
  { operation: 'DeleteBroker', from: 'RUNNING', to: 'DELETION_IN_PROGRESS' },
  { operation: 'DeleteBroker', from: 'CREATION_FAILED', to: 'DELETION_IN_PROGRESS' },
  { operation: 'DeleteBroker', from: 'CRITICAL_ACTION_REQUIRED', to: 'DELETION_IN_PROGRESS' },
  { operation: 'DeleteBroker', from: 'DELETION_IN_PROGRESS', to: 'DELETION_IN_PROGRESS' },
  { operation: 'RebootBroker', from: 'RUNNING', to: 'REBOOT_IN_PROGRESS' },
  { operation: 'RebootBroker', from: 'CRITICAL_ACTION_REQUIRED', to: 'REBOOT_IN_PROGRESS' },
] as const)('$operation takes $from to $to before it answers', async ({ operation, from, to }) => {
  await become(from)
  await ask(operation)
  expect((await bench.read(brokerId))?.state).toBe(to)
})

test.each(['DeleteBroker', 'RebootBroker', 'UpdateBroker'] as const)(
  '%s of a broker that is not there says so',
  async (operation) => {
    brokerId = 'b-00000000-0000-4000-8000-000000000000'
    await expect(ask(operation)).rejects.toMatchObject({
      code: 'NotFoundException',
      members: { ErrorAttribute: 'broker-id' },
    })
  },
)

test('DeleteBroker answers the id, RebootBroker nothing', async () => {
  expect(await ask('RebootBroker')).toEqual({})
  await become('RUNNING')
  expect(await ask('DeleteBroker')).toEqual({ BrokerId: brokerId })
})

test('only one of two reboots at the same time is taken', async () => {
  const answers = await Promise.allSettled([ask('RebootBroker'), ask('RebootBroker')])
  expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
})

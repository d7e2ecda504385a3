import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life
let brokerId: string
let configurationId: string

beforeEach(async () => {
  bench = openBench()
  life = bench.live()
  await life.reconciler.start()
  const { Id } = await run(life, 'CreateConfiguration', { Name: 'c', EngineType: 'ActiveMQ' }, bench.contextOf())
  configurationId = Id ?? ''
  brokerId = await create(life, bench.contextOf(), { Configuration: { Id: configurationId } })
  await bench.untilState(brokerId, 'RUNNING')
})
afterEach(() => bench.close())

const described = () => run(life, 'DescribeBroker', { BrokerId: brokerId }, bench.contextOf())
const give = (revision: number) =>
  run(
    life,
    'UpdateBroker',
    { BrokerId: brokerId, Configuration: { Id: configurationId, Revision: revision } },
    bench.contextOf(),
  )
const revise = (xml: string) =>
  run(
    life,
    'UpdateConfiguration',
    { ConfigurationId: configurationId, Data: Buffer.from(xml).toString('base64') },
    bench.contextOf(),
  )
const ref = (Revision: number) => ({ Id: configurationId, Revision })
const elements = () => bench.world.processes.get(brokerId)?.spec.configuration.children.map(({ name }) => name)

async function reboot(): Promise<void> {
  await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
  await bench.until(brokerId, (record) => record?.state !== 'REBOOT_IN_PROGRESS')
}

test('a configuration waits for a reboot, then is current, and the one before it history', async () => {
  await revise('<broker><plugins><statisticsBrokerPlugin/></plugins></broker>')
  expect(await give(2)).toMatchObject({ Configuration: ref(2) })
  expect((await described()).Configurations).toEqual({ Current: ref(1), Pending: ref(2), History: [] })
  expect(elements()).toEqual(['destinationPolicy', 'plugins'])
  await reboot()
  expect((await described()).Configurations).toEqual({ Current: ref(2), History: [ref(1)] })
  expect(elements()).toEqual(['plugins'])
})

test('a broker keeps its revision when its configuration gets a new one', async () => {
  await revise('<broker/>')
  await reboot()
  expect((await described()).Configurations).toEqual({ Current: ref(1), History: [] })
})

test('the last ten configurations are remembered', async () => {
  for (let count = 2; count <= 13; count++) {
    await revise('<broker/>')
    await give(count)
    await reboot()
  }
  expect((await described()).Configurations).toEqual({
    Current: ref(13),
    History: Array.from({ length: 10 }, (_, index) => ref(index + 3)),
  })
})

test('a configuration with which the broker does not start leaves it on the last good one, and that is said', async () => {
  await revise('<broker><plugins><redeliveryPlugin/></plugins></broker>')
  await give(2)
  bench.world.troubles.starts.push(() => 'RedeliveryPlugin needs schedulerSupport')
  await reboot()
  expect(await described()).toMatchObject({
    BrokerState: 'CRITICAL_ACTION_REQUIRED',
    Configurations: { Current: ref(1), Pending: ref(2), History: [] },
    ActionsRequired: [
      {
        ActionRequiredCode: 'BROKER_SETTINGS_REFUSED',
        ActionRequiredInfo: expect.stringContaining('needs schedulerSupport') as string,
      },
    ],
  })
  expect(elements()).toEqual(['destinationPolicy', 'plugins'])
  const starts = bench.world.starts.length
  await give(1)
  expect(await described()).toMatchObject({
    BrokerState: 'RUNNING',
    ActionsRequired: [],
    Configurations: { Current: ref(1), History: [] },
  })
  expect(bench.world.starts).toHaveLength(starts)
})

test('a broker from before there were configurations runs with the default', async () => {
  const { configuration: _none, ...settings } = (await bench.read(brokerId))?.desired ?? {}
  const key = { collection: 'mq.broker', account: '111122223333', region: 'us-east-1', id: brokerId }
  const value = { ...(await bench.read(brokerId)), format: 1, desired: settings, applied: settings }
  await bench.records.commit([{ kind: 'put', key, value }])
  await reboot()
  expect(elements()).toEqual(['destinationPolicy', 'plugins'])
  expect((await described()).Configurations).toEqual({ History: [] })
})

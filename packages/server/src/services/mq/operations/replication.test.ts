import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, type Life, create, newBroker, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life

beforeEach(() => {
  bench = openBench()
  life = bench.live()
})
afterEach(() => bench.close())

const MISSING = 'b-00000000-0000-4000-8000-000000000000'

test.each(['SWITCHOVER', 'failover'])(
  '%s of a broker without a counterpart is refused with the reason',
  async (Mode) => {
    const BrokerId = await create(life, bench.contextOf())
    await expect(run(life, 'Promote', { BrokerId, Mode }, bench.contextOf())).rejects.toMatchObject({
      code: 'BadRequestException',
      message: expect.stringContaining('data replication mode is [NONE]') as string,
      members: { ErrorAttribute: 'broker-id' },
    })
  },
)

test('an unknown mode and an unknown broker are told apart', async () => {
  await expect(run(life, 'Promote', { BrokerId: MISSING, Mode: 'SIDEWAYS' }, bench.contextOf())).rejects.toMatchObject({
    members: { ErrorAttribute: 'mode' },
  })
  await expect(run(life, 'Promote', { BrokerId: MISSING, Mode: 'FAILOVER' }, bench.contextOf())).rejects.toMatchObject({
    code: 'NotFoundException',
  })
})

test('a broker that takes part in data replication cannot be created, so none can be promoted', async () => {
  for (const changes of [
    { DataReplicationMode: 'CRDR' },
    { DataReplicationPrimaryBrokerArn: 'arn:aws:mq:us-east-1:111122223333:broker:a:b-1' },
  ]) {
    await expect(run(life, 'CreateBroker', newBroker(changes), bench.contextOf())).rejects.toMatchObject({
      code: 'BadRequestException',
    })
  }
})

test('nothing is shared with a broker, and shares cannot be given to it', async () => {
  const BrokerId = await create(life, bench.contextOf())
  expect(await run(life, 'DescribeSharedResources', { BrokerId }, bench.contextOf())).toEqual({ SharedResources: [] })
  await expect(run(life, 'DescribeSharedResources', { BrokerId: MISSING }, bench.contextOf())).rejects.toMatchObject({
    code: 'NotFoundException',
  })
  await expect(
    run(life, 'DescribeSharedResources', { BrokerId, MaxResults: 101 }, bench.contextOf()),
  ).rejects.toMatchObject({ members: { ErrorAttribute: 'maxResults' } })
})

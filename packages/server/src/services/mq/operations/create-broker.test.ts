import { afterEach, beforeEach, expect, test } from 'vitest'
import { accountId, region } from '#kernel/ids.ts'
import {
  type Bench,
  type Life,
  ACCOUNT,
  REGION,
  create,
  newBroker,
  openBench,
  run,
} from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life

// The reconciler is not started: what a handler commits stays as it was committed.
beforeEach(() => {
  bench = openBench()
  life = bench.live()
})
afterEach(() => bench.close())

const both = { Logs: { General: true, Audit: true } }

test('the answer is the id and the ARN, nothing else', async () => {
  const answer = await run(life, 'CreateBroker', newBroker(), bench.contextOf())
  expect(answer.BrokerId).toMatch(/^b-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(answer).toEqual({
    BrokerId: answer.BrokerId,
    BrokerArn: `arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${String(answer.BrokerId)}`,
  })
})

test('what was asked for is committed before the answer', async () => {
  const record = await bench.read(await create(life, bench.contextOf(), both))
  expect(record).toMatchObject({
    state: 'CREATION_IN_PROGRESS',
    brokerName: 'MyBroker',
    desired: { logs: { general: true, audit: true } },
  })
  expect(record).not.toHaveProperty('applied')
})

test('passwords are sealed: the store never sees one', async () => {
  await create(life, bench.contextOf(), {
    Users: [{ Username: 'admin', Password: 'correct horse battery' }],
    CreatorRequestId: 'x',
  })
  expect(bench.written()).toContain('MyBroker')
  expect(bench.written()).not.toContain('correct horse battery')
})

test('a sealed password cannot be moved to another user or broker', async () => {
  const Users = [
    { Username: 'admin', Password: 'correct horse battery' },
    { Username: 'other', Password: 'correct horse battery' },
  ]
  const record = await bench.read(await create(life, bench.contextOf(), { Users }))
  const [admin, other] = record?.desired.users ?? []
  expect(admin?.sealedPassword).not.toBe(other?.sealedPassword)
  await bench.store.change({ account: ACCOUNT, region: REGION, brokerId: record?.brokerId ?? '' }, (broker) => ({
    ...broker,
    desired: {
      ...broker.desired,
      users: broker.desired.users.map((user) => ({ ...user, sealedPassword: admin?.sealedPassword ?? '' })),
    },
  }))
  await life.reconciler.start()
  await bench.untilState(record?.brokerId ?? '', 'CREATION_FAILED')
  expect(bench.world.starts).toEqual([])
})

test('a name that is taken is a conflict, and leaves no log groups behind', async () => {
  await create(life, bench.contextOf())
  await expect(run(life, 'CreateBroker', newBroker(both), bench.contextOf())).rejects.toMatchObject({
    code: 'ConflictException',
    status: 409,
    members: { ErrorAttribute: 'brokerName' },
  })
  expect(bench.logs.calls).toEqual([])
})

test('of several creations of one name at once, one wins and only its log groups exist', async () => {
  const answers = await Promise.allSettled(
    Array.from({ length: 5 }, () => run(life, 'CreateBroker', newBroker(both), bench.contextOf())),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(bench.logs.groups.size).toBe(2)
})

test('names differ by case, and are free in another region', async () => {
  await create(life, bench.contextOf())
  await create(life, bench.contextOf(), { BrokerName: 'mybroker' })
  const elsewhere = { ...bench.contextOf(), region: region('eu-west-1') }
  const { BrokerArn: arn } = await run(life, 'CreateBroker', newBroker(), elsewhere)
  expect(arn).toContain(':eu-west-1:')
})

test('the same creatorRequestId means the same broker, also at the same time', async () => {
  const input = newBroker({ ...both, CreatorRequestId: 'tf-MyBroker-1' })
  const answers = await Promise.all([1, 2, 3].map(() => run(life, 'CreateBroker', input, bench.contextOf())))
  answers.push(await run(life, 'CreateBroker', { ...input }, bench.contextOf()))
  expect(new Set(answers.map(({ BrokerId: id }) => id)).size).toBe(1)
  expect(new Set(answers.map(({ BrokerArn: arn }) => arn)).size).toBe(1)
  expect((await bench.store.refs()).length).toBe(1)
  expect(bench.logs.calls).toHaveLength(2)
})

test('members in another order are the same request', async () => {
  const input = newBroker({ CreatorRequestId: 'one', Tags: { a: '1', b: '2' } })
  const { BrokerName, EngineType, ...rest } = input
  const turned = { EngineType, ...rest, Tags: { b: '2', a: '1' }, BrokerName }
  const first = await run(life, 'CreateBroker', input, bench.contextOf())
  expect(await run(life, 'CreateBroker', turned, bench.contextOf())).toEqual(first)
})

test('the same creatorRequestId with other parameters is a conflict', async () => {
  await create(life, bench.contextOf(), { CreatorRequestId: 'one' })
  await expect(create(life, bench.contextOf(), { CreatorRequestId: 'one', BrokerName: 'Other' })).rejects.toMatchObject(
    {
      code: 'ConflictException',
      members: { ErrorAttribute: 'creatorRequestId' },
    },
  )
})

test('what is kept of a request says nothing about its passwords: another one is the same request', async () => {
  const first = await create(life, bench.contextOf(), { CreatorRequestId: 'one' })
  const Users = [{ Username: 'admin', Password: 'another horse battery' }]
  expect(await create(life, bench.contextOf(), { CreatorRequestId: 'one', Users })).toBe(first)
})

test('another account has creatorRequestIds and names of its own', async () => {
  const bob = { ...bench.contextOf(), account: accountId('999988887777') }
  const mine = await create(life, bench.contextOf(), { CreatorRequestId: 'one' })
  expect(await create(life, bob, { CreatorRequestId: 'one' })).not.toBe(mine)
})

test('without a creatorRequestId every request is one of its own', async () => {
  await create(life, bench.contextOf())
  await expect(create(life, bench.contextOf())).rejects.toMatchObject({ code: 'ConflictException' })
  await create(life, bench.contextOf(), { BrokerName: 'Other', CreatorRequestId: '' })
})

test('bad input changes nothing', async () => {
  await expect(create(life, bench.contextOf(), { ...both, Users: [] })).rejects.toMatchObject({
    code: 'BadRequestException',
  })
  expect(await bench.store.refs()).toEqual([])
  expect(bench.logs.calls).toEqual([])
})

test('the 201st broker of a region is refused before anything is made', async () => {
  const record = await bench.read(await create(life, bench.contextOf()))
  if (record === undefined) throw new Error('there is no record')
  await Promise.all(
    Array.from({ length: 199 }, (_, index) => {
      const brokerId = `b-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
      return bench.store.create({ ...record, brokerId, brokerName: `broker-${String(index)}` })
    }),
  )
  await expect(create(life, bench.contextOf(), { ...both, BrokerName: 'one-too-many' })).rejects.toThrow(
    /limit of 200 brokers/,
  )
  expect(bench.logs.calls).toEqual([])
})

test('the log groups are asked for as the caller, through Amazon MQ, before the record is committed', async () => {
  const seen: (number | undefined)[] = []
  bench.logs.refuse = () => {
    seen.push(bench.world.starts.length)
    return undefined
  }
  const ctx = bench.contextOf()
  const brokerId = await create(life, ctx, both)
  expect(bench.logs.calls).toEqual(
    ['general', 'audit'].map((log) => ({
      as: { kind: 'caller', ctx, via: 'mq.amazonaws.com' },
      operation: 'CreateLogGroup',
      group: `/aws/amazonmq/broker/${brokerId}/${log}`,
    })),
  )
  expect(seen).toEqual([0, 0])
})

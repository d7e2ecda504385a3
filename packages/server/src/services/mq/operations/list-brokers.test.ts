import { afterEach, beforeEach, expect, test } from 'vitest'
import { region } from '#kernel/ids.ts'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench
let life: Life

beforeEach(() => {
  bench = openBench()
  life = bench.live()
})
afterEach(() => bench.close())

test('no brokers are an empty list', async () => {
  expect(await run(life, 'ListBrokers', {}, bench.contextOf())).toEqual({ BrokerSummaries: [] })
})

test('a summary has what AWS lists, and neither logs nor tags', async () => {
  const ctx = bench.contextOf()
  const brokerId = await create(life, ctx, { Tags: { team: 'payments' } })
  expect(await run(life, 'ListBrokers', {}, ctx)).toEqual({
    BrokerSummaries: [
      {
        BrokerId: brokerId,
        BrokerArn: `arn:aws:mq:us-east-1:111122223333:broker:MyBroker:${brokerId}`,
        BrokerName: 'MyBroker',
        BrokerState: 'CREATION_IN_PROGRESS',
        Created: ctx.now,
        DeploymentMode: 'SINGLE_INSTANCE',
        EngineType: 'ActiveMQ',
        HostInstanceType: 'mq.m5.large',
      },
    ],
  })
})

test('every broker comes once, in pages, also while the number of pages is even', async () => {
  const ids = []
  for (let index = 0; index < 6; index++)
    ids.push(await create(life, bench.contextOf(), { BrokerName: `broker-${String(index)}` }))
  const seen: (string | undefined)[] = []
  let pages = 0
  let NextToken: string | undefined
  do {
    const page = await run(life, 'ListBrokers', { MaxResults: 3, NextToken }, bench.contextOf())
    seen.push(...(page.BrokerSummaries ?? []).map(({ BrokerId: id }) => id))
    pages += 1
    ;({ NextToken } = page)
  } while (NextToken !== undefined)
  expect(seen).toEqual(ids.toSorted())
  expect(pages).toBe(2)
})

test('other accounts and regions are not listed', async () => {
  await create(life, bench.contextOf())
  const elsewhere = { ...bench.contextOf(), region: region('eu-west-1') }
  expect(await run(life, 'ListBrokers', {}, elsewhere)).toEqual({ BrokerSummaries: [] })
})

test('a token that was made up is refused', async () => {
  await expect(run(life, 'ListBrokers', { NextToken: 'abc' }, bench.contextOf())).rejects.toMatchObject({
    code: 'BadRequestException',
    members: { ErrorAttribute: 'nextToken' },
  })
})

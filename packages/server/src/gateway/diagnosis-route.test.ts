import { afterEach, expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { AwsError } from '#kernel/errors.ts'
import { adminRoutes } from '#gateway/admin.ts'
import { type DiagnosisDeps, diagnosisRoute } from '#gateway/diagnosis-route.ts'
import {
  type GatewayBench,
  type GatewayBenchOptions,
  ROOT_KEY,
  type Signing,
  allow,
  openGatewayBench,
  policy,
  restCallOf,
  requestOf,
} from '../../../testkit/src/gateway-bench.ts'

const benches: GatewayBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})

const MQ: GatewayBenchOptions['mq'] = {
  operations: { DescribeBroker: () => ({}) },
  access: {
    DescribeBroker: {
      category: 'management',
      readOnly: true,
      checks: ({ BrokerId }, { account }) => [
        { action: 'mq:DescribeBroker', resource: `arn:aws:mq:us-east-1:${account}:broker:orders:${BrokerId}` },
      ],
    },
  },
}

const asked: unknown[] = []
const diagnose: DiagnosisDeps['diagnose'] = async (broker, { account, region, caller }) => {
  asked.push({ broker, account, region, caller: caller.principal.kind })
  if (broker !== 'orders' && broker !== 'b-1')
    throw new AwsError('NotFoundException', 404, `Can't find requested broker [${broker}].`)
  return { brokerId: 'b-1', brokerName: 'orders', steps: [] }
}

function open(mq: GatewayBenchOptions['mq'] = MQ) {
  asked.length = 0
  const bench = openGatewayBench(mq === undefined ? {} : { mq })
  benches.push(bench)
  const { gatekeeping, registry, gateway, iam, telemetry } = bench
  const routes = adminRoutes(
    [diagnosisRoute({ ...gatekeeping, registry, clock: iam.clock, call: gateway.call, diagnose })],
    telemetry,
  )
  const why = async (broker: string, signing: Signing = ROOT_KEY): Promise<Reply | undefined> =>
    routes(restCallOf('GET', `/_sluice/why/${broker}`, undefined, signing))
  return { bench, why, routes }
}

const bodyOf = (reply: Reply | undefined): { readonly message?: string } =>
  JSON.parse(String(reply?.body)) as { readonly message?: string }

test('whoever may describe the broker may ask, by id or name', async () => {
  const { bench, why } = open()
  const { key } = await bench.user(
    'bob',
    policy(allow('mq:DescribeBroker', { Resource: 'arn:aws:mq:*:*:broker:orders:b-1' })),
  )
  for (const broker of ['orders', 'b-1']) {
    const reply = await why(broker, key)
    expect([reply?.status, bodyOf(reply)]).toEqual([200, { brokerId: 'b-1', brokerName: 'orders', steps: [] }])
  }
  expect(asked[0]).toEqual({ broker: 'orders', account: '111122223333', region: 'us-east-1', caller: 'user' })
})

test('whoever may not is told so, and not what the broker is like', async () => {
  const { bench, why } = open()
  const { key } = await bench.user('bob', policy(allow('mq:ListBrokers')))
  const reply = await why('orders', key)
  expect(reply?.status).toBe(403)
  expect(bodyOf(reply).message).toContain('user/bob is not authorized to perform: mq:DescribeBroker')
  expect(bodyOf(reply)).not.toHaveProperty('steps')
})

test('a broker that is not there is 404 for those who may know, and a denial for everyone else', async () => {
  const { bench, why } = open()
  const { key } = await bench.user('bob')
  expect((await why('nothing'))?.status).toBe(404)
  expect((await why('nothing', key))?.status).toBe(403)
})

test('an unsigned or badly signed question is refused before anything is looked up', async () => {
  const { why, routes } = open()
  expect((await routes(requestOf({ rawUrl: '/_sluice/why/orders' })))?.status).toBe(403)
  expect((await why('orders', { ...ROOT_KEY, secret: 'guessed' }))?.status).toBe(403)
  expect(asked).toEqual([])
})

test('without DescribeBroker there is no permission to go by, so nobody may ask', async () => {
  const { why } = open({})
  expect((await why('orders'))?.status).toBe(501)
  expect(asked).toEqual([])
})

test('a name is taken as it was meant, percent-encoded or not', async () => {
  const { why } = open()
  expect(bodyOf(await why('my%20broker')).message).toBe("Can't find requested broker [my broker].")
})

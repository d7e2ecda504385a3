import { afterEach, expect, test } from 'vitest'
import {
  type GatewayBench,
  type GatewayBenchOptions,
  ROOT_KEY,
  allow,
  codeOf,
  deny,
  needs,
  openGatewayBench,
  policy,
} from '../../../testkit/src/gateway-bench.ts'
import { ACCOUNT } from '#services/iam/test-bench.ts'

const benches: GatewayBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})

function open(options: GatewayBenchOptions = {}) {
  let ran = 0
  const bench = openGatewayBench({
    logs: {
      operations: {
        CreateLogGroup: () => {
          ran += 1
          return {}
        },
      },
      access: { CreateLogGroup: needs('logs:CreateLogGroup') },
    },
    mode: 'audit',
    ...options,
  })
  benches.push(bench)
  return { bench, ran: () => ran }
}

const create = (bench: GatewayBench, signing = ROOT_KEY) =>
  bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, signing)

test('what policies deny is carried out, and recorded as what it is', async () => {
  const { bench, ran } = open()
  const { key } = await bench.user('bob', policy(allow('logs:*'), deny('logs:CreateLogGroup')))
  const reply = await create(bench, key)
  expect([reply.status, ran()]).toEqual([200, 1])
  const message = `User: arn:aws:iam::${ACCOUNT}:user/bob is not authorized to perform: logs:CreateLogGroup on resource: * with an explicit deny in an identity-based policy`
  expect(bench.records()).toEqual([
    expect.objectContaining({ additionalEventData: { iamMode: 'audit', wouldBeDenied: [message] } }),
  ])
  expect(bench.records()[0]).not.toHaveProperty('errorCode')
  expect(bench.denials.find(String(reply.headers['x-amzn-requestid']))).toEqual([
    expect.objectContaining({ end: 'let through', message, operation: 'CreateLogGroup' }),
  ])
  expect(bench.counters()).toContain('denials_total{service=logs,operation=CreateLogGroup,end=let through} 1')
  expect(bench.warnings).toEqual([{ event: 'would_be_denied', requestId: reply.headers['x-amzn-requestid'], message }])
})

test('every denial of a call is recorded, not just the first', async () => {
  const checks = () => ['logs:CreateLogGroup', 'logs:TagResource'].map((action) => ({ action, resource: '*' }))
  const { bench } = open({
    logs: {
      operations: { CreateLogGroup: () => ({}) },
      access: { CreateLogGroup: { category: 'management', readOnly: false, checks } },
    },
  })
  const { key } = await bench.user('bob')
  const reply = await create(bench, key)
  expect(bench.denials.find(String(reply.headers['x-amzn-requestid']))).toHaveLength(2)
})

test('what is allowed leaves no trace of the mode in its record', async () => {
  const { bench } = open()
  const reply = await create(bench)
  expect(reply.status).toBe(200)
  expect(bench.records()[0]).not.toHaveProperty('additionalEventData')
  expect(bench.denials.find(String(reply.headers['x-amzn-requestid']))).toEqual([])
})

test('a wrong signature and an unknown key are refused as ever: they are not policy', async () => {
  const { bench, ran } = open()
  expect(codeOf(await create(bench, { ...ROOT_KEY, secret: 'guessed' }))).toBe('InvalidSignatureException')
  expect(codeOf(await create(bench, { accessKeyId: 'AKIAUNKNOWN', secret: 'x' }))).toBe('UnrecognizedClientException')
  expect(ran()).toBe(0)
})

test('what cannot be evaluated is denied all the same', async () => {
  const failing = open({
    identity: (real) => ({ ...real, profile: () => Promise.reject(new Error('records are away')) }),
  })
  expect((await create(failing.bench)).status).toBe(500)
  expect(failing.ran()).toBe(0)
  const unreadable = open({
    logs: { operations: { CreateLogGroup: () => ({}) }, access: { CreateLogGroup: needs('no-action') } },
  })
  const { key } = await unreadable.bench.user('bob', policy(allow('*')))
  expect(codeOf(await create(unreadable.bench, key))).toBe('AccessDeniedException')
})

test('in the mode that is the default nothing of it happens', async () => {
  const { bench, ran } = open({ mode: 'enforce' })
  const { key } = await bench.user('bob')
  const reply = await create(bench, key)
  expect([codeOf(reply), ran()]).toEqual(['AccessDeniedException', 0])
  expect(bench.records()[0]).not.toHaveProperty('additionalEventData')
  expect(bench.denials.find(String(reply.headers['x-amzn-requestid']))).toEqual([
    expect.objectContaining({ end: 'denied' }),
  ])
})

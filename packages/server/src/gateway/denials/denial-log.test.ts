import { afterEach, beforeEach, expect, test } from 'vitest'
import { decide } from '@sluice/policy'
import { AccessDenied } from '#kernel/errors.ts'
import type { Principal } from '#kernel/principal.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import type { Judged } from '#gateway/authorize.ts'
import { type DenialLog, openDenialLog } from '#gateway/denials/denial-log.ts'
import { ACCOUNT, type Bench, contextOf, openBench, rootOf } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const denied = (resource = '*'): AccessDenied => {
  const request = {
    principal: { kind: 'user', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/bob` },
    action: 'logs:CreateLogGroup',
    resource,
    resourceAccount: ACCOUNT,
    context: {},
  } as const
  const policies = { identity: [], resource: [] }
  return new AccessDenied('AccessDenied', 403, `no ${resource}`, decide(request, policies), { request, policies })
}
const OPERATION = { service: 'logs', operation: 'CreateLogGroup' } as const
const note = (log: DenialLog, changes: Partial<Judged> = {}, denial = denied()): string => {
  const ctx: Judged = { ...contextOf(rootOf(ACCOUNT)), ...changes }
  log.note(ctx, OPERATION, [denial], 'denied')
  return ctx.requestId
}
const service: Principal = {
  kind: 'service',
  account: ACCOUNT,
  service: 'mq.amazonaws.com',
  sourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
  sourceAccount: ACCOUNT,
}
const reopened = async (): Promise<DenialLog> => {
  const log = openDenialLog(bench.records, silentTelemetry)
  await log.restore()
  return log
}

test('a denial is found by its request id at once, and after a restart', async () => {
  const log = openDenialLog(bench.records, silentTelemetry)
  const id = note(log)
  expect(log.find(id)).toEqual([expect.objectContaining({ requestId: id, end: 'denied', message: 'no *' })])
  expect(log.find('other')).toEqual([])
  expect((await reopened()).find(id)).toEqual([])
  await log.flush()
  expect((await reopened()).find(id)).toEqual(log.find(id))
})

test('only so many are kept, in memory and on the disk; the oldest goes first', async () => {
  const log = openDenialLog(bench.records, silentTelemetry, 3)
  const ids: string[] = []
  for (let at = 0; at < 5; at += 1) {
    ids.push(note(log, { now: at }))
    await log.flush()
  }
  expect(ids.map((id) => log.find(id).length)).toEqual([0, 0, 1, 1, 1])
  expect(await bench.records.listAll('gateway.denial')).toHaveLength(3)
  const again = openDenialLog(bench.records, silentTelemetry, 2)
  await again.restore()
  expect(ids.map((id) => again.find(id).length)).toEqual([0, 0, 0, 1, 1])
})

test('a service that tries again and again takes one place, each of its resources another', async () => {
  const log = openDenialLog(bench.records, silentTelemetry)
  const first = note(log, { principal: service })
  const other = note(log, { principal: service }, denied('arn:aws:logs:::other'))
  await log.flush()
  const last = note(log, { principal: service })
  await log.flush()
  expect([first, other, last].map((id) => log.find(id).length)).toEqual([0, 1, 1])
  expect(await bench.records.listAll('gateway.denial')).toHaveLength(2)
})

test('records that cannot be written are tried again, and nobody is told that they were', async () => {
  const errors: unknown[] = []
  const telemetry = {
    ...silentTelemetry,
    log: { ...silentTelemetry.log, error: (fields: unknown) => errors.push(fields) },
  }
  let broken = true
  const records: typeof bench.records = {
    ...bench.records,
    listAll: (collection) => bench.records.listAll(collection),
    commit: (changes) => (broken ? Promise.reject(new Error('disk full')) : bench.records.commit(changes)),
  }
  const log = openDenialLog(records, telemetry)
  const id = note(log)
  await log.flush()
  expect(errors).toEqual([{ event: 'denials_not_kept', message: 'disk full' }])
  broken = false
  await log.flush()
  expect((await reopened()).find(id)).toHaveLength(1)
})

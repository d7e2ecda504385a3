import { expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { AwsError } from '#kernel/errors.ts'
import { type LogFields, silentTelemetry } from '#kernel/telemetry.ts'
import { type AdminRoute, adminRoutes, json } from '#gateway/admin.ts'
import { requestOf } from '../../../testkit/src/gateway-bench.ts'

const echo = (method: AdminRoute['method'], path: string): AdminRoute => ({
  method,
  path,
  answer: (_request, rest, query) => json(200, { path, rest, query: Object.fromEntries(query) }),
})

const errors: LogFields[] = []
const telemetry = {
  ...silentTelemetry,
  log: { ...silentTelemetry.log, error: (fields: LogFields) => errors.push(fields) },
}
const failing = (error: unknown): AdminRoute => ({
  method: 'GET',
  path: '/_sluice/fails',
  answer: async () => {
    throw error
  },
})

async function ask(routes: readonly AdminRoute[], method: string, rawUrl: string): Promise<Reply | undefined> {
  return adminRoutes(routes, telemetry)(requestOf({ method, rawUrl }))
}
const bodyOf = (reply: Reply | undefined): unknown => JSON.parse(String(reply?.body))

const routes = [
  echo('GET', '/_sluice/health'),
  echo('GET', '/_sluice/why/'),
  echo('POST', '/_sluice/clock'),
  echo('GET', '/livez'),
]

test.each(['/', '/v1/brokers', '/_sluice', '/_other/x', '/livez/x', '//_sluice', 'http://[broken'])(
  '%s is not a path of the platform itself',
  async (rawUrl) => {
    expect(await ask(routes, 'GET', rawUrl)).toBeUndefined()
  },
)

test('an exact path is found, with its query', async () => {
  expect(bodyOf(await ask(routes, 'GET', '/_sluice/health?a=1'))).toEqual({
    path: '/_sluice/health',
    rest: '',
    query: { a: '1' },
  })
  expect(bodyOf(await ask(routes, 'GET', '/livez'))).toMatchObject({ path: '/livez' })
})

test('what follows a prefix is handed on percent-decoded', async () => {
  expect(bodyOf(await ask(routes, 'GET', '/_sluice/why/my%20broker%2F1'))).toMatchObject({ rest: 'my broker/1' })
})

test('a path that is no percent-encoded UTF-8 is the fault of the client', async () => {
  const reply = await ask(routes, 'GET', '/_sluice/why/%ff')
  expect([reply?.status, bodyOf(reply)]).toEqual([
    400,
    expect.objectContaining({ message: 'The path is not percent-encoded UTF-8.' }),
  ])
})

test('a path of the platform that nobody serves is 404 and never a call of a service', async () => {
  expect((await ask(routes, 'GET', '/_sluice/nothing'))?.status).toBe(404)
  expect((await ask(routes, 'GET', '/_sluice/health/'))?.status).toBe(404)
})

test('another method is 405; HEAD is answered where GET is', async () => {
  expect((await ask(routes, 'POST', '/_sluice/health'))?.status).toBe(405)
  expect((await ask(routes, 'GET', '/_sluice/clock'))?.status).toBe(405)
  expect((await ask(routes, 'HEAD', '/_sluice/health'))?.status).toBe(200)
  expect((await ask(routes, 'HEAD', '/_sluice/clock'))?.status).toBe(405)
})

test('a fault is answered with its status, code and message', async () => {
  const reply = await ask([failing(new AwsError('AccessDeniedException', 403, 'no'))], 'GET', '/_sluice/fails')
  expect([reply?.status, bodyOf(reply)]).toEqual([403, { __type: 'AccessDeniedException', message: 'no' }])
})

test('anything else is 500, says nothing of what happened inside, and is logged', async () => {
  errors.length = 0
  const reply = await ask([failing(new Error('SELECT secret FROM records'))], 'GET', '/_sluice/fails')
  expect(reply?.status).toBe(500)
  expect(String(reply?.body)).not.toContain('SELECT')
  expect(errors).toEqual([expect.objectContaining({ event: 'internal_error', message: 'SELECT secret FROM records' })])
})

test('JSON answers end with a line break, so that curl leaves the prompt alone', () => {
  expect(json(200, { a: 1 })).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}\n',
  })
})

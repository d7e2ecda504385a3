import { randomBytes } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { accountRoutes } from '#gateway/accounts/account-routes.ts'
import { containerRoute } from '#gateway/accounts/container-route.ts'
import { containerTokens } from '#gateway/accounts/container-token.ts'
import { adminRoutes } from '#gateway/admin.ts'
import type { GatewayRequest } from '#gateway/request.ts'
import { accountDirectory } from '#services/iam/port.ts'
import {
  type GatewayBench,
  ROOT_KEY,
  type Signing,
  allow,
  openGatewayBench,
  policy,
  requestOf,
  restCallOf,
} from '../../../../testkit/src/gateway-bench.ts'
import { ACCOUNT } from '#services/iam/test-bench.ts'

const benches: GatewayBench[] = []
afterEach(async () => {
  await Promise.all(benches.splice(0).map((bench) => bench.close()))
})

const OPERATOR: Signing = { accessKeyId: '000000000000', secret: 'test' }
const OTHER: Signing = { accessKeyId: '444455556666', secret: 'test' }

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

function open(loopback = true) {
  const bench = openGatewayBench()
  benches.push(bench)
  const { identity, iam, telemetry } = bench
  const accounts = accountDirectory({ ...iam, rootKeys: [], loopback })
  const tokens = containerTokens(randomBytes(32))
  const deps = { accounts, tokens, identity, clock: iam.clock, telemetry }
  const routes = adminRoutes(
    [...accountRoutes(deps), containerRoute({ accounts, tokens, host: '127.0.0.1' })],
    telemetry,
  )
  const answer = async (request: GatewayRequest): Promise<Answer> => {
    const reply = (await routes(request)) as Reply
    return { status: reply.status, body: JSON.parse(String(reply.body)) as Answer['body'] }
  }
  const call = (method: string, path: string, signing: Signing = OPERATOR, body?: object) =>
    answer(restCallOf(method, `/_sluice/${path}`, body, signing))
  const fetchCredentials = (
    changes: { readonly [name: string]: string } = {},
    ip = '127.0.0.1',
    id: string = ACCOUNT,
  ) => {
    const headers = { host: 'localhost:4566', authorization: tokens.of(ACCOUNT), ...changes }
    const request = requestOf({ rawUrl: `/_sluice/credentials/${id}`, headers })
    return answer({ ...request, source: { ...request.source, ip } })
  }
  return { bench, call, fetchCredentials, answer, tokens }
}

test('whoever runs the platform makes an account; its key works at once and is not shown again', async () => {
  const { bench, call } = open(false)
  const made = await call('POST', 'accounts', OPERATOR, { id: '999988887777', name: 'dev' })
  expect(made).toMatchObject({ status: 201, body: { id: '999988887777', name: 'dev' } })
  const { accessKeyId, secret } = made.body as { readonly accessKeyId: string; readonly secret: string }
  const who = await bench.send('sts', 'GetCallerIdentity', {}, { accessKeyId, secret })
  expect(String(who.body)).toContain('arn:aws:iam::999988887777:root')
  const listed = await call('GET', 'accounts')
  expect(JSON.stringify(listed.body)).toContain('999988887777')
  expect(JSON.stringify(listed.body)).not.toContain(secret)
  expect((await call('POST', 'accounts', OPERATOR, { id: '999988887777' })).status).toBe(409)
})

test('nobody else makes or lists accounts: not the root of another account, not an administrator', async () => {
  const { bench, call } = open()
  const { key } = await bench.user('admin', policy(allow('*')))
  for (const signing of [ROOT_KEY, key, { ...OPERATOR, secret: 'guessed' }]) {
    expect((await call('POST', 'accounts', signing, { id: '999988887777' })).status).toBe(403)
    expect((await call('GET', 'accounts', signing)).status).toBe(403)
  }
  expect(await bench.iam.records.listAll('platform.account')).toEqual([])
})

test.each([[[]], [{}], [{ id: 7 }], [{ id: '999988887777', key: 'x' }], [{ id: '999988887777', secret: 'only' }]])(
  'the body %j is refused',
  async (body) => {
    const { bench, call } = open()
    expect((await call('POST', 'accounts', OPERATOR, body)).status).toBe(400)
    expect(await bench.iam.records.listAll('platform.account')).toEqual([])
  },
)

test('an administrator of an account is not its root user', async () => {
  const { bench, call } = open()
  const { key } = await bench.user('admin', policy(allow('*')))
  expect((await call('GET', `accounts/${ACCOUNT}`, key)).status).toBe(403)
  expect((await call('POST', `accounts/${ACCOUNT}/credentials`, key)).status).toBe(403)
})

test('an account is told about itself, to its own root user and to whoever runs the platform', async () => {
  const { call, tokens } = open()
  const own = { status: 200, body: { id: ACCOUNT, name: ACCOUNT, containerToken: tokens.of(ACCOUNT) } }
  expect(await call('GET', `accounts/${ACCOUNT}`)).toEqual(own)
  expect(await call('GET', `accounts/${ACCOUNT}`, ROOT_KEY)).toEqual(own)
  expect((await call('GET', `accounts/${ACCOUNT}`, OTHER)).status).toBe(403)
  expect((await call('POST', `accounts/${ACCOUNT}/credentials`, OTHER)).status).toBe(403)
  expect((await call('POST', `accounts/${ACCOUNT}/else`, ROOT_KEY)).status).toBe(404)
})

test('credentials of an account are a session of its root user that may use IAM too', async () => {
  const { bench, call } = open()
  const { body } = await call('POST', `accounts/${ACCOUNT}/credentials`)
  const { AccessKeyId, SecretAccessKey, Token, Expiration } = body as Record<string, string>
  expect(Date.parse(Expiration ?? '') - bench.iam.clock.now()).toBeLessThanOrEqual(3_600_000)
  const session: Signing = { accessKeyId: AccessKeyId ?? '', secret: SecretAccessKey ?? '', sessionToken: Token ?? '' }
  expect((await bench.send('iam', 'ListUsers', {}, session)).status).toBe(200)
  bench.iam.clock.at += 3_600_001
  expect((await bench.send('iam', 'ListUsers', {}, session)).status).toBe(403)
})

test('a container gets the credentials of the account whose token it shows', async () => {
  const { bench, fetchCredentials } = open()
  const { status, body } = await fetchCredentials()
  expect(status).toBe(200)
  const { AccessKeyId = '', SecretAccessKey = '', Token = '' } = body as Record<string, string>
  const signing = { accessKeyId: AccessKeyId, secret: SecretAccessKey, sessionToken: Token }
  expect(String((await bench.send('sts', 'GetCallerIdentity', {}, signing)).body)).toContain(`iam::${ACCOUNT}:root`)
})

test.each([
  { name: 'no token', headers: { authorization: '' }, status: 401 },
  { name: 'a wrong token', headers: { authorization: 'x'.repeat(43) }, status: 401 },
  { name: 'a web page', headers: { origin: 'http://localhost:3000' }, status: 403 },
  { name: 'a browser', headers: { 'sec-fetch-site': 'none' }, status: 403 },
  { name: 'a name that somebody pointed here', headers: { host: 'evil.example' }, status: 403 },
])('a container with $name gets nothing', async ({ headers, status }) => {
  const answer = await open().fetchCredentials(headers)
  expect(answer.status).toBe(status)
  expect(answer.body).toEqual({ code: 'AccessDenied', message: expect.any(String) })
})

test('a token is of one account, and good on this machine only', async () => {
  const { fetchCredentials } = open()
  expect((await fetchCredentials({}, '127.0.0.1', '444455556666')).status).toBe(401)
  expect((await fetchCredentials({}, '127.0.0.1', 'nonsense')).status).toBe(401)
  for (const ip of ['192.168.1.7', '10.0.0.1', '::ffff:10.0.0.1', ''])
    expect((await fetchCredentials({}, ip)).status).toBe(403)
  expect((await fetchCredentials({}, '::1')).status).toBe(200)
})

test('an account that is not there has no credentials, whatever token is shown', async () => {
  expect((await open(false).fetchCredentials()).status).toBe(404)
})

import { afterEach, expect, test } from 'vitest'
import type { Reply } from '@sluice/wire'
import { adminRoutes } from '#gateway/admin.ts'
import type { DenialView } from '#gateway/denials/denial-view.ts'
import { whyDeniedRoute } from '#gateway/denials/why-denied-route.ts'
import {
  type GatewayBench,
  type GatewayBenchOptions,
  ROOT_KEY,
  type Signing,
  allow,
  needs,
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

const OTHER: Signing = { accessKeyId: '444455556666', secret: 'test' }
const LOGS: NonNullable<GatewayBenchOptions['logs']> = {
  operations: { CreateLogGroup: () => ({}) },
  access: { CreateLogGroup: needs('logs:CreateLogGroup') },
}

function open(options: GatewayBenchOptions = {}) {
  const bench = openGatewayBench({ ...options, logs: LOGS })
  benches.push(bench)
  const { gatekeeping, registry, gateway, iam, telemetry, denials } = bench
  const deps = { ...gatekeeping, registry, clock: iam.clock, call: gateway.call, denials }
  const routes = adminRoutes([whyDeniedRoute(deps)], telemetry)
  const ask = async (id: string, signing: Signing = ROOT_KEY): Promise<Reply> => {
    const reply = await routes(restCallOf('GET', `/_sluice/why-denied/${id}`, undefined, signing))
    if (reply === undefined) throw new Error('the path is not the platform’s own')
    return reply
  }
  const why = async (id: string, signing: Signing = ROOT_KEY): Promise<readonly DenialView[]> => {
    const reply = await ask(id, signing)
    expect(reply.status).toBe(200)
    return (JSON.parse(String(reply.body)) as { readonly denials: readonly DenialView[] }).denials
  }
  return { bench, ask, why, routes }
}

const idOf = (reply: Reply): string =>
  String(reply.headers['x-amzn-requestid'] ?? /<RequestId>([^<]+)/.exec(String(reply.body))?.[1])
const create = async (bench: GatewayBench, signing: Signing): Promise<string> =>
  idOf(await bench.send('logs', 'CreateLogGroup', { logGroupName: 'secret-group' }, signing))

const CONDITIONED = `{
  "Version": "2012-10-17",
  "Statement": [
    { "Sid": "Reads", "Effect": "Allow", "Action": "logs:Get*", "Resource": "*" },
    {
      "Sid": "FromOffice", "Effect": "Allow", "Action": "logs:CreateLogGroup", "Resource": "*",
      "Condition": { "StringEquals": { "aws:RequestedRegion": "eu-west-1", "aws:PrincipalTag/team": "ops" } }
    }
  ]
}`

async function conditioned(bench: GatewayBench): Promise<Signing> {
  const { key } = await bench.user('bob')
  await bench.iam.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'office', PolicyDocument: CONDITIONED })
  return key
}

test('the answer names statement, place, source text, conditions with values, missing keys and what would help', async () => {
  const { bench, why } = open()
  const [denial] = await why(await create(bench, await conditioned(bench)))
  expect(denial).toMatchObject({
    end: 'denied',
    call: 'logs CreateLogGroup',
    message: expect.stringContaining('because no identity-based policy allows the logs:CreateLogGroup action'),
    verdict: `arn:aws:iam::${ACCOUNT}:user/bob may not perform logs:CreateLogGroup on *: no identity policy allows it.`,
    missingKeys: ['aws:PrincipalTag/team'],
  })
  const [statement] = denial?.statements ?? []
  expect(statement?.where).toBe('identity policy office, line 5, column 5')
  expect(statement?.excerpt).toContain('"Sid": "FromOffice"')
  expect(statement?.excerpt).not.toContain('Reads')
  expect(statement?.sentences.join(' ')).toContain('aws:RequestedRegion is "eu-west-1" and the request has "us-east-1"')
  expect(statement?.sentences.join(' ')).toContain(
    'aws:PrincipalTag/team is "ops" and the request does not have that key',
  )
  expect(denial?.remedies.join(' ')).toContain('Meet the conditions of statement 2 (FromOffice) of office')
  expect(denial?.remedies.join(' ')).toContain('{"Effect":"Allow","Action":"logs:CreateLogGroup","Resource":"*"}')
})

test('an explicit denial says which Deny to remove', async () => {
  const { bench, why } = open()
  const { key } = await bench.user('bob', policy(allow('*'), { ...allow('logs:*'), Effect: 'Deny', Sid: 'No' }))
  const [denial] = await why(await create(bench, key))
  expect(denial?.remedies).toEqual(['Remove or narrow statement 2 (No) of inline: no Allow outweighs a Deny.'])
})

test('following the advice allows the call', async () => {
  const { bench, why } = open()
  const { key } = await bench.user('bob')
  const [denial] = await why(await create(bench, key))
  const statement = /\{.*\}/.exec(denial?.remedies[0] ?? '')?.[0] ?? ''
  const PolicyDocument = `{"Version":"2012-10-17","Statement":[${statement}]}`
  await bench.iam.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'advice', PolicyDocument })
  expect((await bench.send('logs', 'CreateLogGroup', { logGroupName: 'g' }, key)).status).toBe(200)
})

test('nothing of what the call carried is kept beside its condition keys', async () => {
  const { bench, ask } = open()
  const id = await create(bench, await conditioned(bench))
  expect(String((await ask(id)).body)).not.toContain('secret-group')
})

test('whoever may decode authorization messages may ask, and nobody else', async () => {
  const { bench, ask } = open()
  const id = await create(bench, await conditioned(bench))
  const { key: reader } = await bench.user('reader', policy(allow('sts:DecodeAuthorizationMessage')))
  const { key: nobody } = await bench.user('nobody', policy(allow('mq:*')))
  expect((await ask(id, reader)).status).toBe(200)
  for (const asked of [id, 'unknown']) expect((await ask(asked, nobody)).status).toBe(403)
  expect((await ask('unknown', reader)).status).toBe(404)
})

test('who only would be denied may not ask either', async () => {
  const { bench, ask } = open({ mode: 'audit' })
  const { key } = await bench.user('nobody')
  const id = await create(bench, key)
  expect((await ask(id, key)).status).toBe(403)
  expect((await ask(id)).status).toBe(200)
})

test('another account learns nothing, not even that there was a denial', async () => {
  const { bench, ask } = open()
  const id = await create(bench, await conditioned(bench))
  expect([(await ask(id, OTHER)).status, (await ask('unknown', OTHER)).status]).toEqual([404, 404])
})

test('across accounts each sees its own policies', async () => {
  const { bench, why } = open()
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'TrustOps', Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'sts:AssumeRole' }],
  })
  await bench.send('iam', 'CreateRole', { RoleName: 'shared', AssumeRolePolicyDocument: trust }, OTHER)
  const { key } = await bench.user(
    'bob',
    policy({ ...allow('sts:AssumeRole'), Sid: 'Mine', Resource: 'arn:aws:iam::*:role/other' }),
  )
  const RoleArn = 'arn:aws:iam::444455556666:role/shared'
  const id = idOf(await bench.send('sts', 'AssumeRole', { RoleArn, RoleSessionName: 'ci' }, key))
  const shown = async (signing: Signing) => JSON.stringify(await why(id, signing))
  const [mine, theirs] = [await shown(ROOT_KEY), await shown(OTHER)]
  expect(mine).toContain('Mine')
  expect(mine).not.toContain('TrustOps')
  expect(theirs).toContain('TrustOps')
  expect(theirs).not.toContain('Mine')
})

test('an unsigned question is refused', async () => {
  const { routes } = open()
  expect((await routes(requestOf({ rawUrl: '/_sluice/why-denied/x' })))?.status).toBe(403)
})

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Identified, WireError, identify } from '@sluice/wire'
import { AwsError } from '#kernel/errors.ts'
import type { IdentityPort } from '#kernel/service.ts'
import type { GatewayRequest } from '#gateway/request.ts'
import {
  type GatewayBench,
  ROOT_KEY,
  type Signing,
  callOf,
  openGatewayBench,
  restCallOf,
  requestOf,
} from '../../../testkit/src/gateway-bench.ts'
import { type Caller, verify } from '#gateway/verify.ts'

let bench: GatewayBench
beforeEach(() => {
  bench = openGatewayBench()
})
afterEach(() => bench.close())

const operationOf = (request: GatewayRequest): Identified => {
  const identified = identify(request.head, request.body)
  if (identified.kind === 'unknown') throw new Error('the request asks for no known operation')
  return identified.operation
}
const judge = (request: GatewayRequest, identity: IdentityPort = bench.identity): Promise<Caller> =>
  verify(operationOf(request), request, identity)

/** Code and status of the refusal. */
async function refusalOf(request: GatewayRequest, identity?: IdentityPort): Promise<string> {
  try {
    await judge(request, identity)
  } catch (error) {
    if (error instanceof AwsError || error instanceof WireError) return `${error.code} ${String(error.status)}`
    throw error
  }
  return 'taken'
}

const logs = (signing: Signing = ROOT_KEY): GatewayRequest => callOf('logs', 'DescribeLogGroups', {}, signing)
const mq = (signing: Signing = ROOT_KEY): GatewayRequest => restCallOf('GET', '/v1/brokers', undefined, signing)
const sts = (signing: Signing = ROOT_KEY): GatewayRequest => callOf('sts', 'GetCallerIdentity', {}, signing)

test('a good signature says who calls and for which region', async () => {
  const { principal, key } = await bench.user('bob')
  const request = logs({ ...key, region: 'eu-west-1' })
  expect(await judge(request)).toEqual({
    principal: { ...principal, accessKeyId: key.accessKeyId },
    account: '111122223333',
    region: 'eu-west-1',
    content: expect.any(Function) as unknown,
    signature: { version: 4, place: 'header', madeAt: expect.any(Number) as unknown },
  })
  expect(await judge(sts())).toMatchObject({ principal: { kind: 'root' }, account: '111122223333' })
})

test.each([
  { family: 'logs', request: logs, unknown: 'UnrecognizedClientException 400', wrong: 'InvalidSignatureException 400' },
  { family: 'mq', request: mq, unknown: 'UnrecognizedClientException 403', wrong: 'InvalidSignatureException 403' },
  { family: 'sts', request: sts, unknown: 'InvalidClientTokenId 403', wrong: 'SignatureDoesNotMatch 403' },
])(
  '$family: an unknown key, a wrong secret and a region that is none are refused in the words of the family',
  async ({ request, unknown, wrong }) => {
    expect(await refusalOf(request({ accessKeyId: 'AKIANOBODY', secret: 'x' }))).toBe(unknown)
    expect(await refusalOf(request({ ...ROOT_KEY, secret: 'guessed' }))).toBe(wrong)
    expect(await refusalOf(request({ ...ROOT_KEY, region: 'moon' }))).toBe(wrong)
    expect(await refusalOf(request({ ...ROOT_KEY, region: 'aws-global' }))).toBe(wrong)
  },
)

test('a deleted key is unknown from the next request on', async () => {
  const { key } = await bench.user('bob')
  expect(await refusalOf(logs(key))).toBe('taken')
  await bench.iam.call('DeleteAccessKey', { UserName: 'bob', AccessKeyId: key.accessKeyId })
  expect(await refusalOf(logs(key))).toBe('UnrecognizedClientException 400')
})

test('a signature for another service is refused', async () => {
  const { head, body, ...rest } = logs()
  const forMq = mq().head.headers
  const request = {
    ...rest,
    body,
    head: { ...head, headers: { ...head.headers, authorization: forMq['authorization'] } },
  }
  expect(await refusalOf(request)).toBe('InvalidSignatureException 400')
})

test("an old signature is refused by real time, however far the platform's own clock was moved", async () => {
  const hourAgo = new Date(Date.now() - 3_600_000)
  expect(await refusalOf(logs({ ...ROOT_KEY, now: hourAgo }))).toBe('InvalidSignatureException 400')
  bench.iam.clock.at += 1_000 * 86_400_000
  expect(await refusalOf(logs())).toBe('taken')
})

const withSession = (token: string | undefined): IdentityPort => ({
  ...bench.identity,
  credentials: async (id) => {
    const found = await bench.identity.credentials(id)
    return found === undefined || token === undefined ? found : { ...found, sessionToken: token }
  },
})

test.each([
  { name: 'the token of the session', has: 'token', sent: 'token', want: 'taken' },
  { name: 'another token', has: 'token', sent: 'other', want: 'UnrecognizedClientException 400' },
  { name: 'no token, where the key has one', has: 'token', sent: undefined, want: 'UnrecognizedClientException 400' },
  { name: 'a token, where the key has none', has: undefined, sent: 'token', want: 'UnrecognizedClientException 400' },
])('$name: $want', async ({ has, sent, want }) => {
  const request = logs({ ...ROOT_KEY, ...(sent === undefined ? {} : { sessionToken: sent }) })
  expect(await refusalOf(request, withSession(has))).toBe(want)
})

test('the use of a key is noted when the signature was good, and only then', async () => {
  const used: unknown[] = []
  const identity: IdentityPort = {
    ...bench.identity,
    keyUsed: (id, _at, service, region) => used.push([id, service, region]),
  }
  await refusalOf(logs({ ...ROOT_KEY, secret: 'guessed' }), identity)
  expect(used).toEqual([])
  await refusalOf(logs(), identity)
  expect(used).toEqual([['111122223333', 'logs', 'us-east-1']])
})

describe('operations that take callers without a signature though their model does not', () => {
  const unsigned = (rawUrl: string, headers: Record<string, string> = {}) => requestOf({ rawUrl, headers })
  const open = (request: GatewayRequest) =>
    verify(operationOf(request), request, bench.identity, { isOpen: true }).then(
      ({ principal }) => principal.kind,
      ({ code }: { readonly code: string }) => code,
    )

  test('who signs nothing is nobody, and only there', async () => {
    expect(await open(unsigned('/bucket/key'))).toBe('anonymous')
    await expect(
      verify(operationOf(unsigned('/bucket/key')), unsigned('/bucket/key'), bench.identity),
    ).rejects.toThrow()
  })

  test.each([
    '/bucket/key?X-Amz-Signature=00',
    '/bucket/key?a=b&X-Amz-Credential=x',
    '/bucket/key?AWSAccessKeyId=x&Signature=y&Expires=1',
    '/bucket/key?Signature=y',
  ])('%s claims a signature, so it must hold', async (rawUrl) => {
    expect(await open(unsigned(rawUrl))).not.toBe('anonymous')
  })

  test('a header that is no signature is refused', async () => {
    expect(await open(unsigned('/bucket/key', { authorization: 'AWS4-HMAC-SHA256 nonsense' }))).not.toBe('anonymous')
  })

  test('a key may look like anything', async () => {
    expect(await open(unsigned('/bucket/X-Amz-Signature=key'))).toBe('anonymous')
  })
})

import { X509Certificate, createHmac, createSign, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCertificateAuthority } from '#kernel/ca.ts'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, faultOf } from '#services/iam/test-bench.ts'
import { type StsBench, openBench } from '#services/sts/test-bench.ts'

const NOBODY: Principal = { kind: 'anonymous', account: ACCOUNT }
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2_048 })

let bench: StsBench
let server: Server
let directory: string
let issuer: string
let thumbprint: string
/** What the provider publishes. */
let published: readonly object[]

beforeEach(async () => {
  bench = openBench()
  directory = mkdtempSync(join(tmpdir(), 'oidc-'))
  published = [{ ...publicKey.export({ format: 'jwk' }), kid: 'one' }]
  const ca = await openCertificateAuthority(directory)
  const { chainPem, privateKeyPem } = await ca.issue({ commonName: 'provider', ipAddresses: ['127.0.0.1'] })
  thumbprint = new X509Certificate(ca.certificatePem).fingerprint.replaceAll(':', '')
  server = createServer({ key: privateKeyPem, cert: chainPem }, (request, response) => {
    const discovery = { issuer: `https://${issuer}`, jwks_uri: `https://${issuer}/keys` }
    response.end(JSON.stringify(request.url === '/keys' ? { keys: published } : discovery))
  })
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening)
  })
  issuer = `127.0.0.1:${String((server.address() as AddressInfo).port)}`
  await createProvider(thumbprint)
  await bench.iam.call('CreateRole', { RoleName: 'pipeline', AssumeRolePolicyDocument: trust('repo:acme/*') })
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((closed) => {
    server.close(closed)
  })
  rmSync(directory, { recursive: true, force: true })
  await bench.close()
})

const RoleArn = `arn:aws:iam::${ACCOUNT}:role/pipeline`
const providerArn = () => `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`
const createProvider = (print: string) =>
  bench.iam.call('CreateOpenIDConnectProvider', {
    Url: `https://${issuer}`,
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: [print],
  })
const trust = (subject: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: providerArn() },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
          StringLike: { [`${issuer}:sub`]: subject },
        },
      },
    ],
  })

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const claims = (changes: object = {}): object => ({
  iss: `https://${issuer}`,
  sub: 'repo:acme/shop',
  aud: 'sts.amazonaws.com',
  exp: Math.floor(bench.iam.clock.now() / 1_000) + 600,
  ...changes,
})
const token = (changes: object = {}, key = privateKey, header: object = { alg: 'RS256', kid: 'one' }): string => {
  const signed = `${part(header)}.${part(claims(changes))}`
  return `${signed}.${createSign('sha256').update(signed).sign(key).toString('base64url')}`
}
const assume = (WebIdentityToken: string, more: object = {}) =>
  bench.call('AssumeRoleWithWebIdentity', { RoleArn, RoleSessionName: 'run-7', WebIdentityToken, ...more }, NOBODY)

test('a token of a provider that the account trusts opens a session of a role that trusts its subject', async () => {
  const answer = await assume(token())
  expect(answer).toMatchObject({
    SubjectFromWebIdentityToken: 'repo:acme/shop',
    Audience: 'sts.amazonaws.com',
    Provider: providerArn(),
    AssumedRoleUser: { Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/pipeline/run-7` },
  })
  expect((await bench.behind(answer.Credentials?.AccessKeyId ?? ''))?.principal).toMatchObject({
    kind: 'role',
    session: { provider: providerArn(), subject: 'repo:acme/shop' },
  })
})

const hmac = (): string => {
  const signed = `${part({ alg: 'HS256', kid: 'one' })}.${part(claims())}`
  const secret = publicKey.export({ type: 'spki', format: 'pem' })
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}

test.each([
  { name: 'no token', make: () => 'hello', fault: 'InvalidIdentityToken 400' },
  {
    name: 'another issuer',
    make: () => token({ iss: 'https://evil.example' }),
    fault: 'No OpenIDConnect provider found',
  },
  { name: 'another audience', make: () => token({ aud: 'other' }), fault: 'Incorrect token audience' },
  { name: 'an end that has passed', make: () => token({ exp: 1 }), fault: 'ExpiredTokenException 400 Token expired' },
  { name: 'another key', make: () => token({}, other.privateKey), fault: "Couldn't retrieve verification key" },
  { name: 'no signature', make: () => token({}, privateKey, { alg: 'none', kid: 'one' }), fault: "Couldn't retrieve" },
  { name: 'the public key as a shared secret', make: hmac, fault: "Couldn't retrieve verification key" },
  {
    name: 'a subject the role does not trust',
    make: () => token({ sub: 'repo:evil/x' }),
    fault: 'AccessDenied 403 Not authorized',
  },
])('a token with $name is refused', async ({ make, fault }) => {
  expect(await faultOf(() => assume(make()))).toContain(fault)
})

test('a role that does not exist reads like one that does not trust the caller', async () => {
  const missing = await faultOf(() => assume(token(), { RoleArn: `arn:aws:iam::${ACCOUNT}:role/missing` }))
  expect(missing).toBe(await faultOf(() => assume(token({ sub: 'repo:evil/x' }))))
})

test('a provider that changed its keys is asked again, though not more often than every ten seconds', async () => {
  await assume(token())
  published = [{ ...other.publicKey.export({ format: 'jwk' }), kid: 'two' }]
  const changed = () => assume(token({}, other.privateKey, { alg: 'RS256', kid: 'two' }))
  expect(await faultOf(changed)).toContain("Couldn't retrieve verification key")
  bench.iam.clock.at += 10_000
  await changed()
})

test('a server whose certificate is neither trusted nor known by thumbprint is not believed', async () => {
  await bench.iam.call('DeleteOpenIDConnectProvider', { OpenIDConnectProviderArn: providerArn() })
  await createProvider('0'.repeat(40))
  expect(await faultOf(() => assume(token()))).toContain('IDPCommunicationError 400')
})

test('an unsigned call acts in the account of the role', () => {
  const access = bench.service.access.AssumeRoleWithWebIdentity
  expect(access?.unsignedAccount?.({ RoleArn, RoleSessionName: 'x', WebIdentityToken: 'x' })).toBe(ACCOUNT)
})

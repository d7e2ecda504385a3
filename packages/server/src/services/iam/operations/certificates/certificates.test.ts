import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CertificateAuthority, type IssuedCertificate, openCertificateAuthority } from '#kernel/ca.ts'
import type { Principal } from '#kernel/principal.ts'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'

const directory = mkdtempSync(join(tmpdir(), 'iam-certificates-'))
let authority: CertificateAuthority
let [one, two]: IssuedCertificate[] = []
beforeAll(async () => {
  authority = await openCertificateAuthority(directory)
  one = await authority.issue({ commonName: 'one.example.com', dnsNames: ['one.example.com'] })
  two = await authority.issue({ commonName: 'two.example.com', dnsNames: ['two.example.com'] })
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

let bench: Bench
let bob: Principal
beforeEach(async () => {
  bench = openBench()
  bench.clock.at = Date.now()
  bob = await bench.createUser('bob')
})
afterEach(() => bench.close())

const pair = (issued: IssuedCertificate | undefined) => ({
  CertificateBody: issued?.certificatePem ?? '',
  PrivateKey: issued?.privateKeyPem ?? '',
})
const upload = (ServerCertificateName = 'web', more: object = {}) =>
  bench.call('UploadServerCertificate', { ServerCertificateName, ...pair(one), ...more })

describe('server certificates', () => {
  test('are kept with their chain, listed by path, renamed, tagged and deleted', async () => {
    const made = await upload('web', { Path: '/edge/', CertificateChain: authority.certificatePem })
    expect(made.ServerCertificateMetadata).toMatchObject({
      ServerCertificateName: 'web',
      Arn: `arn:aws:iam::${ACCOUNT}:server-certificate/edge/web`,
      ServerCertificateId: expect.stringMatching(/^ASCA[A-Z2-7]{17}$/),
    })
    const { ServerCertificate } = await bench.call('GetServerCertificate', { ServerCertificateName: 'web' })
    expect(ServerCertificate).toMatchObject({
      CertificateBody: one?.certificatePem,
      CertificateChain: authority.certificatePem,
    })
    expect(ServerCertificate.ServerCertificateMetadata.Expiration).toBeGreaterThan(bench.clock.at)

    await bench.call('UpdateServerCertificate', {
      ServerCertificateName: 'web',
      NewServerCertificateName: 'www',
      NewPath: '/',
    })
    const listed = async (PathPrefix: string) =>
      (await bench.call('ListServerCertificates', { PathPrefix })).ServerCertificateMetadataList.map(({ Arn }) => Arn)
    expect(await listed('/')).toEqual([`arn:aws:iam::${ACCOUNT}:server-certificate/www`])
    expect(await listed('/edge/')).toEqual([])

    await bench.call('TagServerCertificate', { ServerCertificateName: 'www', Tags: [{ Key: 'team', Value: 'web' }] })
    expect((await bench.call('ListServerCertificateTags', { ServerCertificateName: 'www' })).Tags).toHaveLength(1)
    expect((await bench.call('GetAccountSummary', {})).SummaryMap).toMatchObject({ ServerCertificates: 1 })
    await bench.call('DeleteServerCertificate', { ServerCertificateName: 'www' })
    expect(await faultOf(() => bench.call('GetServerCertificate', { ServerCertificateName: 'www' }))).toBe(
      'NoSuchEntity 404 The Server Certificate with name www cannot be found.',
    )
  })

  test('the private key is looked at and not kept', async () => {
    await upload()
    const base64 = (one?.privateKeyPem ?? '').split('\n')[1] ?? ''
    expect(base64.length).toBeGreaterThan(40)
    expect(bench.written()).not.toContain(base64)
  })

  test('names are taken whatever their case', async () => {
    await upload()
    await upload('api')
    const taken = 'EntityAlreadyExists 409 The Server Certificate with name WEB already exists.'
    expect(await faultOf(() => upload('WEB'))).toBe(taken)
    const rename = { ServerCertificateName: 'api', NewServerCertificateName: 'WEB' }
    expect(await faultOf(() => bench.call('UpdateServerCertificate', rename))).toBe(taken)
    await bench.call('UpdateServerCertificate', { ServerCertificateName: 'web', NewServerCertificateName: 'Web' })
  })

  test('an account has twenty', async () => {
    for (let index = 0; index < 20; index += 1) await upload(`c${String(index)}`)
    expect(await faultOf(() => upload())).toBe(
      'LimitExceeded 409 Cannot exceed quota for ServerCertificatesPerAccount: 20',
    )
  })

  test.each([
    ['a certificate that is none', { CertificateBody: 'x' }, 'MalformedCertificate 400 Unable to parse certificate.'],
    ['a key that is none', { PrivateKey: 'x' }, 'MalformedCertificate 400 Unable to parse private key.'],
  ])('%s is refused', async (_, more, fault) => {
    expect(await faultOf(() => upload('web', more))).toContain(fault)
  })

  test('so are two certificates in one text, a stranger’s key, a chain that does not lead up, and one that is over', async () => {
    const both = `${one?.certificatePem ?? ''}${two?.certificatePem ?? ''}`
    expect(await faultOf(() => upload('web', { CertificateBody: both }))).toContain('Unable to parse certificate')
    expect(await faultOf(() => upload('web', { PrivateKey: two?.privateKeyPem }))).toContain('KeyPairMismatch 400')
    for (const [chain, index] of [
      ['nothing', 0],
      [two?.certificatePem, 0],
      [`${authority.certificatePem}${two?.certificatePem ?? ''}`, 1],
      [`${authority.certificatePem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`, 1],
    ] as const)
      expect(await faultOf(() => upload('web', { CertificateChain: chain }))).toContain(
        `The index within the chain of the invalid certificate is: ${String(index)}`,
      )
    bench.clock.at += 1_000 * 24 * 60 * 60 * 1_000
    expect(await faultOf(() => upload())).toBe('MalformedCertificate 400 The certificate has expired.')
  })
})

describe('signing certificates', () => {
  const give = (issued: IssuedCertificate | undefined, who: { readonly UserName?: string } = { UserName: 'bob' }) =>
    bench.call('UploadSigningCertificate', { ...who, CertificateBody: pair(issued).CertificateBody })
  const listed = async (UserName = 'bob') => (await bench.call('ListSigningCertificates', { UserName })).Certificates

  test('a user has two, active until told otherwise', async () => {
    const { Certificate } = await give(one)
    expect(Certificate).toMatchObject({ UserName: 'bob', Status: 'Active', CertificateBody: one?.certificatePem })
    expect(Certificate.CertificateId).toMatch(/^[A-Z2-7]{32}$/)
    await give(two)
    const third = await authority.issue({ commonName: 'three.example.com', dnsNames: ['three.example.com'] })
    expect(await faultOf(() => give(third))).toBe('LimitExceeded 409 Cannot exceed quota for CertificatesPerUser: 2')
    const named = { UserName: 'bob', CertificateId: Certificate.CertificateId }
    await bench.call('UpdateSigningCertificate', { ...named, Status: 'Inactive' })
    expect((await listed()).map(({ Status }) => Status).toSorted()).toEqual(['Active', 'Inactive'])
    await bench.call('DeleteSigningCertificate', named)
    expect(await listed()).toHaveLength(1)
    expect(await faultOf(() => bench.call('DeleteSigningCertificate', named))).toBe(
      `NoSuchEntity 404 The Certificate with id ${Certificate.CertificateId} cannot be found.`,
    )
  })

  test('a certificate is of one user of the account only', async () => {
    await bench.createUser('eve')
    await give(one)
    expect(await faultOf(() => give(one, { UserName: 'eve' }))).toContain('DuplicateCertificate 409')
    expect(await faultOf(() => give(one))).toContain('DuplicateCertificate 409')
  })

  test('somebody else’s is not found', async () => {
    await bench.createUser('eve')
    const { CertificateId } = (await give(one)).Certificate
    const change = () => bench.call('UpdateSigningCertificate', { UserName: 'eve', CertificateId, Status: 'Inactive' })
    expect(await faultOf(change)).toContain('NoSuchEntity 404')
  })

  test('without a name the caller is meant, root too', async () => {
    expect(
      (await bench.call('UploadSigningCertificate', { CertificateBody: pair(one).CertificateBody }, bob)).Certificate
        .UserName,
    ).toBe('bob')
    expect((await give(two, {})).Certificate.UserName).toBe(ACCOUNT)
    expect((await bench.call('GetAccountSummary', {})).SummaryMap).toMatchObject({
      AccountSigningCertificatesPresent: 1,
    })
  })

  test('a user with one cannot be deleted, and keeps it under another name', async () => {
    await give(one)
    expect(await faultOf(() => bench.call('DeleteUser', { UserName: 'bob' }))).toBe(
      'DeleteConflict 409 Cannot delete entity, must delete signing certificates first.',
    )
    await bench.call('UpdateUser', { UserName: 'bob', NewUserName: 'robert' })
    expect((await listed('robert')).map(({ UserName }) => UserName)).toEqual(['robert'])
  })

  test('the credential report tells them', async () => {
    const { CertificateId } = (await give(one)).Certificate
    await give(two)
    await bench.call('UpdateSigningCertificate', { UserName: 'bob', CertificateId, Status: 'Inactive' })
    await bench.call('GenerateCredentialReport', {})
    const report = Buffer.from((await bench.call('GetCredentialReport', {})).Content ?? []).toString()
    const row = report.split('\n').find((line) => line.startsWith('bob,'))
    expect(
      row
        ?.split(',')
        .slice(-4)
        .filter((cell) => cell === 'true' || cell === 'false')
        .toSorted(),
    ).toEqual(['false', 'true'])
  })

  test.each(['', 'x', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])('%j is none', async (body) => {
    const run = () => bench.call('UploadSigningCertificate', { UserName: 'bob', CertificateBody: body })
    expect(await faultOf(run)).toContain('MalformedCertificate 400')
  })

  test('only Active and Inactive can be set', async () => {
    const { CertificateId } = (await give(one)).Certificate
    const run = () => bench.call('UpdateSigningCertificate', { UserName: 'bob', CertificateId, Status: 'Expired' })
    expect(await faultOf(run)).toContain('ValidationError 400')
  })
})

test('the token version of the account is told by its summary', async () => {
  const version = async () => (await bench.call('GetAccountSummary', {})).SummaryMap?.['GlobalEndpointTokenVersion']
  expect(await version()).toBe(1)
  await bench.call('SetSecurityTokenServicePreferences', { GlobalEndpointTokenVersion: 'v2Token' })
  expect(await version()).toBe(2)
  await bench.call('SetSecurityTokenServicePreferences', { GlobalEndpointTokenVersion: 'v1Token' })
  expect(await version()).toBe(1)
})

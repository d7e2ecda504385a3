import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCertificateAuthority, pkcs12 } from '#kernel/ca.ts'
import type { CertificateAuthority, IssuedCertificate } from '#kernel/ca.ts'

const DAY = 24 * 60 * 60 * 1_000
const request = { commonName: 'b-1', dnsNames: ['broker.test'], ipAddresses: ['127.9.8.7', '2001:db8::a0:1'] }

let directory: string
let authority: CertificateAuthority
let issued: IssuedCertificate

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-ca-'))
  authority = await openCertificateAuthority(join(directory, 'ca'))
  issued = await authority.issue(request)
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const certificateOf = ({ certificatePem }: { readonly certificatePem: string }): X509Certificate =>
  new X509Certificate(certificatePem)

test('opening the directory again gives the same authority', async () => {
  const again = await openCertificateAuthority(join(directory, 'ca'))
  expect(again.certificatePem).toBe(authority.certificatePem)
})

test('key, certificate and kept bundles can be read by their owner alone, and nothing half-written stays', async () => {
  await authority.issueTo(join(directory, 'ca', 'modes.pem'), request)
  const files = await readdir(join(directory, 'ca'))
  expect(files.toSorted()).toEqual(expect.arrayContaining(['ca.key', 'ca.pem', 'modes.pem']))
  expect(files.filter((name) => name.endsWith('.new'))).toEqual([])
  for (const name of files) expect((await stat(join(directory, 'ca', name))).mode & 0o777).toBe(0o600)
  expect((await stat(join(directory, 'ca'))).mode & 0o777).toBe(0o700)
})

test('a certificate carries its names and is signed by the authority, which may sign no further authority', () => {
  const certificate = certificateOf(issued)
  expect(certificate.subjectAltName).toBe('DNS:broker.test, IP Address:127.9.8.7, IP Address:2001:DB8:0:0:0:0:A0:1')
  expect(certificate.verify(certificateOf(authority).publicKey)).toBe(true)
  expect(certificate.checkPrivateKey(createPrivateKey(issued.privateKeyPem))).toBe(true)
  expect([certificate.ca, certificateOf(authority).ca]).toEqual([false, true])
})

test('two certificates share neither key nor serial number', async () => {
  const other = await authority.issue(request)
  expect(other.privateKeyPem).not.toBe(issued.privateKeyPem)
  expect(certificateOf(other).serialNumber).not.toBe(certificateOf(issued).serialNumber)
})

test('a TLS client that trusts the authority alone accepts the server by its address', async () => {
  const local = await authority.issue({ commonName: 'b-2', ipAddresses: ['127.0.0.1'] })
  const server = createServer({ cert: local.chainPem, key: local.privateKeyPem }, (socket) => socket.end('hello'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const client = connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ca: authority.certificatePem,
  })
  await once(client, 'secureConnect')
  expect(client.authorized).toBe(true)
  client.destroy()
  await once(server.close(), 'close')
})

test.each([
  { name: 'no name at all', names: {}, says: /must name a host or an address/ },
  { name: 'an address that is none', names: { ipAddresses: ['127.0.0.999'] }, says: /127\.0\.0\.999.*no IP address/ },
])('refuses $name', async ({ names, says }) => {
  await expect(authority.issue({ commonName: 'x', ...names })).rejects.toThrow(says)
})

test('a kept certificate is used again for the same names', async () => {
  const file = join(directory, 'kept.pem')
  const first = await authority.issueTo(file, request)
  expect(await authority.issueTo(file, request)).toEqual(first)
})

test.each([
  { name: 'another address', change: { ipAddresses: ['127.9.8.8'] } },
  { name: 'another host', change: { dnsNames: ['other.test'] } },
  { name: 'another common name', change: { commonName: 'b-9' } },
])('a kept certificate is replaced for $name', async ({ name, change }) => {
  const file = join(directory, `${name}.pem`)
  const first = await authority.issueTo(file, request)
  const second = await authority.issueTo(file, { ...request, ...change })
  expect(second.certificatePem).not.toBe(first.certificatePem)
  expect(await authority.issueTo(file, { ...request, ...change })).toEqual(second)
})

test('a kept file that is damaged is replaced', async () => {
  const file = join(directory, 'damaged.pem')
  const { certificatePem, chainPem } = await authority.issueTo(file, request)
  await writeFile(file, chainPem)
  const second = await authority.issueTo(file, request)
  expect(second.certificatePem).not.toBe(certificatePem)
  expect(certificateOf(second).checkPrivateKey(createPrivateKey(second.privateKeyPem))).toBe(true)
})

test('a kept certificate near its end is replaced', async () => {
  const file = join(directory, 'old.pem')
  const past = await openCertificateAuthority(join(directory, 'ca'), () => Date.now() - 700 * DAY)
  const old = await past.issueTo(file, request)
  const renewed = await authority.issueTo(file, request)
  expect(renewed.certificatePem).not.toBe(old.certificatePem)
  expect(certificateOf(renewed).validToDate.getTime()).toBeGreaterThan(Date.now() + 800 * DAY)
})

test('a certificate is due half a year before its end, and not a day earlier', async () => {
  const file = join(directory, 'due.pem')
  let now = Date.now()
  const aging = await openCertificateAuthority(join(directory, 'ca'), () => now)
  expect(await aging.isDue(file)).toBe(false)
  const kept = await aging.issueTo(file, request)
  const end = certificateOf(kept).validToDate.getTime()
  now = end - 181 * DAY
  expect(await aging.isDue(file)).toBe(false)
  now = end - 180 * DAY
  expect(await aging.isDue(file)).toBe(true)
  await aging.issueTo(file, request)
  expect(await aging.isDue(file)).toBe(false)
})

test('the authority is renewed under the same key and name, so certificates issued before stay good', async () => {
  const place = join(directory, 'long-lived')
  const before = await openCertificateAuthority(place, () => Date.now() - 3_000 * DAY)
  const after = await openCertificateAuthority(place)
  const old = await before.issue(request)
  expect(after.certificatePem).not.toBe(before.certificatePem)
  expect(certificateOf(after).subject).toBe(certificateOf(before).subject)
  expect(certificateOf(old).verify(certificateOf(after).publicKey)).toBe(true)
  expect(certificateOf(old).checkIssued(certificateOf(after))).toBe(true)
})

test('a PKCS#12 store holds key and chain, and opens with its password only', async () => {
  const store = await pkcs12(issued, 'a "password" with <everything> & ünïcode', 'broker')
  const forge = (await import('node-forge')).default
  const open = (password: string): unknown =>
    forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(store.toString('binary')), password)
  expect(() => open('wrong')).toThrow(/MAC could not be verified/)
  const opened = open('a "password" with <everything> & ünïcode') as import('node-forge').pkcs12.Pkcs12Pfx
  const certificates = opened.getBags({ bagType: forge.pki.oids['certBag']! })[forge.pki.oids['certBag']!] ?? []
  const keys =
    opened.getBags({ bagType: forge.pki.oids['pkcs8ShroudedKeyBag']! })[forge.pki.oids['pkcs8ShroudedKeyBag']!] ?? []
  expect([certificates.length, keys.length]).toEqual([2, 1])
})

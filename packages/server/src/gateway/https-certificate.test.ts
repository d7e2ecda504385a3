import { hostname, networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { certificateNames, httpsCertificate } from '#gateway/https-certificate.ts'
import type { CertificateAuthority, IssuedCertificate } from '#kernel/ca.ts'

const ISSUED: IssuedCertificate = { certificatePem: 'c', privateKeyPem: 'k', chainPem: 'c+ca' }

test("localhost, names below it, S3's buckets, live tail names and loopback addresses are always named", () => {
  expect(certificateNames('127.0.0.1')).toEqual({
    dnsNames: ['localhost', '*.localhost', '*.s3.localhost', 'stream-localhost', 'streaming-localhost'],
    ipAddresses: ['127.0.0.1', '::1'],
  })
})

test('a configured name comes with what clients make of it, in lower case; a configured address is named too', () => {
  expect(certificateNames('Sluice.Internal').dnsNames.slice(-5)).toEqual([
    'sluice.internal',
    '*.sluice.internal',
    '*.s3.sluice.internal',
    'stream-sluice.internal',
    'streaming-sluice.internal',
  ])
  expect(certificateNames('localhost').dnsNames).toHaveLength(5)
  expect(certificateNames('10.1.2.3').ipAddresses).toEqual(['127.0.0.1', '::1', '10.1.2.3'])
})

test.each(['0.0.0.0', '::'])('on %s every address of the machine and its name are named', (host) => {
  const { dnsNames, ipAddresses } = certificateNames(host)
  expect(dnsNames).toContain(hostname().toLowerCase())
  const addresses = Object.values(networkInterfaces()).flatMap((known = []) => known.map(({ address }) => address))
  expect(ipAddresses).toEqual(expect.arrayContaining(addresses.filter((address) => !address.startsWith('fe80:'))))
  expect(ipAddresses).not.toContain(host)
})

/** An authority whose answers the test gives, and how often it was asked. */
function authority(answers: (() => Promise<IssuedCertificate>)[]) {
  const files: string[] = []
  const ca: CertificateAuthority = {
    certificatePem: 'ca',
    issue: () => Promise.reject(new Error('kept certificates only')),
    isDue: async () => false,
    issueTo: (file) => {
      files.push(file)
      return answers.shift()?.() ?? Promise.reject(new Error('asked once too often'))
    },
  }
  return { certificate: httpsCertificate(ca, '/data/ca/https.pem', '127.0.0.1'), files }
}

test('nothing is issued before the first client asks, and then once for all of them', async () => {
  const { certificate, files } = authority([() => Promise.resolve(ISSUED)])
  expect(files).toEqual([])
  expect(await Promise.all([certificate.get(), certificate.get()])).toEqual([ISSUED, ISSUED])
  expect(files).toEqual(['/data/ca/https.pem'])
})

test('a failure is not remembered', async () => {
  const { certificate } = authority([() => Promise.reject(new Error('disk full')), () => Promise.resolve(ISSUED)])
  await expect(certificate.get()).rejects.toThrow('disk full')
  expect(await certificate.get()).toBe(ISSUED)
})

test('closing waits for a certificate that is being made, well or not, and makes none', async () => {
  const making = Promise.withResolvers<IssuedCertificate>()
  const { certificate, files } = authority([() => making.promise])
  await certificate.close()
  expect(files).toEqual([])
  certificate.get().catch(() => {})
  let closed = false
  const closing = certificate.close().then(() => {
    closed = true
  })
  await Promise.resolve()
  expect(closed).toBe(false)
  making.reject(new Error('disk full'))
  await closing
  expect(closed).toBe(true)
})

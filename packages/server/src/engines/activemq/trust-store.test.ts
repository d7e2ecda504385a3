import { X509Certificate } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { trustStore } from '#engines/activemq/trust-store.ts'
import { certificatesOf } from '#engines/ldap/authorities.ts'
import { openCertificateAuthority } from '#kernel/ca.ts'

let scratch: string
let authorities: readonly string[]
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sluice-trust-'))
  const opened = await Promise.all(['one', 'two'].map((name) => openCertificateAuthority(join(scratch, name))))
  authorities = opened.map(({ certificatePem }) => certificatePem)
})
afterAll(() => rm(scratch, { recursive: true, force: true }))

test('every certificate of the file is in the store, whatever stands between them', () => {
  const store = trustStore(`# ours\n${authorities.join('\nsubject=two\n')}`, 'password')
  expect(store.readUInt32BE(8)).toBe(2)
  for (const pem of authorities) expect(store.includes(new X509Certificate(pem).raw)).toBe(true)
})

test('a file without a certificate is none', () => {
  expect(() => certificatesOf('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----')).toThrow('no certificate')
})

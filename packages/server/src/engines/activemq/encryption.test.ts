import fc from 'fast-check'
import { createDecipheriv, pbkdf2Sync } from 'node:crypto'
import { expect, test } from 'vitest'
import { encryptProperty } from '#engines/activemq/encryption.ts'
import { VARIABLES, newRunSecrets, secretsEnvironment } from '#engines/activemq/run-secrets.ts'

/** As jasypt decrypts it: salt and vector of 16 bytes before the text. */
function decrypt(property: string, password: string): string {
  const sealed = Buffer.from(/^ENC\(([A-Za-z0-9+/=]+)\)$/.exec(property)?.[1] ?? '', 'base64')
  const key = pbkdf2Sync(password, sealed.subarray(0, 16), 1_000, 32, 'sha256')
  const decipher = createDecipheriv('aes-256-cbc', key, sealed.subarray(16, 32))
  return Buffer.concat([decipher.update(sealed.subarray(32)), decipher.final()]).toString('utf8')
}

test('any text comes back with the password that sealed it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), fc.base64String(), async (text, password) => {
      expect(decrypt(await encryptProperty(text, password), password)).toBe(text)
    }),
    { numRuns: 30 },
  )
})

test('the same text is never sealed the same way twice', async () => {
  expect(await encryptProperty('text', 'password')).not.toBe(await encryptProperty('text', 'password'))
})

test('every run has secrets of its own, and each one has its variable', () => {
  const [one, other] = [secretsEnvironment(newRunSecrets()), secretsEnvironment(newRunSecrets())]
  expect(Object.keys(one).toSorted()).toEqual(Object.values(VARIABLES).toSorted())
  expect(new Set([...Object.values(one), ...Object.values(other)]).size).toBe(8)
  for (const secret of Object.values(one)) expect(secret.length).toBeGreaterThan(24)
})

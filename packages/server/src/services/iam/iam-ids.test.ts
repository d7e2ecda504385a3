import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accountId } from '#kernel/ids.ts'
import { accountOfAccessKeyId, newAccessKeyId, newSecret, newUniqueId } from '#services/iam/iam-ids.ts'

test('any account can be read out of the ids of its keys, and ids differ', () => {
  const account = fc.integer({ min: 0, max: 999_999_999_999 }).map((n) => accountId(String(n).padStart(12, '0')))
  fc.assert(
    fc.property(account, (owner) => {
      const [first, second] = [newAccessKeyId(owner), newAccessKeyId(owner)]
      expect(first).toMatch(/^AKIA[Q-Z2-7][A-Z2-7]{15}$/)
      expect(accountOfAccessKeyId(first)).toBe(owner)
      expect(first).not.toBe(second)
    }),
  )
})

test('ids of temporary keys hold the account as well', () => {
  const id = newAccessKeyId(accountId('111122223333'), 'ASIA')
  expect(id).toMatch(/^ASIA[Q-Z2-7][A-Z2-7]{15}$/)
  expect(accountOfAccessKeyId(id)).toBe('111122223333')
})

test('the layout is the one of AWS', () => {
  // Computed by the published recipe: base32, first six bytes, mask 0x7fffffffff80, shift by seven.
  expect(accountOfAccessKeyId('AKIAQNZGKIQY56JQ7WML')).toBe('029608264753')
})

test.each([
  '',
  'AKIA',
  'test',
  'ABIAQYLPMN5HFIQR7XYA',
  'AKIAQYLPMN5HFIQR7XY',
  'AKIAQYLPMN5HFIQR7XY1',
  'akiaqylpmn5hfiqr7xya',
  'AKIA7777777777777777',
])('%j holds no account', (id) => {
  expect(accountOfAccessKeyId(id)).toBeUndefined()
})

test('ids and secrets have the form and length of AWS and do not repeat', () => {
  const users = Array.from({ length: 100 }, () => newUniqueId('AIDA'))
  const secrets = Array.from({ length: 100 }, newSecret)
  expect(new Set([...users, ...secrets]).size).toBe(200)
  expect(users.every((id) => /^AIDA[A-Z2-7]{17}$/.test(id))).toBe(true)
  expect(secrets.every((secret) => /^[A-Za-z0-9+/]{40}$/.test(secret))).toBe(true)
})

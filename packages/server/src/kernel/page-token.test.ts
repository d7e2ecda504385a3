import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import { InvalidPageToken, PAGE_TOKEN_MILLIS, pageTokens } from '#kernel/page-token.ts'

const START = 1_795_255_000_000
const key = randomBytes(32)
const at = (now: number) => pageTokens(key, { now: () => now })
const tokens = at(START)
const parameters = { account: '111122223333', prefix: '/a/' }

const reasonOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof InvalidPageToken) return error.reason
    throw error
  }
  return 'accepted'
}

test('any position comes back for the same operation and parameters', () => {
  const last = fc.string({ unit: anyCharacter, maxLength: 500 }).filter((text) => text.isWellFormed())
  fc.assert(
    fc.property(last, fc.jsonValue(), (position, given) => {
      expect(tokens.read('ListUsers', given, tokens.issue('ListUsers', given, position))).toBe(position)
    }),
  )
})

test('a token is good until 24 hours have passed, also after a restart with the same key', () => {
  const token = tokens.issue('ListUsers', parameters, 'bob')
  expect(at(START + PAGE_TOKEN_MILLIS - 1).read('ListUsers', parameters, token)).toBe('bob')
  expect(reasonOf(() => at(START + PAGE_TOKEN_MILLIS).read('ListUsers', parameters, token))).toBe('expired')
})

test('the order of parameters does not matter, and a missing one equals an undefined one', () => {
  const token = tokens.issue('ListUsers', { account: '1', prefix: '/', filter: { a: 1, b: [2, 3] } }, 'bob')
  const same = { filter: { b: [2, 3], a: 1 }, prefix: '/', account: '1', unused: undefined }
  expect(tokens.read('ListUsers', same, token)).toBe('bob')
})

test.each([
  {
    name: 'another operation',
    read: (token: string) => tokens.read('ListRoles', parameters, token),
    reason: 'other-call',
  },
  {
    name: 'another account',
    read: (token: string) => tokens.read('ListUsers', { ...parameters, account: '2' }, token),
    reason: 'other-call',
  },
  {
    name: 'a missing parameter',
    read: (token: string) => tokens.read('ListUsers', { account: parameters.account }, token),
    reason: 'other-call',
  },
  { name: 'no parameters', read: (token: string) => tokens.read('ListUsers', undefined, token), reason: 'other-call' },
  {
    name: 'another key',
    read: (token: string) => pageTokens(randomBytes(32), { now: () => START }).read('ListUsers', parameters, token),
    reason: 'forged',
  },
  {
    name: 'padding behind it',
    read: (token: string) => tokens.read('ListUsers', parameters, `${token}=`),
    reason: 'malformed',
  },
  {
    name: 'a line break in it',
    read: (token: string) => tokens.read('ListUsers', parameters, `${token.slice(0, 5)}\n${token.slice(5)}`),
    reason: 'malformed',
  },
])('a token read with $name is refused as $reason', ({ read, reason }) => {
  expect(reasonOf(() => read(tokens.issue('ListUsers', parameters, 'bob')))).toBe(reason)
})

test('a token in which any one character was changed is refused', () => {
  const token = tokens.issue('ListUsers', parameters, 'bob')
  for (let index = 0; index < token.length; index++) {
    const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
    expect(reasonOf(() => tokens.read('ListUsers', parameters, changed))).toMatch(/malformed|forged/)
  }
})

test('no text makes reading fail in any other way', () => {
  const text = fc.oneof(
    fc.string({ unit: anyCharacter, maxLength: 300 }),
    fc.base64String({ maxLength: 300 }),
    fc.constant('A'.repeat(9_000)),
  )
  fc.assert(
    fc.property(text, (token) => {
      expect(reasonOf(() => tokens.read('ListUsers', parameters, token))).toMatch(/malformed|forged/)
    }),
  )
})

test('a token with a policy name of full length fits a Marker of IAM', () => {
  expect(tokens.issue('ListUserPolicies', parameters, 'p'.repeat(128)).length).toBeLessThanOrEqual(320)
})

test('a token names no parameter in clear', () => {
  const token = tokens.issue('ListUsers', { account: '111122223333', secret: 'hunter2' }, 'bob')
  expect(Buffer.from(token, 'base64url').toString('latin1')).not.toMatch(/hunter2|111122223333/)
})

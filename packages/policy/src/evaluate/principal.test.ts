import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePolicy } from '../parse.ts'
import type { PrincipalIdentity } from '../request.ts'
import { type PrincipalElement, principalMatch } from './principal.ts'

const elementOf = (principal: object): PrincipalElement => {
  const statement = { Effect: 'Deny', Action: '*', Resource: '*', ...principal }
  const element = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'resource').statements[0]
    ?.principal
  if (element === undefined) throw new Error('the policy has no principal')
  return element
}

const session: PrincipalIdentity = {
  kind: 'role-session',
  account: '111122223333',
  arn: 'arn:aws:sts::111122223333:assumed-role/deploy/ci',
  roleArn: 'arn:aws:iam::111122223333:role/team/deploy',
}

test('of several names the one that names the caller most closely is told', () => {
  const names = [
    '111122223333',
    'arn:aws:iam::111122223333:role/team/deploy',
    'arn:aws:sts::111122223333:assumed-role/deploy/ci',
    '*',
  ]
  const best = (count: number): string | undefined =>
    principalMatch(elementOf({ Principal: { AWS: names.slice(0, count) } }), session)
  expect([1, 2, 3, 4].map(best)).toEqual(['account', 'role', 'role-session', 'everyone'])
})

test('the order of names does not matter', () => {
  const names = ['111122223333', 'arn:aws:iam::111122223333:role/team/deploy', 'arn:aws:iam::999988887777:user/x']
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: 3 }), (shuffled) => {
      expect(principalMatch(elementOf({ Principal: { AWS: shuffled } }), session)).toBe('role')
    }),
  )
})

test('a role with a path is not the role of that name without one', () => {
  const element = elementOf({ Principal: { AWS: 'arn:aws:iam::111122223333:role/deploy' } })
  expect(principalMatch(element, session)).toBeUndefined()
})

test('service names have no case', () => {
  const element = elementOf({ Principal: { Service: 'MQ.amazonaws.com' } })
  expect(principalMatch(element, { kind: 'service', service: 'mq.amazonaws.com' })).toBe('service')
})

test('root is the only caller whom naming the account names itself', () => {
  const element = elementOf({ Principal: { AWS: '111122223333' } })
  expect(
    principalMatch(element, { kind: 'root', account: '111122223333', arn: 'arn:aws:iam::111122223333:root' }),
  ).toBe('root')
  expect(principalMatch(element, session)).toBe('account')
})

test('NotPrincipal includes whom it does not name, and nobody else', () => {
  const element = elementOf({ NotPrincipal: { AWS: '111122223333', Service: 'mq.amazonaws.com' } })
  expect(principalMatch(element, session)).toBeUndefined()
  expect(principalMatch(element, { kind: 'service', service: 'mq.amazonaws.com' })).toBeUndefined()
  expect(principalMatch(element, { kind: 'service', service: 'logs.amazonaws.com' })).toBe('not-excluded')
  expect(principalMatch(element, { kind: 'anonymous' })).toBe('not-excluded')
})

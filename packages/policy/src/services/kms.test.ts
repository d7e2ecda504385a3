import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide } from '../decide.ts'
import { parsePolicy } from '../parse.ts'
import type { Context, NamedPolicy, PrincipalIdentity } from '../request.ts'
import { type KeyGrant, grantPolicies, isKey } from './kms.ts'

const ACCOUNT = '111122223333'
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
const ADA = `arn:aws:iam::${ACCOUNT}:user/ada`
const ada: PrincipalIdentity = { kind: 'user', account: ACCOUNT, arn: ADA }
const grant: KeyGrant = { grantId: 'g-1', granteePrincipal: ADA, operations: ['Decrypt', 'DescribeKey'] }

const named = (kind: 'identity' | 'resource', ...statements: readonly object[]): readonly NamedPolicy[] =>
  statements.map((Statement) => ({
    name: kind,
    policy: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), kind),
  }))
const trustsAccount = named('resource', {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: 'kms:*',
  Resource: '*',
})

interface Asked {
  readonly grants?: readonly KeyGrant[]
  readonly keyPolicy?: readonly NamedPolicy[]
  readonly identity?: readonly NamedPolicy[]
  readonly boundary?: readonly NamedPolicy[]
  readonly principal?: PrincipalIdentity
  readonly action?: string
  readonly on?: string
  readonly context?: Context
}

function allowed({ grants = [grant], keyPolicy = [], identity = [], boundary, ...asked }: Asked): boolean {
  const resource = asked.on ?? KEY
  return decide(
    {
      principal: asked.principal ?? ada,
      action: asked.action ?? 'kms:Decrypt',
      resource,
      resourceAccount: ACCOUNT,
      context: asked.context ?? {},
      resourcePolicyRequired: isKey(resource),
    },
    {
      identity,
      resource: [...keyPolicy, ...grantPolicies(grants, KEY)],
      ...(boundary === undefined ? {} : { boundary }),
    },
  ).allowed
}

test.each([
  [KEY, true],
  ['arn:aws-cn:kms:cn-north-1:111122223333:key/1', true],
  ['arn:aws:kms:us-east-1:111122223333:alias/orders', false],
  ['*', false],
  ['arn:aws:s3:::key/1', false],
])('%s is a key: %s', (resource, expected) => {
  expect(isKey(resource)).toBe(expected)
})

describe('grants', () => {
  test('let the grantee in without key policy and identity policy', () => {
    expect(allowed({})).toBe(true)
    expect(allowed({ grants: [] })).toBe(false)
  })

  test('are for their grantee, their operations and their key only', () => {
    expect(allowed({ principal: { kind: 'user', account: ACCOUNT, arn: `${ADA}m` } })).toBe(false)
    expect(allowed({ action: 'kms:Encrypt' })).toBe(false)
    expect(allowed({ on: `${KEY}0` })).toBe(false)
    expect(allowed({ grants: [{ ...grant, operations: [] }] })).toBe(false)
  })

  test('do not overrule a Deny, wherever it is', () => {
    const deny = { Effect: 'Deny', Action: 'kms:Decrypt', Resource: '*' }
    expect(allowed({ identity: named('identity', deny) })).toBe(false)
    expect(allowed({ keyPolicy: named('resource', { ...deny, Principal: '*' }) })).toBe(false)
    expect(allowed({ boundary: named('identity', deny) })).toBe(false)
  })

  test('may be for a role, which its sessions use, and for a service', () => {
    const session: PrincipalIdentity = {
      kind: 'role-session',
      account: ACCOUNT,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci`,
      roleArn: `arn:aws:iam::${ACCOUNT}:role/deploy`,
    }
    expect(allowed({ principal: session, grants: [{ ...grant, granteePrincipal: session.roleArn }] })).toBe(true)
    const service: PrincipalIdentity = { kind: 'service', service: 'mq.amazonaws.com' }
    expect(allowed({ principal: service, grants: [{ ...grant, granteePrincipal: 'mq.amazonaws.com' }] })).toBe(true)
  })

  test('a grant to an account leaves the decision to its identity policies', () => {
    const toAccount = [{ ...grant, granteePrincipal: `arn:aws:iam::${ACCOUNT}:root` }]
    const identity = named('identity', { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY })
    expect(allowed({ grants: toAccount })).toBe(false)
    expect(allowed({ grants: toAccount, identity })).toBe(true)
  })
})

describe('constraints of grants', () => {
  const context = (pairs: Readonly<Record<string, string>>): Context => ({
    ...Object.fromEntries(Object.entries(pairs).map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
    'kms:EncryptionContextKeys': Object.keys(pairs),
  })
  const subset = [{ ...grant, encryptionContextSubset: { team: 'orders' } }]
  const equal = [{ ...grant, encryptionContextEquals: { team: 'orders', env: 'test' } }]

  test('a subset must be there, and there may be more', () => {
    expect(allowed({ grants: subset, context: context({ team: 'orders', env: 'test' }) })).toBe(true)
    expect(allowed({ grants: subset, context: context({ team: 'sales' }) })).toBe(false)
    expect(allowed({ grants: subset, context: context({ Team: 'Orders' }) })).toBe(false)
    expect(allowed({ grants: subset, context: context({}) })).toBe(false)
  })

  test('an equal context must be there, and nothing else', () => {
    expect(allowed({ grants: equal, context: context({ team: 'orders', env: 'test' }) })).toBe(true)
    expect(allowed({ grants: equal, context: context({ team: 'orders' }) })).toBe(false)
    expect(allowed({ grants: equal, context: context({ team: 'orders', env: 'test', more: '1' }) })).toBe(false)
    const none = [{ ...grant, encryptionContextEquals: {} }]
    expect(allowed({ grants: none, context: context({}) })).toBe(true)
    expect(allowed({ grants: none, context: context({ team: 'orders' }) })).toBe(false)
  })

  test('operations without an encryption context are not bound', () => {
    expect(allowed({ grants: subset, action: 'kms:DescribeKey' })).toBe(true)
  })

  test('values are taken literally, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (value, other) => {
        const grants = [{ ...grant, encryptionContextSubset: { team: value } }]
        expect(allowed({ grants, context: { 'kms:EncryptionContext:team': value } })).toBe(true)
        expect(allowed({ grants, context: { 'kms:EncryptionContext:team': other } })).toBe(other === value)
      }),
      {
        seed: 3,
        examples: [
          ['${aws:username}', 'x'],
          ['*', 'x'],
        ],
      },
    )
  })
})

describe('keys', () => {
  test('the account is trusted only as far as the key policy says so', () => {
    const identity = named('identity', { Effect: 'Allow', Action: 'kms:*', Resource: '*' })
    expect(allowed({ grants: [], identity })).toBe(false)
    expect(allowed({ grants: [], identity, keyPolicy: trustsAccount })).toBe(true)
    expect(allowed({ grants: [], keyPolicy: trustsAccount })).toBe(false)
  })

  test('what has no key is decided by identity policies alone', () => {
    const identity = named('identity', { Effect: 'Allow', Action: 'kms:List*', Resource: '*' })
    expect(allowed({ grants: [], identity, action: 'kms:ListKeys', on: '*' })).toBe(true)
    expect(allowed({ grants: [], action: 'kms:ListKeys', on: '*' })).toBe(false)
  })
})

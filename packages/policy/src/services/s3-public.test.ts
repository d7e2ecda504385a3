import { describe, expect, test } from 'vitest'
import { parsePolicy } from '../parse.ts'
import type { Policy } from '../policy.ts'
import type { PrincipalIdentity } from '../request.ts'
import { isPublicPolicy, keepsOut, ownerEnforcedTakes, refusesPolicy, strictestBlock } from './s3-public.ts'

const ACCOUNT = '111122223333'
const policyOf = (...statements: readonly object[]): Policy =>
  parsePolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: statements.map((one) => ({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b/*', ...one })),
    }),
    'resource',
  )
const toEverybody = (Condition: object): Policy => policyOf({ Principal: '*', Condition })

describe('what is public', () => {
  test.each([
    ['everybody', { Principal: '*' }, true],
    ['AWS star', { Principal: { AWS: '*' } }, true],
    ['everybody beside a service', { Principal: { AWS: '*', Service: 'mq.amazonaws.com' } }, true],
    ['an account', { Principal: { AWS: '999988887777' } }, false],
    ['a service', { Principal: { Service: 'cloudtrail.amazonaws.com' } }, false],
    ['a canonical user', { Principal: { CanonicalUser: 'c0ffee' } }, false],
    ['a Deny for everybody', { Effect: 'Deny', Principal: '*' }, false],
    ['a Deny for everybody but some', { Effect: 'Deny', NotPrincipal: { AWS: ACCOUNT } }, false],
  ])('%s: %s', (_, statement, expected) => {
    expect(isPublicPolicy(policyOf(statement))).toBe(expected)
  })

  test.each([
    [{ StringEquals: { 'aws:SourceVpc': 'vpc-91237329' } }, false],
    [{ StringLike: { 'aws:SourceVpc': 'vpc-*' } }, true],
    [{ StringEquals: { 'aws:SourceVpc': ['vpc-1', 'vpc-2'] } }, false],
    [{ StringLike: { 'aws:SourceVpc': ['vpc-1', 'vpc-*'] } }, true],
    [{ StringEquals: { 'AWS:sourcevpc': 'vpc-1' } }, false],
    [{ StringEqualsIfExists: { 'aws:SourceVpc': 'vpc-1' } }, true],
    [{ StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } }, true],
    [{ 'ForAnyValue:StringEquals': { 'aws:PrincipalOrgPaths': 'o-a/r-b/' } }, false],
    [{ 'ForAllValues:StringEquals': { 'aws:PrincipalOrgPaths': 'o-a/r-b/' } }, true],
    [{ StringEquals: { 'aws:PrincipalOrgID': 'o-a' } }, false],
    [{ StringEquals: { 'aws:PrincipalTag/team': 'a' } }, true],
    [{ StringEquals: { 'aws:SourceAccount': '${aws:PrincipalAccount}' } }, true],
    [{ ArnEquals: { 'aws:SourceArn': 'arn:aws:cloudtrail:us-east-1:111122223333:trail/t' } }, false],
    [{ ArnLike: { 'aws:SourceArn': 'arn:aws:cloudtrail:*:111122223333:trail/*' } }, true],
    [{ StringLike: { 'aws:userid': 'AROAEXAMPLE:*' } }, true],
    [{ StringEquals: { 'aws:userid': 'AROAEXAMPLE:ci' } }, true],
    [{ StringEquals: { 'aws:userid': 'AIDAEXAMPLE' } }, false],
    [{ StringLike: { 'aws:userid': 'AIDA*' } }, true],
    [{ StringLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:123456789012:accesspoint/*' } }, false],
    [{ StringLike: { 's3:DataAccessPointArn': 'arn:aws:s3:us-west-2:*:accesspoint/*' } }, true],
    [{ IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, false],
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, false],
    [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }, true],
    [{ IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '0.0.0.0/0'] } }, true],
    [{ IpAddress: { 'aws:SourceIp': '2001:db8::/32' } }, false],
    [{ IpAddress: { 'aws:SourceIp': '2001::/16' } }, true],
    [{ IpAddress: { 'aws:SourceIp': 'anywhere' } }, true],
    [{ NotIpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }, true],
    [{ Bool: { 'aws:SecureTransport': 'true' } }, true],
    [{ StringEquals: { 'aws:SourceVpc': [] } }, true],
    [{ Bool: { 'aws:SecureTransport': 'true' }, StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, false],
  ])('everybody under %j: %s', (condition, expected) => {
    expect(isPublicPolicy(toEverybody(condition))).toBe(expected)
  })

  test('one public statement is enough', () => {
    expect(isPublicPolicy(policyOf({ Principal: { AWS: ACCOUNT } }, { Principal: '*' }))).toBe(true)
  })
})

describe('Block Public Access', () => {
  const off = {
    blockPublicAcls: false,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
  }
  const open = policyOf({ Principal: '*' })
  const shared = policyOf({ Principal: { AWS: '999988887777' } })
  const user = (account: string): PrincipalIdentity => ({
    kind: 'user',
    account,
    arn: `arn:aws:iam::${account}:user/u`,
  })
  const restricted = { ...off, restrictPublicBuckets: true }
  const out = (principal: PrincipalIdentity, policy: Policy = open, block = restricted): boolean =>
    keepsOut(block, policy, { principal, bucketAccount: ACCOUNT })

  test('BlockPublicPolicy refuses public policies, and no others', () => {
    const block = { ...off, blockPublicPolicy: true }
    expect([refusesPolicy(block, open), refusesPolicy(block, shared), refusesPolicy(off, open)]).toEqual([
      true,
      false,
      false,
    ])
  })

  test("RestrictPublicBuckets leaves the account's principals and services", () => {
    expect(out(user(ACCOUNT))).toBe(false)
    expect(out({ kind: 'root', account: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root` })).toBe(false)
    expect(out({ kind: 'service', service: 'cloudtrail.amazonaws.com' })).toBe(false)
    expect(out(user('999988887777'))).toBe(true)
    expect(out({ kind: 'anonymous', account: ACCOUNT })).toBe(true)
    expect(out({ kind: 'federated', provider: 'accounts.google.com' })).toBe(true)
  })

  test('it is about public policies only, and only when it is on', () => {
    expect(out(user('999988887777'), shared)).toBe(false)
    expect(out(user('999988887777'), open, off)).toBe(false)
  })

  test('of account and bucket the stricter setting holds', () => {
    expect(strictestBlock({ ...off, blockPublicAcls: true }, { ...off, restrictPublicBuckets: true })).toEqual({
      ...off,
      blockPublicAcls: true,
      restrictPublicBuckets: true,
    })
    expect(strictestBlock({ ...off, ignorePublicAcls: true }, { ...off, blockPublicPolicy: true })).toEqual({
      ...off,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
    })
    expect(strictestBlock(off, off)).toEqual(off)
  })
})

test('where the bucket owner owns every object, no other ACL is taken', () => {
  expect([undefined, 'bucket-owner-full-control', 'private', 'public-read'].map(ownerEnforcedTakes)).toEqual([
    true,
    true,
    false,
    false,
  ])
})

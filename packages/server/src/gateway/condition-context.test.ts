import { expect, test } from 'vitest'
import type { CallContext } from '#kernel/call.ts'
import { conditionContext } from '#gateway/condition-context.ts'
import { ACCOUNT, NOW, contextOf, roleSession, rootOf } from '#services/iam/test-bench.ts'
import type { Principal } from '#kernel/principal.ts'

const user: Principal = {
  kind: 'user',
  account: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/dev/bob`,
  accessKeyId: 'AKIABOB',
  userName: 'bob',
  userId: 'AIDABOB',
}
const service: Principal = {
  kind: 'service',
  account: ACCOUNT,
  service: 'mq.amazonaws.com',
  sourceArn: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
  sourceAccount: ACCOUNT,
}

const contextFor = (principal: Principal, changes: Partial<CallContext> = {}) =>
  conditionContext({ ...contextOf(principal), ...changes })

const REQUEST_KEYS = {
  'aws:CurrentTime': '2026-11-21T11:16:40.500Z',
  'aws:EpochTime': '1795259800',
  'aws:RequestedRegion': 'us-east-1',
  'aws:SecureTransport': 'false',
  'aws:SourceIp': '127.0.0.1',
  'aws:UserAgent': 'test',
  'aws:ResourceAccount': ACCOUNT,
  'aws:ViaAWSService': 'false',
}

test('root is known by its account', () => {
  expect(contextFor(rootOf(ACCOUNT))).toEqual({
    ...REQUEST_KEYS,
    'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:root`,
    'aws:PrincipalAccount': ACCOUNT,
    'aws:PrincipalType': 'Account',
    'aws:userid': ACCOUNT,
    'aws:PrincipalIsAWSService': 'false',
  })
})

test('a user is known by name and unique id', () => {
  expect(contextFor(user)).toEqual({
    ...REQUEST_KEYS,
    'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:user/dev/bob`,
    'aws:PrincipalAccount': ACCOUNT,
    'aws:PrincipalType': 'User',
    'aws:userid': 'AIDABOB',
    'aws:username': 'bob',
    'aws:PrincipalIsAWSService': 'false',
  })
})

test('a role session is known by its role; it has no user name', () => {
  expect(contextFor(roleSession)).toEqual({
    ...REQUEST_KEYS,
    'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/ops/deployer`,
    'aws:PrincipalAccount': ACCOUNT,
    'aws:PrincipalType': 'AssumedRole',
    'aws:userid': 'AROAEXAMPLEEXAMPLE234:ci',
    'aws:TokenIssueTime': new Date(NOW).toISOString(),
    'aws:PrincipalIsAWSService': 'false',
  })
})

test('a service is known by its name and by the resource it acts for, and has no ARN', () => {
  expect(contextFor(service)).toEqual({
    ...REQUEST_KEYS,
    'aws:PrincipalServiceName': 'mq.amazonaws.com',
    'aws:PrincipalServiceNamesList': ['mq.amazonaws.com'],
    'aws:PrincipalIsAWSService': 'true',
    'aws:SourceArn': 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
    'aws:SourceAccount': ACCOUNT,
  })
})

test.each([rootOf(ACCOUNT), user, roleSession])('a $kind never has the keys against confused deputies', (principal) => {
  expect(contextFor(principal)).not.toHaveProperty(['aws:SourceArn'])
  expect(contextFor(principal)).not.toHaveProperty(['aws:SourceAccount'])
})

test('a call through services names the first, the last and all of them', () => {
  expect(contextFor(user, { calledVia: ['cloudformation.amazonaws.com', 'mq.amazonaws.com'] })).toMatchObject({
    'aws:ViaAWSService': 'true',
    'aws:CalledVia': ['cloudformation.amazonaws.com', 'mq.amazonaws.com'],
    'aws:CalledViaFirst': 'cloudformation.amazonaws.com',
    'aws:CalledViaLast': 'mq.amazonaws.com',
  })
  expect(contextFor(user)).not.toHaveProperty(['aws:CalledVia'])
})

test('transport is secure only over TLS', () => {
  const tls = { version: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256' }
  expect(contextFor(user, { source: { ip: '10.0.0.1', userAgent: 'x', tls } })).toMatchObject({
    'aws:SecureTransport': 'true',
    'aws:SourceIp': '10.0.0.1',
  })
})

import { expect, test } from 'vitest'
import { MAX_MATCHED, MAX_UNMATCHED } from './decision.ts'
import { decide } from './decide.ts'
import { parsePolicy } from './parse.ts'
import type { AuthorizationRequest, NamedPolicy, Policies } from './request.ts'

const policy = (statements: readonly object[], name = 'p', arn?: string): NamedPolicy => ({
  name,
  ...(arn === undefined ? {} : { arn }),
  policy: parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }), 'identity'),
})
const request: AuthorizationRequest = {
  principal: { kind: 'user', account: '111122223333', arn: 'arn:aws:iam::111122223333:user/ada' },
  action: 'mq:RebootBroker',
  resource: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
  resourceAccount: '111122223333',
  context: { 'aws:SourceIp': '192.0.2.1' },
}
const allow = { Effect: 'Allow', Action: 'mq:*', Resource: '*' }

test('an Allow names the statement, its policy and its place', () => {
  const decision = decide(request, {
    identity: [policy([{ ...allow, Sid: 'Mq' }], 'AmazonMQFullAccess', 'arn:aws:iam::aws:policy/AmazonMQFullAccess')],
    resource: [],
  })
  expect(decision).toEqual({
    allowed: true,
    kind: 'allow',
    decidedBy: 'identity',
    crossAccount: false,
    principal: 'arn:aws:iam::111122223333:user/ada',
    action: 'mq:RebootBroker',
    resource: 'arn:aws:mq:us-east-1:111122223333:broker:b:b-1',
    matched: [
      {
        policyType: 'identity',
        policyName: 'AmazonMQFullAccess',
        policyArn: 'arn:aws:iam::aws:policy/AmazonMQFullAccess',
        index: 0,
        sid: 'Mq',
        effect: 'Allow',
        position: { start: { line: 1, column: 38 }, end: { line: 1, column: 98 } },
        metByMissingKey: [],
      },
    ],
    unmatched: [],
    unmatchedOmitted: 0,
    missingKeys: [],
    outcomes: [],
  })
})

test('full detail names every Allow and what each sort of policy said', () => {
  const policies: Policies = {
    identity: [policy([allow, allow])],
    resource: [],
    boundary: [policy([allow])],
    scp: [[policy([allow])]],
  }
  const decision = decide(request, policies, { detail: 'full' })
  expect(decision.matched.map(({ index }) => index)).toEqual([0, 1])
  expect(decision.outcomes).toEqual([
    { policyType: 'scp', outcome: 'allow' },
    { policyType: 'resource', outcome: 'no-match' },
    { policyType: 'identity', outcome: 'allow' },
    { policyType: 'boundary', outcome: 'allow' },
  ])
})

test('a condition that fails is told with operator, key and both sides', () => {
  const condition = {
    IpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
    StringEquals: { 'aws:RequestTag/team': ['a', 'b'] },
    Bool: { 'aws:SecureTransport': 'true' },
  }
  const decision = decide(
    { ...request, context: { ...request.context, 'aws:SecureTransport': 'true' } },
    { identity: [policy([{ ...allow, Condition: condition }])], resource: [] },
  )
  expect(decision.unmatched[0]).toMatchObject({
    failed: 'condition',
    conditions: [
      {
        operator: 'IpAddress',
        key: 'aws:SourceIp',
        policyValues: ['10.0.0.0/8'],
        actualValues: ['192.0.2.1'],
        missing: false,
      },
      { operator: 'StringEquals', key: 'aws:RequestTag/team', policyValues: ['a', 'b'], missing: true },
    ],
  })
  expect(decision.missingKeys).toEqual(['aws:RequestTag/team'])
})

test('a decision stays small whatever policies and requests hold', () => {
  const values = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(2_000, 'x'))
  const keys = Array.from({ length: 30 }, (_, i) => `k:${i}`)
  const near = { ...allow, Condition: { StringEquals: Object.fromEntries(keys.map((key) => [key, 'a'])) } }
  const far = {
    ...allow,
    Condition: { 'ForAnyValue:StringEquals': { 'k:0': values.slice(0, 20).map((value) => `not ${value}`) } },
  }
  const context = Object.fromEntries(keys.map((key) => [key, values]))
  const denied = decide(
    { ...request, context },
    { identity: [policy([far, ...Array.from({ length: 49 }, () => near)])], resource: [] },
  )
  expect(denied.unmatched.length).toBe(MAX_UNMATCHED)
  expect(denied.unmatchedOmitted).toBe(30)
  expect(JSON.stringify(denied).length).toBeLessThan(1_000_000)
  const full = decide(
    request,
    { identity: [policy(Array.from({ length: 80 }, () => allow))], resource: [] },
    { detail: 'full' },
  )
  expect(full.matched.length).toBe(MAX_MATCHED)
})

test('values that are left out of an explanation are counted', () => {
  const values = Array.from({ length: 100 }, (_, i) => String(i))
  const condition = { 'ForAnyValue:StringEquals': { 'k:a': values } }
  const denied = decide(
    { ...request, context: { 'k:a': ['x'] } },
    { identity: [policy([{ ...allow, Condition: condition }])], resource: [] },
  )
  expect(denied.unmatched[0]?.conditions[0]?.policyValues.slice(-2)).toEqual(['9', '… and 90 more'])
})

test('a statement that cannot be evaluated and had no part in the decision does not change it', () => {
  const context = { 'k:a': '1', 'K:A': '1' }
  const unreadable = { ...allow, Action: 'mq:Reboot*', Condition: { StringEquals: { 'k:b': '1', 'k:a': '1' } } }
  const decision = decide({ ...request, context }, { identity: [policy([unreadable])], resource: [] })
  expect(decision).toMatchObject({ kind: 'implicit-deny', decidedBy: 'identity', unmatched: [{ failed: 'condition' }] })
  const denied = decide(
    { ...request, context },
    { identity: [policy([{ ...allow, Effect: 'Deny' }, unreadable])], resource: [] },
  )
  expect(denied).toMatchObject({ kind: 'explicit-deny', decidedBy: 'identity' })
})

test('the principal of a message is the session, the service or the provider', () => {
  const principalOf = (principal: AuthorizationRequest['principal']): string =>
    decide({ ...request, principal }, { identity: [], resource: [] }).principal
  const session = 'arn:aws:sts::111122223333:assumed-role/r/s'
  expect(
    principalOf({
      kind: 'role-session',
      account: '111122223333',
      arn: session,
      roleArn: 'arn:aws:iam::111122223333:role/r',
    }),
  ).toBe(session)
  expect(principalOf({ kind: 'service', service: 'mq.amazonaws.com' })).toBe('mq.amazonaws.com')
  expect(principalOf({ kind: 'federated', provider: 'accounts.google.com' })).toBe('accounts.google.com')
  expect(principalOf({ kind: 'anonymous' })).toBe('anonymous')
})

test('a policy in a place that is not for its kind is a denial', () => {
  const open = policy([allow])
  const trust = {
    name: 't',
    policy: parsePolicy('{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:*"}}', 'trust'),
  }
  const bucket = {
    name: 'b',
    policy: parsePolicy('{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}', 'resource'),
  }
  const service = { ...request, principal: { kind: 'service', service: 'mq.amazonaws.com' } } as const
  expect(decide(service, { identity: [], resource: [open] })).toMatchObject({
    allowed: false,
    decidedBy: 'error',
    error: 'the policy p was parsed as identity policy and cannot be used as resource policy',
  })
  for (const wrong of [trust, bucket]) {
    expect(decide(request, { identity: [wrong], resource: [] }).decidedBy).toBe('error')
    expect(decide(request, { identity: [open], resource: [], boundary: [wrong] }).decidedBy).toBe('error')
    expect(decide(request, { identity: [open], resource: [], scp: [[wrong]] }).decidedBy).toBe('error')
  }
  expect(decide(request, { identity: [open], resource: [], rcp: [[open]] }).decidedBy).toBe('error')
  expect(decide(request, { identity: [open], resource: [], endpoint: [trust] }).decidedBy).toBe('error')
})

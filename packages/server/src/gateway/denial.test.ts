import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type Policies, decide, parsePolicy } from '@sluice/policy'
import { authorizationMessages } from '#kernel/authorization-message.ts'
import type { Principal } from '#kernel/principal.ts'
import type { AccessCheck, DenialForm } from '#kernel/service.ts'
import { principalIdentity } from '#kernel/principal-identity.ts'
import { type DeniedCheck, denialOf } from '#gateway/denial.ts'
import { allow, deny, policy } from '../../../testkit/src/gateway-bench.ts'
import { ACCOUNT } from '#services/iam/test-bench.ts'

const ARN = `arn:aws:iam::${ACCOUNT}:user/bob`
const bob: Principal = {
  kind: 'user',
  account: ACCOUNT,
  arn: ARN,
  accessKeyId: 'AKIABOB',
  userName: 'bob',
  userId: 'AIDABOB',
}
const messages = authorizationMessages(randomBytes(32))

/** Amazon S3's and EC2's forms, as these services will have them. */
const S3: DenialForm = { quotesResource: true, acrossAccounts: 'Access Denied' }
const EC2: DenialForm = {
  opening: 'You are not authorized to perform this operation. ',
  encodes: true,
}

const identityPolicy = (...statements: readonly object[]) => ({
  name: 'p',
  arn: `arn:aws:iam::${ACCOUNT}:policy/p`,
  policy: parsePolicy(JSON.stringify(policy(...statements)), 'identity'),
})

function deniedCheck(check: AccessCheck, policies: Policies = { identity: [], resource: [] }): DeniedCheck {
  const request = {
    principal: principalIdentity(bob),
    action: check.action,
    resource: check.resource,
    resourceAccount: check.resourceAccount ?? ACCOUNT,
    context: { 'aws:RequestedRegion': 'eu-west-1', 'aws:TagKeys': ['a', 'b'] },
  }
  const decision = decide(request, policies)
  return { check, principal: bob, decision, evidence: { request, policies } }
}

const said = (denied: DeniedCheck, form: DenialForm = {}, policyArns = true): string =>
  denialOf(denied, form, { policyArns, messages }, { protocol: 'rest-json-1' }).message

const READ: AccessCheck = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k' }
const ELSEWHERE = { ...READ, resourceAccount: '444455556666' } as AccessCheck
const sentence = (resource: string): string =>
  `User: ${ARN} is not authorized to perform: s3:GetObject on resource: ${resource}`
const REASON = ' because no identity-based policy allows the s3:GetObject action'

test('most services name resource and reason, and across accounts no reason', () => {
  expect(said(deniedCheck(READ))).toBe(`${sentence(READ.resource)}${REASON}`)
  expect(said(deniedCheck(ELSEWHERE))).toBe(sentence(READ.resource))
})

test('S3 quotes the resource, and tells callers of another account nothing', () => {
  expect(said(deniedCheck(READ), S3)).toBe(`${sentence(`"${READ.resource}"`)}${REASON}`)
  expect(said(deniedCheck(ELSEWHERE), S3)).toBe('Access Denied')
})

test('an explicit denial names the policy unless that is switched off', () => {
  const denied = deniedCheck(READ, { identity: [identityPolicy(allow('*'), deny('s3:*'))], resource: [] })
  const text = `${sentence(READ.resource)} with an explicit deny in an identity-based policy`
  expect(said(denied)).toBe(`${text}: arn:aws:iam::${ACCOUNT}:policy/p`)
  expect(said(denied, {}, false)).toBe(text)
})

test('a check may be told briefly, name its resource otherwise, or have a text of its own', () => {
  expect(said(deniedCheck({ ...READ, brief: true }))).toBe(sentence(READ.resource))
  expect(said(deniedCheck({ ...READ, shownAs: 'object k' }))).toBe(`${sentence('object k')}${REASON}`)
  expect(said(deniedCheck({ ...READ, denialText: 'Not like that.' }))).toBe('Not like that.')
})

const START: AccessCheck = { action: 'ec2:StopInstances', resource: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1' }
const encodedIn = (text: string): string => / Encoded authorization failure message: (\S+)$/.exec(text)?.[1] ?? ''

test('EC2 has a code of its own and an encoded message, which only its account can read', () => {
  const fault = denialOf(deniedCheck(START), EC2, { policyArns: true, messages }, { protocol: 'ec2-query' })
  expect([fault.code, fault.status]).toEqual(['UnauthorizedOperation', 403])
  expect(fault.message).toMatch(
    /^You are not authorized to perform this operation\. User: \S+ is not authorized to perform: ec2:StopInstances on resource: \S+ because no identity-based policy allows the ec2:StopInstances action\. Encoded authorization failure message: [\w-]+$/,
  )
  const encoded = encodedIn(fault.message)
  expect(messages.decode('444455556666' as typeof ACCOUNT, encoded)).toBeUndefined()
  expect(messages.decode(ACCOUNT, `A${encoded.slice(1)}B`)).toBeUndefined()
  expect(authorizationMessages(randomBytes(32)).decode(ACCOUNT, encoded)).toBeUndefined()
  expect(JSON.parse(messages.decode(ACCOUNT, encoded) ?? '')).toEqual({
    allowed: false,
    explicitDeny: false,
    matchedStatements: { items: [] },
    failures: { items: [] },
    context: {
      principal: { id: 'AIDABOB', name: 'bob', arn: ARN },
      action: 'ec2:StopInstances',
      resource: START.resource,
      conditions: {
        items: [
          { key: 'aws:RequestedRegion', values: { items: [{ value: 'eu-west-1' }] } },
          { key: 'aws:TagKeys', values: { items: [{ value: 'a' }, { value: 'b' }] } },
        ],
      },
    },
  })
})

test('the message of an explicit denial shows the statement that denies', () => {
  const Condition = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }
  const identity = [identityPolicy(allow('*'), { Sid: 'No', ...deny('ec2:Stop*'), Condition })]
  const text = said(deniedCheck(START, { identity, resource: [] }), EC2)
  expect(JSON.parse(messages.decode(ACCOUNT, encodedIn(text)) ?? '')).toMatchObject({
    explicitDeny: true,
    matchedStatements: {
      items: [
        {
          statementId: 'No',
          effect: 'DENY',
          actions: { items: [{ value: 'ec2:Stop*' }] },
          resources: { items: [{ value: '*' }] },
          conditions: { items: [{ key: 'aws:RequestedRegion', values: { items: [{ value: 'eu-west-1' }] } }] },
        },
      ],
    },
  })
})

test('another account does not see the statements of the policy of a resource', () => {
  const resource = {
    name: 'bucket',
    policy: parsePolicy(JSON.stringify(policy({ Sid: 'Secret', ...deny('ec2:*'), Principal: '*' })), 'resource'),
  }
  const elsewhere = { ...START, resourceAccount: '444455556666' } as AccessCheck
  const text = said(deniedCheck(elsewhere, { identity: [], resource: [resource] }), EC2)
  const decoded = messages.decode(ACCOUNT, encodedIn(text)) ?? ''
  expect(JSON.parse(decoded)).toMatchObject({ explicitDeny: true, matchedStatements: { items: [] } })
  expect(decoded).not.toContain('Secret')
})

test('a message is never longer than STS takes', () => {
  const values = Array.from({ length: 60 }, () => randomBytes(300).toString('hex'))
  const noisy = deniedCheck(START)
  const context = Object.fromEntries(values.map((value, index) => [`aws:RequestTag/${String(index)}`, [value, value]]))
  const evidence = { ...noisy.evidence, request: { ...noisy.evidence.request, context } }
  const text = said({ ...noisy, evidence }, EC2)
  expect(encodedIn(text).length).toBeLessThanOrEqual(10_240)
  expect(text).toContain('because no identity-based policy allows')
})

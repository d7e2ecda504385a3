import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'

let bench: Bench
beforeEach(async () => {
  bench = openBench()
  await bench.createUser('bob')
})
afterEach(() => bench.close())

const allow = (action: string): string =>
  `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "${action}", "Resource": "*"}]}`
const put = (PolicyName: string, PolicyDocument: string) =>
  bench.call('PutUserPolicy', { UserName: 'bob', PolicyName, PolicyDocument })
const names = async () => (await bench.call('ListUserPolicies', { UserName: 'bob' })).PolicyNames

test('a document comes back as it was given, percent-encoded by RFC 3986', async () => {
  const document = allow("logs:Put*'(é)!").replace('"Action"', '\n\t"Action"')
  await put('write', document)
  const answer = await bench.call('GetUserPolicy', { UserName: 'bob', PolicyName: 'write' })
  expect(answer).toMatchObject({ UserName: 'bob', PolicyName: 'write' })
  expect(answer.PolicyDocument).toMatch(/^[A-Za-z0-9\-_.~%]+$/)
  expect(decodeURIComponent(answer.PolicyDocument)).toBe(document)
})

test('a policy of the same name is replaced, and permissions follow at once', async () => {
  const bob = await bench.createUser('ann')
  const setAction = (action: string) =>
    bench.call('PutUserPolicy', { UserName: 'ann', PolicyName: 'p', PolicyDocument: allow(action) })
  expect((await bench.identity().profile(bob)).identity).toEqual([])
  await setAction('logs:GetLogEvents')
  await setAction('mq:ListBrokers')
  const policies = (await bench.identity().profile(bob)).identity
  expect(policies.map((attached) => attached.name)).toEqual(['p'])
  expect(JSON.stringify(policies[0]?.policy.statements)).toContain('mq:')
  await bench.call('DeleteUserPolicy', { UserName: 'ann', PolicyName: 'p' })
  expect((await bench.identity().profile(bob)).identity).toEqual([])
})

test.each([
  { name: 'no JSON', document: 'hello', fault: 'MalformedPolicyDocument 400 Syntax errors in policy.' },
  {
    name: 'a principal',
    document: allow('logs:*').replace('"Effect"', '"Principal": "*", "Effect"'),
    fault: 'MalformedPolicyDocument 400 Policy document should not specify a principal.',
  },
  {
    name: 'a character outside Latin-1',
    document: allow('logs:*').replace('*', '✓'),
    fault:
      'ValidationError 400 The specified value for policyDocument is invalid. It must contain only printable ASCII characters.',
  },
])('a document with $name is refused and changes nothing', async ({ document, fault }) => {
  await put('p', allow('logs:*'))
  expect(await faultOf(() => put('p', document))).toBe(fault)
  const { PolicyDocument } = await bench.call('GetUserPolicy', { UserName: 'bob', PolicyName: 'p' })
  expect(decodeURIComponent(PolicyDocument)).toBe(allow('logs:*'))
})

test('all policies together have 2,048 characters at most, white space not counted', async () => {
  const filled = (length: number): string => {
    const empty = allow('logs:').replaceAll(' ', '')
    return allow(`logs:${'x'.repeat(length - empty.length)}`).replaceAll(' ', '     ')
  }
  await put('a', filled(1_024))
  await put('b', filled(1_024))
  expect(await faultOf(() => put('b', filled(1_025)))).toBe(
    'LimitExceeded 409 Maximum policy size of 2048 bytes exceeded for user bob',
  )
  expect(await faultOf(() => put('c', allow('logs:*')))).toMatch(/^LimitExceeded/)
  await put('b', filled(1_000))
  expect(await names()).toEqual(['a', 'b'])
})

test('policies added at once are all there', async () => {
  const wanted = Array.from({ length: 10 }, (_, n) => `p${String(n)}`)
  await Promise.all(wanted.map((name) => put(name, allow('logs:*'))))
  expect(await names()).toEqual(wanted)
})

test('names that JavaScript has a meaning for are names like any other', async () => {
  expect(await faultOf(() => bench.call('GetUserPolicy', { UserName: 'bob', PolicyName: 'constructor' }))).toBe(
    'NoSuchEntity 404 The user policy with name constructor cannot be found.',
  )
  await put('__proto__', allow('logs:*'))
  expect(await names()).toEqual(['__proto__'])
  expect((await bench.call('GetUserPolicy', { UserName: 'bob', PolicyName: '__proto__' })).PolicyName).toBe('__proto__')
  await bench.call('DeleteUserPolicy', { UserName: 'bob', PolicyName: '__proto__' })
  expect(await names()).toEqual([])
})

test('names come in order, page by page', async () => {
  for (const name of ['c', 'a', 'b']) await put(name, allow('logs:*'))
  const page = await bench.call('ListUserPolicies', { UserName: 'bob', MaxItems: 2 })
  expect(page).toMatchObject({ PolicyNames: ['a', 'b'], IsTruncated: true })
  expect(await bench.call('ListUserPolicies', { UserName: 'bob', MaxItems: 2, Marker: page.Marker })).toEqual({
    PolicyNames: ['c'],
    IsTruncated: false,
  })
})

test('a policy that is not there cannot be read or deleted', async () => {
  const missing = { UserName: 'bob', PolicyName: 'p' }
  const fault = 'NoSuchEntity 404 The user policy with name p cannot be found.'
  expect(await faultOf(() => bench.call('GetUserPolicy', missing))).toBe(fault)
  expect(await faultOf(() => bench.call('DeleteUserPolicy', missing))).toBe(fault)
})

test('a user that does not exist has no policies, and bad names are refused', async () => {
  const calls = (UserName: string, PolicyName: string) => [
    () => bench.call('PutUserPolicy', { UserName, PolicyName, PolicyDocument: allow('logs:*') }),
    () => bench.call('GetUserPolicy', { UserName, PolicyName }),
    () => bench.call('DeleteUserPolicy', { UserName, PolicyName }),
  ]
  for (const call of calls('alice', 'p'))
    expect(await faultOf(call)).toBe('NoSuchEntity 404 The user with name alice cannot be found.')
  for (const call of calls('bob', 'p p'))
    expect(await faultOf(call)).toMatch(/^ValidationError 400 The specified value for policyName/)
  expect(await faultOf(() => bench.call('ListUserPolicies', { UserName: 'alice' }))).toMatch(/^NoSuchEntity/)
})

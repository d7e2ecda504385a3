import { afterEach, beforeEach, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing, denying } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const custom = (input: object) =>
  bench.call('SimulateCustomPolicy', { PolicyInputList: [], ActionNames: ['mq:ListBrokers'], ...input })
const decisions = async (answer: Promise<Awaited<ReturnType<typeof custom>>>) =>
  (await answer).EvaluationResults?.map(({ EvalDecision }) => EvalDecision)

test('each action is decided on each resource, with the statements that decided', async () => {
  const { EvaluationResults } = await custom({
    PolicyInputList: [
      allowing('mq:*'),
      `{"Version":"2012-10-17",\n "Statement":[{"Effect":"Deny","Action":"mq:D*","Resource":"*"}]}`,
    ],
    ActionNames: ['mq:ListBrokers', 'mq:DeleteBroker', 'logs:PutLogEvents'],
  })
  expect(EvaluationResults).toMatchObject([
    {
      EvalActionName: 'mq:ListBrokers',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }],
    },
    {
      EvalActionName: 'mq:DeleteBroker',
      EvalDecision: 'explicitDeny',
      MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.2', StartPosition: { Line: 2, Column: 15 } }],
    },
    { EvalActionName: 'logs:PutLogEvents', EvalDecision: 'implicitDeny', MatchedStatements: [] },
  ])
  const two = { ResourceArns: ['arn:aws:mq:us-east-1:111122223333:broker:a:b-1', '*'] }
  const [both] = (await custom({ PolicyInputList: [allowing('mq:*')], ...two })).EvaluationResults ?? []
  expect(both?.ResourceSpecificResults?.map((one) => [one.EvalResourceName, one.EvalResourceDecision])).toEqual([
    [two.ResourceArns[0], 'allowed'],
    ['*', 'allowed'],
  ])
})

test('missing context keys are told, and count once they are given', async () => {
  const policy = allowing('mq:*', { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } } })
  const { EvaluationResults } = await custom({ PolicyInputList: [policy] })
  expect(EvaluationResults?.[0]).toMatchObject({ EvalDecision: 'implicitDeny', MissingContextValues: ['aws:TagKeys'] })
  const entry = (ContextKeyType: string) => ({
    PolicyInputList: [policy],
    ContextEntries: [{ ContextKeyName: 'aws:tagkeys', ContextKeyType, ContextKeyValues: ['team', 'env'] }],
  })
  expect(await decisions(custom(entry('stringList')))).toEqual(['allowed'])
  expect(await bench.call('GetContextKeysForCustomPolicy', { PolicyInputList: [policy, policy] })).toEqual({
    ContextKeyNames: ['aws:TagKeys'],
  })
})

test('a boundary and a resource policy take part', async () => {
  const bounded = { PolicyInputList: [allowing('mq:*')], PermissionsBoundaryPolicyInputList: [allowing('logs:*')] }
  expect((await custom(bounded)).EvaluationResults?.[0]).toMatchObject({
    EvalDecision: 'implicitDeny',
    PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
  })
  const CallerArn = `arn:aws:iam::${ACCOUNT}:user/bob`
  const ResourcePolicy = allowing('s3:GetObject', { Principal: { AWS: CallerArn } })
  const onObject = { ActionNames: ['s3:GetObject'], ResourceArns: ['arn:aws:s3:::b/k'], ResourcePolicy }
  expect(await decisions(custom({ ...onObject, CallerArn }))).toEqual(['allowed'])
  expect(await decisions(custom({ ...onObject, CallerArn: `${CallerArn}by` }))).toEqual(['implicitDeny'])
  expect(await decisions(custom({ ...onObject, CallerArn, ResourceOwner: '444455556666' }))).toEqual(['implicitDeny'])
  expect(await faultOf(() => custom(onObject))).toContain('InvalidInput 400')
})

test('results come in pages', async () => {
  const ActionNames = ['mq:ListBrokers', 'mq:DescribeBroker', 'mq:RebootBroker']
  const first = await custom({ PolicyInputList: [allowing('mq:*')], ActionNames, MaxItems: 2 })
  expect([first.EvaluationResults?.length, first.IsTruncated]).toEqual([2, true])
  const second = await custom({ PolicyInputList: [allowing('mq:*')], ActionNames, Marker: first.Marker })
  expect(second.EvaluationResults?.map(({ EvalActionName }) => EvalActionName)).toEqual(['mq:RebootBroker'])
})

test('a user is simulated with everything it has', async () => {
  await bench.createUser('bob')
  await bench.call('CreateGroup', { GroupName: 'g' })
  await bench.call('AddUserToGroup', { UserName: 'bob', GroupName: 'g' })
  const PolicyArn = 'arn:aws:iam::aws:policy/AmazonMQFullAccess'
  await bench.call('AttachGroupPolicy', { GroupName: 'g', PolicyArn })
  await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'no', PolicyDocument: denying('mq:DeleteBroker') })
  const { Policy } = await bench.call('CreatePolicy', { PolicyName: 'edge', PolicyDocument: allowing('mq:*') })
  await bench.call('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: Policy?.Arn ?? '' })
  const { EvaluationResults } = await bench.call('SimulatePrincipalPolicy', {
    PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/bob`,
    ActionNames: ['mq:ListBrokers', 'mq:DeleteBroker', 'logs:PutResourcePolicy', 'logs:CreateLogGroup'],
    ResourceArns: [`arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/amazonmq/x:*`],
  })
  expect(EvaluationResults).toMatchObject([
    {
      EvalDecision: 'allowed',
      MatchedStatements: [{ SourcePolicyId: 'AmazonMQFullAccess', SourcePolicyType: 'aws-managed' }, {}].slice(0, 1),
    },
    { EvalDecision: 'explicitDeny', MatchedStatements: [{ SourcePolicyId: 'user_bob_no', SourcePolicyType: 'user' }] },
    { EvalDecision: 'implicitDeny' },
    { EvalDecision: 'implicitDeny', PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
  ])
})

test.each([
  { arn: 'arn:aws:iam::aws:policy/AmazonMQFullAccess', fault: 'does not clearly define entity type and name' },
  { arn: `arn:aws:iam::${ACCOUNT}:user/nobody`, fault: 'NoSuchEntity 404' },
  { arn: 'arn:aws:iam::444455556666:user/bob', fault: 'InvalidInput 400' },
])('$arn cannot be simulated', async ({ arn, fault }) => {
  const run = () => bench.call('SimulatePrincipalPolicy', { PolicySourceArn: arn, ActionNames: ['mq:ListBrokers'] })
  expect(await faultOf(run)).toContain(fault)
})

test('a policy that is none is refused', async () => {
  expect(await faultOf(() => custom({ PolicyInputList: ['{'] }))).toBe('InvalidInput 400 Syntax errors in policy.')
})

test('it is told which policies open which service', async () => {
  await bench.createUser('bob')
  await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'brokers', PolicyDocument: allowing('mq:List*') })
  const { PoliciesGrantingServiceAccess } = await bench.call('ListPoliciesGrantingServiceAccess', {
    Arn: `arn:aws:iam::${ACCOUNT}:user/bob`,
    ServiceNamespaces: ['mq', 'logs'],
  })
  expect(PoliciesGrantingServiceAccess).toEqual([
    { ServiceNamespace: 'logs', Policies: [] },
    {
      ServiceNamespace: 'mq',
      Policies: [{ PolicyName: 'brokers', PolicyType: 'INLINE', EntityType: 'USER', EntityName: 'bob' }],
    },
  ])
})

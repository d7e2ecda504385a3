import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ACCOUNT, type Bench, faultOf, openBench } from '#services/iam/test-bench.ts'
import { allowing, denying } from '#services/iam/test-documents.ts'

let bench: Bench
beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const OTHER = '444455556666'
const BROKER = `arn:aws:mq:us-east-1:${ACCOUNT}:broker:orders:b-1`
const custom = async (input: object) =>
  (await bench.call('SimulateCustomPolicy', { PolicyInputList: [], ActionNames: ['mq:RebootBroker'], ...input }))
    .EvaluationResults ?? []

describe('a result for several resources', () => {
  const policies = [
    allowing('mq:*', { Resource: BROKER }),
    denying('mq:*', { Resource: `${BROKER}2`, Condition: { StringNotEquals: { 'aws:username': 'root' } } }),
  ]

  test('reports the strictest decision, the statements that made it, and each resource by itself', async () => {
    const [result, ...more] = await custom({
      PolicyInputList: policies,
      ResourceArns: [BROKER, `${BROKER}2`, `${BROKER}3`],
    })
    expect(more).toEqual([])
    expect(result).toMatchObject({
      EvalResourceName: 'arn:${Partition}:mq:${Region}:${Account}:broker:${BrokerName}:${BrokerId}',
      EvalDecision: 'explicitDeny',
      MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.2' }],
      MissingContextValues: ['aws:username'],
      ResourceSpecificResults: [
        { EvalResourceName: BROKER, EvalResourceDecision: 'allowed', MatchedStatements: [{}] },
        {
          EvalResourceName: `${BROKER}2`,
          EvalResourceDecision: 'explicitDeny',
          MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.2' }],
          MissingContextValues: ['aws:username'],
        },
        { EvalResourceName: `${BROKER}3`, EvalResourceDecision: 'implicitDeny', MatchedStatements: [] },
      ],
    })
    expect(result?.EvalDecisionDetails).toEqual({})
    for (const one of result?.ResourceSpecificResults ?? []) expect(one).not.toHaveProperty('EvalDecisionDetails')
  })

  test('an implicit denial among allowed ones is reported, and no statement made it', async () => {
    const [result] = await custom({ PolicyInputList: policies, ResourceArns: [BROKER, `${BROKER}3`] })
    expect(result).toMatchObject({ EvalDecision: 'implicitDeny', MatchedStatements: [] })
  })

  test('a statement that allows all of them is told once', async () => {
    const [result] = await custom({ PolicyInputList: [allowing('mq:*')], ResourceArns: [BROKER, `${BROKER}2`] })
    expect(result?.MatchedStatements).toHaveLength(1)
  })

  test('without resources there are no results by resource and no details', async () => {
    for (const ResourceArns of [undefined, ['*']]) {
      const [result] = await custom({
        PolicyInputList: policies,
        ...(ResourceArns === undefined ? {} : { ResourceArns }),
      })
      expect(result).not.toHaveProperty('ResourceSpecificResults')
      expect(result).not.toHaveProperty('EvalDecisionDetails')
    }
  })

  test('a boundary that allows one of them only does not allow all', async () => {
    const [result] = await custom({
      PolicyInputList: [allowing('mq:*')],
      PermissionsBoundaryPolicyInputList: [allowing('mq:*', { Resource: BROKER })],
      ResourceArns: [BROKER, `${BROKER}2`],
    })
    expect(result).toMatchObject({
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
      ResourceSpecificResults: [
        { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true } },
        { PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } },
      ],
    })
  })
})

test.each([
  ['mq:ListBrokers', '*', '*'],
  ['s3:GetObject', 'arn:aws:s3:::b/k', 'arn:${Partition}:s3:::${BucketName}/${ObjectName}'],
  ['S3:getobject', 'arn:aws:s3:::b/k', 'arn:${Partition}:s3:::${BucketName}/${ObjectName}'],
  ['levitation:Rise', 'arn:aws:s3:::b/k', '*'],
  ['constructor:constructor', '*', '*'],
])('%s on %s is about %s', async (action, arn, template) => {
  const [result] = await custom({ ActionNames: [action], ResourceArns: [arn] })
  expect(result?.EvalResourceName).toBe(template)
})

describe('across accounts', () => {
  const CallerArn = `arn:aws:iam::${OTHER}:user/eve`
  const onObject = {
    ActionNames: ['s3:GetObject'],
    ResourceArns: ['arn:aws:s3:::b/k'],
    ResourceOwner: ACCOUNT,
    CallerArn,
  }

  test.each([
    { own: true, resource: true, decision: 'allowed' },
    { own: true, resource: false, decision: 'implicitDeny' },
    { own: false, resource: true, decision: 'implicitDeny' },
  ])('both accounts must allow: $own and $resource', async ({ own, resource, decision }) => {
    const [result] = await custom({
      ...onObject,
      PolicyInputList: [own ? allowing('s3:*') : allowing('mq:*')],
      ResourcePolicy: allowing(resource ? 's3:*' : 's3:PutObject', { Principal: { AWS: OTHER } }),
    })
    const details = {
      'IAM Policy': own ? 'allowed' : 'implicitDeny',
      'Resource Policy': resource ? 'allowed' : 'implicitDeny',
    }
    expect(result).toMatchObject({
      EvalDecision: decision,
      EvalDecisionDetails: details,
      ResourceSpecificResults: [{ EvalDecisionDetails: details }],
    })
  })

  test('the owner is the caller’s account unless the ARN or ResourceOwner says otherwise', async () => {
    const { ResourceOwner: _owner, ...unowned } = onObject
    const [result] = await custom({ ...unowned, PolicyInputList: [allowing('s3:*')] })
    expect(result).toMatchObject({ EvalDecision: 'allowed', EvalDecisionDetails: {} })
  })
})

describe('what a simulation refuses', () => {
  test.each(['ListBrokers', 'mq:*', 'mq:List*', 'a:b:c', '*:*', 'mq:'])('the action %s', async (action) => {
    expect(await faultOf(() => custom({ ActionNames: [action] }))).toContain(
      `InvalidInput 400 Invalid action ${action}`,
    )
  })

  const entry = (ContextKeyType: string, ...ContextKeyValues: string[]) => ({
    ContextEntries: [{ ContextKeyName: 'aws:key', ContextKeyType, ContextKeyValues }],
  })
  test.each([
    ['numeric', 'ten'],
    ['numericList', '1', 'x'],
    ['boolean', 'yes'],
    ['ip', '10.0.0.256'],
    ['binary', 'a?'],
    ['date', 'tomorrow'],
    ['string', 'a', 'b'],
    ['string'],
  ])('a value of type %s: %s %s', async (type, ...values) => {
    expect(await faultOf(() => custom(entry(type, ...values)))).toContain(
      'InvalidInput 400 Invalid context entry aws:key',
    )
  })
  test.each([
    ['numeric', '10.5'],
    ['boolean', 'True'],
    ['ip', '10.0.0.0/8'],
    ['ipList', '::1', '10.0.0.1'],
    ['binary', 'QQ=='],
    ['date', '2026-11-21T00:00:00Z'],
    ['dateList', '0'],
    ['stringList'],
  ])('but not one of type %s: %s %s', async (type, ...values) => {
    expect(await custom(entry(type, ...values))).toHaveLength(1)
  })

  test('a key that is given twice, in whatever case', async () => {
    const one = { ContextKeyType: 'string', ContextKeyValues: ['a'] }
    const ContextEntries = ['aws:key', 'AWS:Key'].map((ContextKeyName) => ({ ...one, ContextKeyName }))
    expect(await faultOf(() => custom({ ContextEntries }))).toContain('the key is given twice')
    expect(await faultOf(() => custom({ ContextEntries: [one] }))).toContain('it has no ContextKeyName')
  })
})

describe('policies that are left out', () => {
  const managed = 'arn:aws:iam::aws:policy/AmazonMQFullAccess'
  beforeEach(async () => {
    await bench.createUser('bob')
    await bench.call('CreateGroup', { GroupName: 'mates' })
    await bench.call('AddUserToGroup', { UserName: 'bob', GroupName: 'mates' })
    await bench.call('AttachUserPolicy', { UserName: 'bob', PolicyArn: managed })
    const { Policy } = await bench.call('CreatePolicy', { PolicyName: 'logs', PolicyDocument: allowing('logs:*') })
    await bench.call('AttachGroupPolicy', { GroupName: 'mates', PolicyArn: Policy?.Arn ?? '' })
    await bench.call('PutUserPolicy', { UserName: 'bob', PolicyName: 'kms', PolicyDocument: allowing('kms:*') })
    await bench.call('PutGroupPolicy', { GroupName: 'mates', PolicyName: 'sns', PolicyDocument: allowing('sns:*') })
  })

  /** Which of the four policies still allow something. */
  const left = async (...PolicyExclusionList: object[]) => {
    const ActionNames = ['mq:ListBrokers', 'logs:DescribeLogGroups', 'kms:ListKeys', 'sns:ListTopics']
    const PolicySourceArn = `arn:aws:iam::${ACCOUNT}:user/bob`
    const answer = await bench.call('SimulatePrincipalPolicy', { PolicySourceArn, ActionNames, PolicyExclusionList })
    return (answer.EvaluationResults ?? []).flatMap(({ EvalDecision, EvalActionName }) =>
      EvalDecision === 'allowed' ? EvalActionName.split(':')[0] : [],
    )
  }
  const inline = (PolicyName: string, AttachmentType: string, AttachmentName: string) => ({
    InlinePolicyIdentifier: { PolicyName, AttachmentType, AttachmentName },
  })

  test.each([
    [[], ['mq', 'logs', 'kms', 'sns']],
    [[{ PolicyType: 'inline' }], ['mq', 'logs']],
    [[{ PolicyType: 'aws-managed' }], ['logs', 'kms', 'sns']],
    [[{ PolicyType: 'user-managed' }], ['mq', 'kms', 'sns']],
    [
      [{ PolicyType: 'scp' }, { PolicyType: 'rcp' }],
      ['mq', 'logs', 'kms', 'sns'],
    ],
    [[{ PolicyArn: managed }], ['logs', 'kms', 'sns']],
    [[{ PolicyArn: 'arn:aws:iam::aws:policy/AmazonMQ*' }], ['logs', 'kms', 'sns']],
    [[{ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/l?gs` }], ['mq', 'kms', 'sns']],
    [[{ PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/nobody` }], ['mq', 'logs', 'kms', 'sns']],
    [[inline('kms', 'user', 'bob')], ['mq', 'logs', 'sns']],
    [[inline('kms', 'group', 'bob')], ['mq', 'logs', 'kms', 'sns']],
    [[inline('sns', 'group', 'm*')], ['mq', 'logs', 'kms']],
    [
      [inline('sns', 'group', '?ates'), { PolicyType: 'aws-managed' }],
      ['logs', 'kms'],
    ],
  ])('%j leaves %j', async (list, expected) => {
    expect(await left(...list)).toEqual(expected)
  })

  test('the boundary can be left out', async () => {
    const { Policy } = await bench.call('CreatePolicy', { PolicyName: 'edge', PolicyDocument: allowing('mq:*') })
    await bench.call('PutUserPermissionsBoundary', { UserName: 'bob', PermissionsBoundary: Policy?.Arn ?? '' })
    expect(await left()).toEqual(['mq'])
    expect(await left({ PolicyType: 'permission-boundary' })).toEqual(['mq', 'logs', 'kms', 'sns'])
  })

  test.each([
    [{}, 'specify exactly one'],
    [{ PolicyType: 'inline', PolicyArn: managed }, 'specify exactly one'],
    [{ PolicyArn: 'arn:aws:iam::aws:role/AmazonMQFullAccess' }, 'is no ARN of a policy'],
    [{ PolicyArn: 'arn:aws:iam::aws:policy/A*M*' }, 'has more than one *'],
    [inline('kms', 'user', '*o*'), 'has more than one *'],
  ])('%j is refused', async (one, why) => {
    expect(await faultOf(() => left(one))).toContain(`InvalidInput 400 Invalid policy identifier`)
    expect(await faultOf(() => left(one))).toContain(why)
  })
})

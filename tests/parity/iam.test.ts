import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateInstanceProfileCommand,
  AddRoleToInstanceProfileCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateServiceLinkedRoleCommand,
  CreateUserCommand,
  DeleteServiceLinkedRoleCommand,
  DeleteUserCommand,
  GenerateCredentialReportCommand,
  GetAccountAuthorizationDetailsCommand,
  GetCredentialReportCommand,
  GetRoleCommand,
  GetServiceLinkedRoleDeletionStatusCommand,
  GetUserCommand,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  PutGroupPolicyCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagUserCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import { type Clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { allow, createGroup, document, listBrokers, newUser, refusalOf } from './people.ts'

const ACCOUNT = '111122223333'
const platform = filePlatform()
const aws = platform.clients({ accessKeyId: ACCOUNT, secret: 'test' })

describe('the policies of the Amazon MQ logging guide', () => {
  const SEED = allow('logs:CreateLogGroup', { Resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*' })

  test('the user policy lets its user create the log groups of brokers, and nothing else', async () => {
    const user = await newUser(platform, aws, 'mq-user', { statements: [SEED] })
    expect(await createGroup(user, '/aws/amazonmq/broker/b-1/general')).toBe('allowed')
    expect(await createGroup(user, '/other/group')).toBe(
      `AccessDeniedException: User: arn:aws:iam::${ACCOUNT}:user/mq-user is not authorized to perform: logs:CreateLogGroup on resource: arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/other/group:log-stream: because no identity-based policy allows the logs:CreateLogGroup action`,
    )
    const stream = { logGroupName: '/aws/amazonmq/broker/b-1/general', logStreamName: 's' }
    expect(await refusalOf(user.logs.send(new CreateLogStreamCommand(stream)))).toContain('logs:CreateLogStream')
    expect(await refusalOf(user.logs.send(new DescribeLogGroupsCommand({})))).toContain('AccessDeniedException')
    expect(await listBrokers(user)).toContain('AccessDeniedException')
  })

  test('the older text, which names a principal in a user policy, is refused', async () => {
    await aws.iam.send(new CreateUserCommand({ UserName: 'older' }))
    const PolicyDocument = document({ ...SEED, Principal: { AWS: ACCOUNT } })
    const put = new PutUserPolicyCommand({ UserName: 'older', PolicyName: 'p', PolicyDocument })
    expect(await refusalOf(aws.iam.send(put))).toBe(
      'MalformedPolicyDocumentException: Policy document should not specify a principal.',
    )
  })

  test('the resource policy for the service helps no user', async () => {
    const policyDocument = document({
      Effect: 'Allow',
      Principal: { Service: 'mq.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: 'arn:aws:logs:*:*:log-group:/aws/amazonmq/*',
    })
    await aws.logs.send(new PutResourcePolicyCommand({ policyName: 'AmazonMQ-logs', policyDocument }))
    const user = await newUser(platform, aws, 'bystander')
    const stream = { logGroupName: '/aws/amazonmq/broker/b-1/general', logStreamName: 's' }
    expect(await refusalOf(user.logs.send(new CreateLogStreamCommand(stream)))).toContain(
      'because no identity-based policy allows',
    )
  })

  test('AmazonMQFullAccess suffices for brokers and their groups, but not for the resource policy', async () => {
    const user = await newUser(platform, aws, 'mq-admin', { managed: ['AmazonMQFullAccess'] })
    expect(await listBrokers(user)).toBe('allowed')
    expect(await createGroup(user, '/aws/amazonmq/broker/b-2/audit')).toBe('allowed')
    expect(await createGroup(user, '/elsewhere')).toContain('AccessDeniedException')
    const put = new PutResourcePolicyCommand({
      policyName: 'p',
      policyDocument: document(allow('logs:PutLogEvents', { Principal: { Service: 'mq.amazonaws.com' } })),
    })
    expect(await refusalOf(user.logs.send(put))).toContain('logs:PutResourcePolicy')
  })

  test('an Allow on brokers does not grant what has no resource', async () => {
    const user = await newUser(platform, aws, 'scoped', {
      statements: [allow('mq:*', { Resource: 'arn:aws:mq:*:*:broker:*' })],
    })
    expect(await listBrokers(user)).toContain('mq:ListBrokers')
  })
})

describe('other services', () => {
  test('AWSCloudTrail_ReadOnlyAccess looks events up and changes nothing', async () => {
    const user = await newUser(platform, aws, 'auditor', { managed: ['AWSCloudTrail_ReadOnlyAccess'] })
    expect(await refusalOf(user.cloudtrail.send(new LookupEventsCommand({})))).toBe('allowed')
    expect(await createGroup(user, '/aws/amazonmq/x')).toContain('AccessDeniedException')
  })

  test('IAMReadOnlyAccess reads IAM and changes nothing; GetCallerIdentity takes no permission', async () => {
    const user = await newUser(platform, aws, 'reader', { managed: ['IAMReadOnlyAccess'] })
    expect(await refusalOf(user.iam.send(new ListRolesCommand({})))).toBe('allowed')
    expect(await refusalOf(user.iam.send(new CreateUserCommand({ UserName: 'made' })))).toBe(
      `AccessDenied: User: arn:aws:iam::${ACCOUNT}:user/reader is not authorized to perform: iam:CreateUser on resource: arn:aws:iam::${ACCOUNT}:user/made because no identity-based policy allows the iam:CreateUser action`,
    )
    const nobody = await newUser(platform, aws, 'nobody', {
      statements: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
    })
    expect((await nobody.sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/nobody`)
  })
})

describe('what policies are made of', () => {
  test('a group gives its members permissions, and a boundary takes what it does not allow', async () => {
    await aws.iam.send(new CreateGroupCommand({ GroupName: 'operators' }))
    await aws.iam.send(
      new PutGroupPolicyCommand({
        GroupName: 'operators',
        PolicyName: 'all',
        PolicyDocument: document(allow(['mq:*', 'logs:*'])),
      }),
    )
    const user = await newUser(platform, aws, 'member')
    expect(await listBrokers(user)).toContain('AccessDeniedException')
    await aws.iam.send(new AddUserToGroupCommand({ GroupName: 'operators', UserName: 'member' }))
    expect([await listBrokers(user), await createGroup(user, '/group/one')]).toEqual(['allowed', 'allowed'])
    const { Policy } = await aws.iam.send(
      new CreatePolicyCommand({ PolicyName: 'only-mq', PolicyDocument: document(allow('mq:*')) }),
    )
    await aws.iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'member', PermissionsBoundary: Policy?.Arn }))
    expect(await listBrokers(user)).toBe('allowed')
    expect(await createGroup(user, '/group/two')).toContain(
      'because no permissions boundary allows the logs:CreateLogGroup action',
    )
  })

  test('an explicit deny names its policy', async () => {
    const { Policy } = await aws.iam.send(
      new CreatePolicyCommand({
        PolicyName: 'no-brokers',
        PolicyDocument: document({ ...allow('mq:*'), Effect: 'Deny' }),
      }),
    )
    const user = await newUser(platform, aws, 'denied', { statements: [allow('*')] })
    expect(await listBrokers(user)).toBe('allowed')
    await aws.iam.send(new AttachUserPolicyCommand({ UserName: 'denied', PolicyArn: Policy?.Arn }))
    expect(await listBrokers(user)).toContain(`with an explicit deny in an identity-based policy: ${Policy?.Arn ?? ''}`)
  })

  test('tags of the caller and of the resource are compared', async () => {
    const Condition = { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } }
    const user = await newUser(platform, aws, 'tagger', { statements: [allow('iam:GetUser', { Condition })] })
    for (const [UserName, Value] of [
      ['same', 'a'],
      ['other', 'b'],
    ] as const)
      await aws.iam.send(new CreateUserCommand({ UserName, Tags: [{ Key: 'team', Value }] }))
    const get = (UserName: string) => refusalOf(user.iam.send(new GetUserCommand({ UserName })))
    expect(await get('same')).toContain('AccessDenied')
    await aws.iam.send(new TagUserCommand({ UserName: 'tagger', Tags: [{ Key: 'team', Value: 'a' }] }))
    expect(await get('same')).toBe('allowed')
    expect(await get('other')).toContain('is not authorized to perform: iam:GetUser on resource: user other')
  })

  test('whoever hands a role to a service must be allowed to pass it, to that service', async () => {
    const AssumeRolePolicyDocument = document({
      Effect: 'Allow',
      Principal: { Service: 'ec2.amazonaws.com' },
      Action: 'sts:AssumeRole',
    })
    await aws.iam.send(new CreateRoleCommand({ RoleName: 'host', AssumeRolePolicyDocument }))
    await aws.iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'host' }))
    const add = allow('iam:AddRoleToInstanceProfile')
    const pass = (service: string) =>
      allow('iam:PassRole', { Condition: { StringEquals: { 'iam:PassedToService': service } } })
    const send = (user: Clients) =>
      refusalOf(user.iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName: 'host', RoleName: 'host' })))
    expect(await send(await newUser(platform, aws, 'no-pass', { statements: [add] }))).toContain(
      `iam:PassRole on resource: arn:aws:iam::${ACCOUNT}:role/host`,
    )
    expect(
      await send(await newUser(platform, aws, 'wrong-pass', { statements: [add, pass('mq.amazonaws.com')] })),
    ).toContain('iam:PassRole')
    expect(
      await send(await newUser(platform, aws, 'right-pass', { statements: [add, pass('ec2.amazonaws.com')] })),
    ).toBe('allowed')
  })
})

describe('roles of services, and simulation', () => {
  test('a service-linked role is made by whoever may make that one, and deleted by a task', async () => {
    const own = allow('iam:CreateServiceLinkedRole', {
      Condition: { StringLike: { 'iam:AWSServiceName': 'mq.amazonaws.com' } },
    })
    const user = await newUser(platform, aws, 'linker', { statements: [own] })
    const create = (AWSServiceName: string) =>
      refusalOf(user.iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName })))
    expect(await create('kafka.amazonaws.com')).toContain('iam:CreateServiceLinkedRole')
    expect(await create('mq.amazonaws.com')).toBe('allowed')
    expect(await create('mq.amazonaws.com')).toContain('has been taken in this account')
    const { DeletionTaskId } = await aws.iam.send(
      new DeleteServiceLinkedRoleCommand({ RoleName: 'AWSServiceRoleForAmazonMQ' }),
    )
    const { Status } = await aws.iam.send(new GetServiceLinkedRoleDeletionStatusCommand({ DeletionTaskId }))
    expect(Status).toBe('SUCCEEDED')
  })

  test('what a simulation says is what the gate does', async () => {
    const user = await newUser(platform, aws, 'simulated', { managed: ['AmazonMQFullAccess'] })
    const { EvaluationResults = [] } = await aws.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/simulated`,
        ActionNames: ['mq:ListBrokers', 'logs:DescribeLogGroups'],
      }),
    )
    expect(EvaluationResults.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny'])
    expect(EvaluationResults[0]?.MatchedStatements?.[0]).toMatchObject({
      SourcePolicyId: 'AmazonMQFullAccess',
      SourcePolicyType: 'aws-managed',
    })
    expect(await listBrokers(user)).toBe('allowed')
    expect(await refusalOf(user.logs.send(new DescribeLogGroupsCommand({})))).toContain('AccessDeniedException')
  })

  test('the credential report can be read', async () => {
    await aws.iam.send(new GenerateCredentialReportCommand({}))
    const { Content, ReportFormat } = await aws.iam.send(new GetCredentialReportCommand({}))
    expect(ReportFormat).toBe('text/csv')
    expect(Buffer.from(Content ?? []).toString()).toContain(`<root_account>,arn:aws:iam::${ACCOUNT}:root`)
  })
})

describe('the SDK understands every answer', () => {
  test('a role with its policies, and the details of the whole account', async () => {
    const AssumeRolePolicyDocument = document({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: 'sts:AssumeRole',
    })
    await aws.iam.send(
      new CreateRoleCommand({
        RoleName: 'shown',
        Path: '/a/',
        AssumeRolePolicyDocument,
        Tags: [{ Key: 'k', Value: '' }],
      }),
    )
    await aws.iam.send(
      new AttachRolePolicyCommand({ RoleName: 'shown', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
    )
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: 'shown' }))
    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${ACCOUNT}:role/a/shown`,
      MaxSessionDuration: 3_600,
      Tags: [{ Key: 'k', Value: '' }],
    })
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toBe(AssumeRolePolicyDocument)
    const { AttachedPolicies } = await aws.iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'shown' }))
    expect(AttachedPolicies).toEqual([
      { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    ])
    const details = await aws.iam.send(new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'] }))
    expect(details.RoleDetailList?.find(({ RoleName }) => RoleName === 'shown')?.AttachedManagedPolicies).toHaveLength(
      1,
    )
  })

  test('errors come with their modelled names', async () => {
    expect(await refusalOf(aws.iam.send(new GetRoleCommand({ RoleName: 'missing' })))).toBe(
      'NoSuchEntityException: The role with name missing cannot be found.',
    )
    await newUser(platform, aws, 'busy')
    expect(await refusalOf(aws.iam.send(new DeleteUserCommand({ UserName: 'busy' })))).toBe(
      'DeleteConflictException: Cannot delete entity, must delete access keys first.',
    )
  })
})

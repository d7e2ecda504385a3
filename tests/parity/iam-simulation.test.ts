import { generateKeyPairSync } from 'node:crypto'
import {
  AddUserToGroupCommand,
  ChangePasswordCommand,
  CreateGroupCommand,
  CreateLoginProfileCommand,
  GetSSHPublicKeyCommand,
  ListSSHPublicKeysCommand,
  PutGroupPolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
  UpdateAccountPasswordPolicyCommand,
  UpdateUserCommand,
  UploadSSHPublicKeyCommand,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { allow, document, newUser, refusalOf } from './people.ts'

const ACCOUNT = '111122223333'
const OTHER = '444455556666'
const platform = filePlatform()
const aws = platform.clients({ accessKeyId: ACCOUNT, secret: 'test' })

describe('simulations through the official client', () => {
  test('tell each resource by itself, and across accounts each sort of policy', async () => {
    const { EvaluationResults = [] } = await aws.iam.send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [document(allow('s3:GetObject', { Resource: 'arn:aws:s3:::b/*' }))],
        ResourcePolicy: document(
          allow('s3:GetObject', { Resource: 'arn:aws:s3:::b/open/*', Principal: { AWS: OTHER } }),
        ),
        ActionNames: ['s3:GetObject'],
        ResourceArns: ['arn:aws:s3:::b/open/x', 'arn:aws:s3:::b/shut/x'],
        ResourceOwner: ACCOUNT,
        CallerArn: `arn:aws:iam::${OTHER}:user/eve`,
      }),
    )
    expect(EvaluationResults).toMatchObject([
      {
        EvalResourceName: 'arn:${Partition}:s3:::${BucketName}/${ObjectName}',
        EvalDecision: 'implicitDeny',
        EvalDecisionDetails: { 'IAM Policy': 'allowed', 'Resource Policy': 'implicitDeny' },
        ResourceSpecificResults: [
          {
            EvalResourceName: 'arn:aws:s3:::b/open/x',
            EvalResourceDecision: 'allowed',
            EvalDecisionDetails: { 'IAM Policy': 'allowed', 'Resource Policy': 'allowed' },
          },
          {
            EvalResourceName: 'arn:aws:s3:::b/shut/x',
            EvalResourceDecision: 'implicitDeny',
            EvalDecisionDetails: { 'IAM Policy': 'allowed', 'Resource Policy': 'implicitDeny' },
          },
        ],
      },
    ])
  })

  test('come in pages, take context entries and leave policies out', async () => {
    await newUser(platform, aws, 'ada', { managed: ['AmazonMQReadOnlyAccess'] })
    await aws.iam.send(new CreateGroupCommand({ GroupName: 'mates' }))
    const statement = allow('logs:*', { Condition: { NumericLessThan: { 'k:level': 5 } } })
    await aws.iam.send(
      new PutGroupPolicyCommand({ GroupName: 'mates', PolicyName: 'logs', PolicyDocument: document(statement) }),
    )
    await aws.iam.send(new AddUserToGroupCommand({ GroupName: 'mates', UserName: 'ada' }))
    const input = {
      PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/ada`,
      ActionNames: ['mq:ListBrokers', 'logs:DescribeLogGroups', 'mq:CreateBroker'],
      ContextEntries: [{ ContextKeyName: 'k:level', ContextKeyType: 'numeric' as const, ContextKeyValues: ['4'] }],
    }
    const found: (string | undefined)[] = []
    // The paginator writes the marker into what it is given.
    for await (const page of paginateSimulatePrincipalPolicy({ client: aws.iam, pageSize: 2 }, { ...input }))
      found.push(...(page.EvaluationResults ?? []).map(({ EvalDecision }) => EvalDecision))
    expect(found).toEqual(['allowed', 'allowed', 'implicitDeny'])
    const { EvaluationResults = [] } = await aws.iam.send(
      new SimulatePrincipalPolicyCommand({
        ...input,
        PolicyExclusionList: [
          { PolicyType: 'aws-managed' },
          { InlinePolicyIdentifier: { PolicyName: 'logs', AttachmentType: 'group', AttachmentName: 'mates' } },
        ],
      }),
    )
    expect(EvaluationResults.map(({ EvalDecision }) => EvalDecision)).toEqual(Array.from(found, () => 'implicitDeny'))
  })
})

test('a user changes its own password where the account lets every user do so', async () => {
  const user = await newUser(platform, aws, 'bob', {})
  await aws.iam.send(new CreateLoginProfileCommand({ UserName: 'bob', Password: 'Correct-horse-9' }))
  const change = () =>
    user.iam.send(new ChangePasswordCommand({ OldPassword: 'Correct-horse-9', NewPassword: 'Battery-staple-7' }))
  expect(await refusalOf(change())).toContain('AccessDenied')
  await aws.iam.send(new UpdateAccountPasswordPolicyCommand({ AllowUsersToChangePassword: true }))
  await change()
  expect(await refusalOf(change())).toContain('The old password was incorrect.')
})

test('who may rename one user only cannot give it any name', async () => {
  await newUser(platform, aws, 'carol', {})
  const only = (name: string) => allow('iam:UpdateUser', { Resource: `arn:aws:iam::${ACCOUNT}:user/${name}` })
  const clerk = await newUser(platform, aws, 'clerk', { statements: [only('carol'), only('caroline')] })
  const rename = (NewUserName: string) => clerk.iam.send(new UpdateUserCommand({ UserName: 'carol', NewUserName }))
  expect(await refusalOf(rename('root-like'))).toContain('is not authorized to perform: iam:UpdateUser')
  await rename('caroline')
})

test('SSH public keys go both ways', async () => {
  await newUser(platform, aws, 'dave', {})
  const body = generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({ type: 'spki', format: 'pem' })
  const { SSHPublicKey } = await aws.iam.send(
    new UploadSSHPublicKeyCommand({ UserName: 'dave', SSHPublicKeyBody: body }),
  )
  const { SSHPublicKeys } = await aws.iam.send(new ListSSHPublicKeysCommand({ UserName: 'dave' }))
  expect(SSHPublicKeys?.map(({ SSHPublicKeyId }) => SSHPublicKeyId)).toEqual([SSHPublicKey?.SSHPublicKeyId])
  const got = await aws.iam.send(
    new GetSSHPublicKeyCommand({ UserName: 'dave', SSHPublicKeyId: SSHPublicKey?.SSHPublicKeyId, Encoding: 'SSH' }),
  )
  expect(got.SSHPublicKey?.SSHPublicKeyBody).toMatch(/^ssh-rsa /)
  expect(got.SSHPublicKey?.Fingerprint).toMatch(/^(?:[0-9a-f]{2}:){15}[0-9a-f]{2}$/)
})

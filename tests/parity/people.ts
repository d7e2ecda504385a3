import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { ListBrokersCommand } from '@aws-sdk/client-mq'
import type { Credentials } from '@aws-sdk/client-sts'
import { type ClientIdentity, type Clients, clients } from '@sluice/testkit/clients.ts'
import type { TestPlatform } from '@sluice/testkit/platform.ts'

/** What a new user may do. */
export interface Permissions {
  /** Statements of an inline policy. */
  readonly statements?: readonly object[]
  /** Names of AWS-managed policies. */
  readonly managed?: readonly string[]
}

/** A new user of the account of `aws`, with clients that sign with its key. */
export async function newUser(
  platform: TestPlatform,
  aws: Clients,
  name: string,
  permissions: Permissions = {},
): Promise<Clients> {
  await aws.iam.send(new CreateUserCommand({ UserName: name }))
  if (permissions.statements !== undefined) {
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: permissions.statements })
    await aws.iam.send(new PutUserPolicyCommand({ UserName: name, PolicyName: 'inline', PolicyDocument }))
  }
  for (const policy of permissions.managed ?? [])
    await aws.iam.send(new AttachUserPolicyCommand({ UserName: name, PolicyArn: `arn:aws:iam::aws:policy/${policy}` }))
  const { AccessKey } = await aws.iam.send(new CreateAccessKeyCommand({ UserName: name }))
  return clients(platform.url, { accessKeyId: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' })
}

/** Clients that sign with temporary credentials. */
export const withSession = (platform: TestPlatform, credentials: Credentials | undefined): Clients => {
  const identity: ClientIdentity = {
    accessKeyId: credentials?.AccessKeyId ?? '',
    secret: credentials?.SecretAccessKey ?? '',
    sessionToken: credentials?.SessionToken ?? '',
  }
  return clients(platform.url, identity)
}

/** Name and message of a refusal; `allowed` when there was none. */
export async function refusalOf(run: Promise<unknown>): Promise<string> {
  try {
    await run
    return 'allowed'
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return `${error.name}: ${error.message}`
  }
}

/** A statement that allows an action on everything. */
export const allow = (Action: string | readonly string[], more: object = {}): object => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})

/** A policy document. */
export const document = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement })

/** What comes of creating a log group, as {@link refusalOf} tells it. */
export const createGroup = (user: Clients, logGroupName: string): Promise<string> =>
  refusalOf(user.logs.send(new CreateLogGroupCommand({ logGroupName })))

/** What comes of listing brokers. */
export const listBrokers = (user: Clients): Promise<string> => refusalOf(user.mq.send(new ListBrokersCommand({})))

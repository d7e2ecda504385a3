import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { GetUserPolicyCommand } from '@aws-sdk/client-iam'
import { DecryptCommand, DescribeKeyCommand } from '@aws-sdk/client-kms'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DATA_LAYOUT } from '@sluice/server/data-directory'
import { type Clients, clients } from '@sluice/testkit/clients.ts'
import { eventually } from '@sluice/testkit/eventually.ts'
import { type TestPlatform, startTestPlatform, temporaryDirectory } from '@sluice/testkit/platform.ts'
import {
  ALIAS,
  DELETED_GROUP,
  GROUP,
  INSERTED,
  MASKED,
  type Made,
  OBJECTS,
  PLAINTEXT,
  PROTECTED_GROUP,
  PROTECTION_POLICY,
  RESOURCE_POLICY,
  STREAM,
  TAGS,
  USER,
  USER_POLICY,
  WAITING,
  objectsIn,
  put,
} from './content.ts'

const DATA = join(import.meta.dirname, 'data')

/** A directory as it was packed, unpacked for one test. */
function unpacked(version: string) {
  const directory = temporaryDirectory()
  execFileSync('tar', ['-xzf', join(DATA, version, 'data.tar.gz'), '-C', directory.path])
  const made = JSON.parse(readFileSync(join(DATA, version, 'made.json'), 'utf8')) as Made
  return { ...directory, data: join(directory.path, 'data'), made }
}

/** Paths of all files below a directory, each with a digest of its content. */
const digests = (directory: string): ReadonlyMap<string, string> =>
  new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )

// The audit trail is not looked at: records are kept for ninety days, which a packed directory outlives.
describe.each(readdirSync(DATA))('a data directory of %s', (version) => {
  const { data, made, remove } = unpacked(version)
  let platform: TestPlatform
  let aws: Clients

  beforeAll(async () => {
    platform = await startTestPlatform({ data })
    aws = clients(platform.url)
  })
  afterAll(async () => {
    await platform.stop()
    remove()
  })

  const messagesOf = async (logGroupName: string, unmask = false): Promise<readonly (string | undefined)[]> => {
    const { events = [] } = await aws.logs.send(new sdk.FilterLogEventsCommand({ logGroupName, unmask }))
    expect(events.map(({ timestamp }) => timestamp)).toEqual(events.map((_, at) => made.firstEvent + at))
    return events.map(({ message }) => message)
  }

  test('has its groups and streams, with all that belongs to them', async () => {
    const { logGroups } = await aws.logs.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: '/upgrade/' }))
    expect(logGroups).toMatchObject([
      { logGroupName: GROUP, retentionInDays: 3_653 },
      { logGroupName: PROTECTED_GROUP, deletionProtectionEnabled: true },
    ])
    const resourceArn = logGroups?.[0]?.logGroupArn
    expect((await aws.logs.send(new sdk.ListTagsForResourceCommand({ resourceArn }))).tags).toEqual(TAGS)
    const { logStreams } = await aws.logs.send(new sdk.DescribeLogStreamsCommand({ logGroupName: GROUP }))
    const last = made.firstEvent + INSERTED.length + WAITING.length - 1
    expect(logStreams).toMatchObject([
      { logStreamName: STREAM, firstEventTimestamp: made.firstEvent, lastEventTimestamp: last },
    ])
  })

  test('has its events, those that had not reached the column store too, each once', async () => {
    expect(await messagesOf(GROUP)).toEqual([...INSERTED, ...WAITING])
    expect(await messagesOf(PROTECTED_GROUP, true)).toEqual([MASKED])
    const segments = () => readdirSync(join(data, 'journal/logs')).filter((name) => name.endsWith('.seg'))
    await eventually(
      'the column store has all',
      30,
      async () => segments().length,
      (left) => left === 0,
    )
    expect(await messagesOf(GROUP)).toEqual([...INSERTED, ...WAITING])
  })

  test('goes on: new events come after the old ones, and a group that is made again is empty', async () => {
    const at = Date.now()
    await put(aws, GROUP, at, ['INFO new'])
    const { events } = await aws.logs.send(
      new sdk.GetLogEventsCommand({ logGroupName: GROUP, logStreamName: STREAM, limit: 2 }),
    )
    expect(events?.map(({ message }) => message)).toEqual([WAITING.at(-1), 'INFO new'])
    await aws.logs.send(new sdk.CreateLogGroupCommand({ logGroupName: DELETED_GROUP }))
    expect(await messagesOf(DELETED_GROUP)).toEqual([])
  })

  test('has its policies, and they hold', async () => {
    const { resourcePolicies } = await aws.logs.send(new sdk.DescribeResourcePoliciesCommand({}))
    expect(resourcePolicies?.map(({ policyName }) => policyName)).toEqual(['AmazonMQ-logs'])
    expect(JSON.parse(resourcePolicies?.[0]?.policyDocument ?? '')).toMatchObject({ Version: RESOURCE_POLICY.Version })
    const { policyDocument = '' } = await aws.logs.send(
      new sdk.GetDataProtectionPolicyCommand({ logGroupIdentifier: PROTECTED_GROUP }),
    )
    expect(JSON.parse(policyDocument)).toEqual(PROTECTION_POLICY)
    expect(await messagesOf(PROTECTED_GROUP)).toEqual(['to ****************'])
    const { queryDefinitions } = await aws.logs.send(new sdk.DescribeQueryDefinitionsCommand({}))
    expect(queryDefinitions).toMatchObject([{ name: 'errors', queryString: 'filter @message like /ERROR/' }])
  })

  test('has its users and their keys', async () => {
    const policy = await aws.iam.send(new GetUserPolicyCommand({ UserName: USER, PolicyName: 'p' }))
    expect(JSON.parse(decodeURIComponent(policy.PolicyDocument ?? ''))).toEqual(USER_POLICY)
    const theirs = clients(platform.url, made)
    expect((await theirs.sts.send(new GetCallerIdentityCommand())).Arn).toBe(`arn:aws:iam::000000000000:user/${USER}`)
    expect((await theirs.logs.send(new sdk.DescribeLogGroupsCommand())).logGroups).not.toEqual([])
    const refused = theirs.logs.send(new sdk.FilterLogEventsCommand({ logGroupName: GROUP }))
    await expect(refused).rejects.toMatchObject({ name: 'AccessDeniedException' })
  })

  const { bucket } = made
  if (bucket !== undefined) {
    test('has its objects, small and large', async () => {
      expect(await objectsIn(platform.url, bucket)).toEqual(OBJECTS)
    })
  }

  test('has its KMS keys, which open what they sealed', async () => {
    const opened = await aws.kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from(made.ciphertext, 'base64') }))
    expect([Buffer.from(opened.Plaintext ?? []).toString(), opened.KeyId]).toEqual([PLAINTEXT, made.kmsKeyArn])
    expect((await aws.kms.send(new DescribeKeyCommand({ KeyId: ALIAS }))).KeyMetadata?.Arn).toBe(made.kmsKeyArn)
  })
})

test('a data directory of a newer layout is refused in a sentence, and nothing in it is touched', async () => {
  const [version = ''] = readdirSync(DATA)
  const { data, remove } = unpacked(version)
  writeFileSync(join(data, 'layout'), `${String(DATA_LAYOUT + 1)}\n`)
  const before = digests(data)
  await expect(startTestPlatform({ data })).rejects.toThrow(`layout ${String(DATA_LAYOUT + 1)}`)
  expect(digests(data)).toEqual(before)
  remove()
})

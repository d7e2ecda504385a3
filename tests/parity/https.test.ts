import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { Agent, get as httpsGet } from 'node:https'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { signRequest } from '@sluice/wire'
import { beforeAll, describe, expect, test } from 'vitest'
import { awsCliPrograms } from '@sluice/testkit/aws-cli.ts'
import { clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'

const run = promisify(execFile)
const platform = filePlatform()
let ca: string
let caFile: string
let secureUrl: string

beforeAll(async () => {
  ca = await (await fetch(`${platform.url}/_sluice/ca.pem`)).text()
  caFile = join(platform.scratch, 'ca.pem')
  writeFileSync(caFile, ca)
  secureUrl = `https://localhost:${new URL(platform.url).port}`
})

const secure = (
  key: { accessKeyId: string; secretAccessKey: string } = { accessKeyId: 'test', secretAccessKey: 'test' },
) => ({
  endpoint: secureUrl,
  region: 'us-east-1',
  credentials: key,
  maxAttempts: 1,
  requestHandler: { httpsAgent: new Agent({ ca, keepAlive: true }) },
})

/** The audit record of the call of this name on this log group. */
async function recordOf(eventName: string, groupName: string): Promise<Readonly<Record<string, unknown>>> {
  const cloudtrail = new CloudTrailClient(secure())
  const { Events = [] } = await cloudtrail.send(
    new LookupEventsCommand({ LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }] }),
  )
  const records = Events.map(({ CloudTrailEvent = '{}' }) => JSON.parse(CloudTrailEvent) as Record<string, unknown>)
  const found = records.find(
    ({ requestParameters }) => (requestParameters as { logGroupName?: string } | null)?.logGroupName === groupName,
  )
  if (found === undefined) throw new Error(`no ${eventName} of ${groupName} among ${JSON.stringify(records)}`)
  return found
}

test('the JS SDK speaks HTTPS and HTTP to the same port', async () => {
  const identity = { Account: '000000000000', Arn: 'arn:aws:iam::000000000000:root' }
  expect(await new STSClient(secure()).send(new GetCallerIdentityCommand())).toMatchObject(identity)
  expect(await clients(platform.url).sts.send(new GetCallerIdentityCommand())).toMatchObject(identity)
})

test('the audit record says how a call came: protocol, cipher and host, or that it had none', async () => {
  await new CloudWatchLogsClient(secure()).send(new CreateLogGroupCommand({ logGroupName: '/tls/yes' }))
  await clients(platform.url).logs.send(new CreateLogGroupCommand({ logGroupName: '/tls/no' }))
  expect(await recordOf('CreateLogGroup', '/tls/yes')).toMatchObject({
    sourceIPAddress: expect.stringMatching(/^(127\.0\.0\.1|::1)$/) as string,
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: expect.stringMatching(/^TLS_/) as string,
      clientProvidedHostHeader: new URL(secureUrl).host,
    },
  })
  expect(await recordOf('CreateLogGroup', '/tls/no')).not.toHaveProperty('tlsDetails')
})

test('a policy may ask for HTTPS and for where the client is', async () => {
  const { iam } = clients(platform.url)
  await iam.send(new CreateUserCommand({ UserName: 'careful' }))
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'logs:DescribeLogGroups',
        Resource: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
      },
      { Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ],
  }
  await iam.send(
    new PutUserPolicyCommand({ UserName: 'careful', PolicyName: 'p', PolicyDocument: JSON.stringify(policy) }),
  )
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'careful' }))
  const key = { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' }
  const overHttps = new CloudWatchLogsClient({ ...secure(key), endpoint: secureUrl.replace('localhost', '127.0.0.1') })
  expect((await overHttps.send(new DescribeLogGroupsCommand())).logGroups).toBeDefined()
  const overHttp = clients(platform.url, { accessKeyId: key.accessKeyId, secret: key.secretAccessKey }).logs
  await expect(overHttp.send(new DescribeLogGroupsCommand())).rejects.toThrow('with an explicit deny')
})

describe.each(awsCliPrograms())('AWS CLI %s', (_version, find) => {
  test('trusts the certificate by AWS_CA_BUNDLE and nothing else', async () => {
    const call = [
      '--endpoint-url',
      secureUrl,
      '--region',
      'us-east-1',
      'sts',
      'get-caller-identity',
      '--output',
      'json',
    ]
    const env = {
      PATH: process.env['PATH'],
      HOME: platform.scratch,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_MAX_ATTEMPTS: '1',
    }
    const { stdout } = await run(find(), call, { env: { ...env, AWS_CA_BUNDLE: caFile } })
    expect(JSON.parse(stdout)).toMatchObject({ Account: '000000000000' })
    const untrusting = await run(find(), call, { env }).catch((error: { stderr: string }) => error)
    expect(untrusting.stderr).toContain('SSL validation failed')
  })
})

/** Sends log events in a body that was packed before it was signed, as agents do. */
async function putPacked(body: Buffer): Promise<{ readonly status: number; readonly text: string }> {
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': 'Logs_20140328.PutLogEvents',
    'content-encoding': 'gzip',
  }
  const signed = signRequest({
    method: 'POST',
    url: `${platform.url}/`,
    headers,
    body,
    service: 'logs',
    region: 'us-east-1',
    accessKeyId: 'test',
    secret: 'test',
  })
  const answer = await fetch(`${platform.url}/`, { method: 'POST', headers: signed, body: new Uint8Array(body) })
  return { status: answer.status, text: await answer.text() }
}

test('a packed body is verified as it was sent and read unpacked; one that unpacks to too much is refused', async () => {
  const { logs } = clients(platform.url)
  const logGroupName = '/packed'
  await logs.send(new CreateLogGroupCommand({ logGroupName }))
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }))
  const events = (message: string): string =>
    JSON.stringify({ logGroupName, logStreamName: 's', logEvents: [{ timestamp: Date.now(), message }] })
  expect(await putPacked(gzipSync(events('packed')))).toMatchObject({ status: 200 })
  const { events: kept } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName: 's' }))
  expect(kept).toMatchObject([{ message: 'packed' }])
  const bomb = gzipSync(events('x'.repeat(64 * 1024 * 1024)))
  expect(bomb.byteLength).toBeLessThan(100_000)
  expect(await putPacked(bomb)).toMatchObject({
    status: 400,
    text: expect.stringContaining('SerializationException') as string,
  })
  expect(await putPacked(gzipSync(events('after')))).toMatchObject({ status: 200 })
})

test('after a restart the same certificate is presented', async () => {
  const fingerprint = (): Promise<string> =>
    new Promise((resolve, reject) => {
      httpsGet(`${secureUrl}/livez`, { ca, agent: false }, (response) => {
        const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate()
        response.resume().once('end', () => resolve(fingerprint256))
      }).once('error', reject)
    })
  const before = await fingerprint()
  expect(before).toMatch(/^[0-9A-F:]{95}$/)
  await platform.stop()
  await platform.start()
  secureUrl = `https://localhost:${new URL(platform.url).port}`
  expect(await fingerprint()).toBe(before)
})

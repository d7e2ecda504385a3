import {
  CloudWatchLogsClient,
  CloudWatchLogsServiceException,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { beforeAll, describe, expect, test } from 'vitest'
import { clients } from '@sluice/testkit/clients.ts'
import { filePlatform } from '@sluice/testkit/file-platform.ts'
import { builtOperations } from '../../tools/built-operations/built.ts'
import { GROUP_CASES, type LogsDesk } from './logs-cases.ts'
import { DELIVERY_CASES } from './logs-delivery-cases.ts'
import { POLICY_CASES } from './logs-policy-cases.ts'

const CASES = { ...GROUP_CASES, ...POLICY_CASES, ...DELIVERY_CASES }
const platform = filePlatform()
let desk: LogsDesk

beforeAll(async () => {
  const logs = new CloudWatchLogsClient({
    endpoint: platform.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    disableHostPrefix: true,
  })
  let groups = 0
  desk = {
    logs,
    kms: clients(platform.url).kms,
    async group() {
      groups += 1
      // Of one length, so that none is the prefix of another.
      const logGroupName = `/cases/${String(groups).padStart(3, '0')}`
      await logs.send(new CreateLogGroupCommand({ logGroupName }))
      await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }))
      return logGroupName
    },
    put: (logGroupName, ...messages) =>
      logs.send(
        new PutLogEventsCommand({
          logGroupName,
          logStreamName: 's',
          logEvents: messages.map((message) => ({ timestamp: Date.now(), message })),
        }),
      ),
  }
})

test('every operation that is built is tried', () => {
  expect(Object.keys(CASES).sort()).toEqual([...builtOperations().logs].sort())
})

describe.each(Object.entries(CASES))('%s', (_operation, { works, refused, as }) => {
  if (typeof works !== 'string') test('works', () => works(desk))

  test(`is refused as ${as}`, async () => {
    const error = await refused(desk).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CloudWatchLogsServiceException)
    expect(error).toMatchObject({ name: as, $metadata: { httpStatusCode: 400 } })
    expect((error as Error).message).not.toBe('')
  })
})

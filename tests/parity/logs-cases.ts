import * as sdk from '@aws-sdk/client-cloudwatch-logs'
import { expect } from 'vitest'
import type { Clients } from '@sluice/testkit/clients.ts'

/** What a case has to work with. */
export interface LogsDesk extends Pick<Clients, 'logs' | 'kms'> {
  /** Makes a log group of a name that no other case has, with a stream `s`. */
  group(): Promise<string>
  put(logGroupName: string, ...messages: readonly string[]): Promise<unknown>
}

/** An operation through the JS client. */
export interface LogsCase {
  /** Does it and looks at what came of it. A text: what it needs to succeed and has not got here, or where it is tried. */
  readonly works: ((desk: LogsDesk) => Promise<void>) | `needs ${string}` | `tried in ${string}`
  /** A call that AWS refuses. */
  readonly refused: (desk: LogsDesk) => Promise<unknown>
  /** The documented error, by its name in the API. */
  readonly as: string
}

export const NONE = { logGroupName: '/none' }
export const NO_GROUP = 'ResourceNotFoundException'
export const INVALID = 'InvalidParameterException'
export const arnOf = (name: string): string => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`

const tagsOf = async ({ logs }: LogsDesk, logGroupName: string): Promise<unknown> =>
  (await logs.send(new sdk.ListTagsForResourceCommand({ resourceArn: arnOf(logGroupName) }))).tags

/** The one group of this name, as DescribeLogGroups shows it. */
export async function described({ logs }: LogsDesk, logGroupNamePrefix: string): Promise<sdk.LogGroup | undefined> {
  const { logGroups = [] } = await logs.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix }))
  expect(logGroups.length).toBeLessThanOrEqual(1)
  return logGroups[0]
}

/** Groups, streams, events, retention and tags. */
export const GROUP_CASES: Readonly<Record<string, LogsCase>> = {
  CreateLogGroup: {
    works: async (desk) => {
      const logGroupName = '/created'
      await desk.logs.send(new sdk.CreateLogGroupCommand({ logGroupName, tags: { team: 'ä' } }))
      expect(await described(desk, logGroupName)).toMatchObject({ logGroupName, logGroupArn: arnOf(logGroupName) })
      expect(await tagsOf(desk, logGroupName)).toEqual({ team: 'ä' })
    },
    refused: async ({ logs, group }) => logs.send(new sdk.CreateLogGroupCommand({ logGroupName: await group() })),
    as: 'ResourceAlreadyExistsException',
  },
  DeleteLogGroup: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await desk.logs.send(new sdk.DeleteLogGroupCommand({ logGroupName }))
      expect(await described(desk, logGroupName)).toBeUndefined()
    },
    refused: ({ logs }) => logs.send(new sdk.DeleteLogGroupCommand(NONE)),
    as: NO_GROUP,
  },
  DescribeLogGroups: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      const found = await desk.logs.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePattern: logGroupName }))
      expect(found.logGroups).toMatchObject([{ logGroupName, metricFilterCount: 0, logGroupClass: 'STANDARD' }])
    },
    refused: ({ logs }) =>
      logs.send(new sdk.DescribeLogGroupsCommand({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' })),
    as: INVALID,
  },
  ListLogGroups: {
    works: async ({ logs, group }) => {
      const logGroupName = await group()
      const { logGroups } = await logs.send(new sdk.ListLogGroupsCommand({ logGroupNamePattern: logGroupName }))
      expect(logGroups).toEqual([{ logGroupName, logGroupArn: arnOf(logGroupName), logGroupClass: 'STANDARD' }])
    },
    refused: ({ logs }) => logs.send(new sdk.ListLogGroupsCommand({ nextToken: 'forged' })),
    as: INVALID,
  },
  PutLogGroupDeletionProtection: {
    works: async ({ logs, group }) => {
      const logGroupName = await group()
      const set = (deletionProtectionEnabled: boolean) =>
        logs.send(
          new sdk.PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: logGroupName, deletionProtectionEnabled }),
        )
      await set(true)
      const deletion = new sdk.DeleteLogGroupCommand({ logGroupName })
      await expect(logs.send(deletion)).rejects.toMatchObject({ name: 'ValidationException' })
      await set(false)
      await logs.send(deletion)
    },
    refused: ({ logs }) =>
      logs.send(
        new sdk.PutLogGroupDeletionProtectionCommand({ logGroupIdentifier: '/none', deletionProtectionEnabled: true }),
      ),
    as: NO_GROUP,
  },
  PutRetentionPolicy: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await desk.logs.send(new sdk.PutRetentionPolicyCommand({ logGroupName, retentionInDays: 30 }))
      expect(await described(desk, logGroupName)).toMatchObject({ retentionInDays: 30 })
    },
    refused: async ({ logs, group }) =>
      logs.send(new sdk.PutRetentionPolicyCommand({ logGroupName: await group(), retentionInDays: 31 })),
    as: INVALID,
  },
  DeleteRetentionPolicy: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await desk.logs.send(new sdk.PutRetentionPolicyCommand({ logGroupName, retentionInDays: 30 }))
      await desk.logs.send(new sdk.DeleteRetentionPolicyCommand({ logGroupName }))
      expect(await described(desk, logGroupName)).not.toHaveProperty('retentionInDays')
    },
    refused: ({ logs }) => logs.send(new sdk.DeleteRetentionPolicyCommand(NONE)),
    as: NO_GROUP,
  },
  CreateLogStream: {
    works: async ({ logs, group }) => {
      const logGroupName = await group()
      await logs.send(new sdk.CreateLogStreamCommand({ logGroupName, logStreamName: 'a/b' }))
      const { logStreams } = await logs.send(new sdk.DescribeLogStreamsCommand({ logGroupName }))
      expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(['a/b', 's'])
    },
    refused: async ({ logs, group }) =>
      logs.send(new sdk.CreateLogStreamCommand({ logGroupName: await group(), logStreamName: 's' })),
    as: 'ResourceAlreadyExistsException',
  },
  DeleteLogStream: {
    works: async ({ logs, group, put }) => {
      const logGroupName = await group()
      await put(logGroupName, 'gone')
      await logs.send(new sdk.DeleteLogStreamCommand({ logGroupName, logStreamName: 's' }))
      expect((await logs.send(new sdk.DescribeLogStreamsCommand({ logGroupName }))).logStreams).toEqual([])
      expect((await logs.send(new sdk.FilterLogEventsCommand({ logGroupName }))).events).toEqual([])
    },
    refused: async ({ logs, group }) =>
      logs.send(new sdk.DeleteLogStreamCommand({ logGroupName: await group(), logStreamName: 'none' })),
    as: NO_GROUP,
  },
  DescribeLogStreams: {
    works: async ({ logs, group, put }) => {
      const logGroupName = await group()
      await put(logGroupName, 'an event')
      const { logStreams } = await logs.send(
        new sdk.DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime' }),
      )
      expect(logStreams).toMatchObject([
        { logStreamName: 's', storedBytes: 0, lastEventTimestamp: expect.any(Number) as unknown },
      ])
    },
    refused: ({ logs }) => logs.send(new sdk.DescribeLogStreamsCommand({ ...NONE, logGroupIdentifier: '/none' })),
    as: 'ValidationException',
  },
  PutLogEvents: {
    works: async ({ logs, group }) => {
      const logGroupName = await group()
      const events = [Date.now() - 15 * 86_400_000, Date.now()].map((timestamp) => ({ timestamp, message: 'm' }))
      const put = (logEvents: sdk.InputLogEvent[]) =>
        logs.send(new sdk.PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents }))
      expect(await put(events.slice(1))).toMatchObject({
        nextSequenceToken: expect.stringMatching(/^\d{56}$/) as unknown,
      })
      expect((await put(events.slice(0, 1))).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 })
    },
    refused: async ({ logs, group }) =>
      logs.send(
        new sdk.PutLogEventsCommand({
          logGroupName: await group(),
          logStreamName: 's',
          logEvents: [2, 1].map((message) => ({ timestamp: Date.now() + message, message: String(message) })),
        }),
      ),
    as: INVALID,
  },
  GetLogEvents: {
    works: async ({ logs, group, put }) => {
      const logGroupName = await group()
      await put(logGroupName, 'a', 'b', 'c')
      const get = (nextToken?: string) =>
        logs.send(new sdk.GetLogEventsCommand({ logGroupName, logStreamName: 's', limit: 2, nextToken }))
      const newest = await get()
      expect(newest.events?.map(({ message }) => message)).toEqual(['b', 'c'])
      expect((await get(newest.nextBackwardToken)).events?.map(({ message }) => message)).toEqual(['a'])
      expect((await get(newest.nextForwardToken)).nextForwardToken).toBe(newest.nextForwardToken)
    },
    refused: async ({ logs, group }) =>
      logs.send(new sdk.GetLogEventsCommand({ logGroupName: await group(), logStreamName: 's', nextToken: 'forged' })),
    as: INVALID,
  },
  FilterLogEvents: {
    works: async ({ logs, group, put }) => {
      const logGroupName = await group()
      await put(logGroupName, 'INFO a', 'ERROR b')
      const found = await logs.send(new sdk.FilterLogEventsCommand({ logGroupName, filterPattern: 'ERROR' }))
      expect(found.events).toMatchObject([
        { message: 'ERROR b', logStreamName: 's', eventId: expect.stringMatching(/^\d{56}$/) as unknown },
      ])
      expect(found.nextToken).toBeUndefined()
    },
    refused: async ({ logs, group }) =>
      logs.send(new sdk.FilterLogEventsCommand({ logGroupName: await group(), filterPattern: '{ $.' })),
    as: INVALID,
  },
  StartLiveTail: {
    works: async ({ logs, group }) => {
      const logGroupIdentifiers = [arnOf(await group())]
      const { responseStream } = await logs.send(new sdk.StartLiveTailCommand({ logGroupIdentifiers }))
      for await (const event of responseStream ?? []) {
        expect(event.sessionStart).toMatchObject({ logGroupIdentifiers })
        return
      }
      throw new Error('the stream ended before it began')
    },
    refused: ({ logs }) => logs.send(new sdk.StartLiveTailCommand({ logGroupIdentifiers: [arnOf('/none')] })),
    as: NO_GROUP,
  },
  TagResource: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await desk.logs.send(new sdk.TagResourceCommand({ resourceArn: arnOf(logGroupName), tags: { a: '1', b: '' } }))
      expect(await tagsOf(desk, logGroupName)).toEqual({ a: '1', b: '' })
    },
    refused: ({ logs }) => logs.send(new sdk.TagResourceCommand({ resourceArn: arnOf('/none'), tags: { a: '1' } })),
    as: NO_GROUP,
  },
  UntagResource: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      const resourceArn = arnOf(logGroupName)
      await desk.logs.send(new sdk.TagResourceCommand({ resourceArn, tags: { a: '1', b: '2' } }))
      await desk.logs.send(new sdk.UntagResourceCommand({ resourceArn, tagKeys: ['a'] }))
      expect(await tagsOf(desk, logGroupName)).toEqual({ b: '2' })
    },
    refused: ({ logs }) => logs.send(new sdk.UntagResourceCommand({ resourceArn: arnOf('/none'), tagKeys: ['a'] })),
    as: NO_GROUP,
  },
  ListTagsForResource: {
    works: async (desk) => expect(await tagsOf(desk, await desk.group())).toEqual({}),
    refused: (desk) => tagsOf(desk, '/none'),
    as: NO_GROUP,
  },
  TagLogGroup: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await desk.logs.send(new sdk.TagLogGroupCommand({ logGroupName, tags: { old: 'way' } }))
      expect(await tagsOf(desk, logGroupName)).toEqual({ old: 'way' })
    },
    refused: ({ logs }) => logs.send(new sdk.TagLogGroupCommand({ ...NONE, tags: { a: '1' } })),
    as: NO_GROUP,
  },
  UntagLogGroup: {
    works: async (desk) => {
      const logGroupName = await desk.group()
      await desk.logs.send(new sdk.TagLogGroupCommand({ logGroupName, tags: { a: '1' } }))
      await desk.logs.send(new sdk.UntagLogGroupCommand({ logGroupName, tags: ['a'] }))
      expect(await tagsOf(desk, logGroupName)).toEqual({})
    },
    refused: ({ logs }) => logs.send(new sdk.UntagLogGroupCommand({ ...NONE, tags: ['a'] })),
    as: NO_GROUP,
  },
  ListTagsLogGroup: {
    works: async ({ logs, group }) => {
      const logGroupName = await group()
      await logs.send(new sdk.TagLogGroupCommand({ logGroupName, tags: { a: '1' } }))
      expect((await logs.send(new sdk.ListTagsLogGroupCommand({ logGroupName }))).tags).toEqual({ a: '1' })
    },
    refused: ({ logs }) => logs.send(new sdk.ListTagsLogGroupCommand(NONE)),
    as: NO_GROUP,
  },
}

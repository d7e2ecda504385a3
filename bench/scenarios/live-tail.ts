import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
  StartLiveTailCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { setTimeout as sleep } from 'node:timers/promises'
import { withPlatform } from '../lib/platform.ts'
import { type Scenario, count, median, millis, quantile } from '../lib/scenario.ts'

/** As many as an account may have. */
const SESSIONS = 15
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 30)

export const liveTail: Scenario = {
  name: 'live-tail',
  what: `PutLogEvents sent → event in the frame of a live tail, ${String(SESSIONS)} sessions of the JS client, ${String(SECONDS)} s`,
  run: () =>
    withPlatform(async ({ aws, url }) => {
      const stream = { logGroupName: 'bench', logStreamName: 's' }
      await aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'bench' }))
      await aws.logs.send(new CreateLogStreamCommand(stream))
      const { logGroups = [] } = await aws.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'bench' }))
      const group = logGroups[0]?.logGroupArn ?? ''
      const waits: number[] = []
      const begun = Array.from({ length: SESSIONS }, () => follow(url, group, (wait) => waits.push(wait)))
      const ends = await Promise.all(begun)
      let sent = 0
      for (const until = Date.now() + SECONDS * 1_000; Date.now() < until; sent += 1) {
        // The message says when it was sent; pauses of odd lengths meet every phase of the sessions' seconds.
        const message = String(Date.now())
        await aws.logs.send(new PutLogEventsCommand({ ...stream, logEvents: [{ timestamp: Date.now(), message }] }))
        await sleep(Math.random() * 60)
      }
      await sleep(3_000)
      for (const end of ends) end()
      return [
        { what: 'events × sessions', value: count(sent * SESSIONS) },
        { what: 'not shown', value: count(sent * SESSIONS - waits.length), goal: 'goal 0' },
        { what: 'p50 (an update comes once a second)', value: millis(median(waits)) },
        { what: 'p99', value: millis(quantile(waits, 0.99)), goal: 'goal ≤ 1,200 ms' },
      ]
    }),
}

/** Opens a session; resolves when it has begun, with what ends it. */
async function follow(url: string, group: string, arrived: (millis: number) => void): Promise<() => void> {
  const client = new CloudWatchLogsClient({
    endpoint: url,
    disableHostPrefix: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  })
  const { responseStream } = await client.send(new StartLiveTailCommand({ logGroupIdentifiers: [group] }))
  const started = Promise.withResolvers<void>()
  const read = async (): Promise<void> => {
    for await (const event of responseStream ?? []) {
      if (event.sessionStart !== undefined) started.resolve()
      const now = Date.now()
      for (const { message } of event.sessionUpdate?.sessionResults ?? []) arrived(now - Number(message))
    }
  }
  // Ended by us, in the midst of the stream.
  read().catch((error: unknown) => started.reject(error))
  await started.promise
  return () => client.destroy()
}

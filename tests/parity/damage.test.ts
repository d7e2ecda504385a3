import { readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import { ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch'
import {
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { expect, test } from 'vitest'
import { filePlatform } from '@sluice/testkit/file-platform.ts'

const platform = filePlatform()
const aws = platform.clients()

const put = (message: string) =>
  aws.logs.send(
    new PutLogEventsCommand({
      logGroupName: 'kept',
      logStreamName: 's',
      logEvents: [{ timestamp: Date.now(), message }],
    }),
  )
const filter = () => aws.logs.send(new FilterLogEventsCommand({ logGroupName: 'kept' }))
const health = async (): Promise<unknown> => (await fetch(new URL('/_sluice/health', platform.url))).json()

test('a platform whose stored events were damaged answers no read as if they had never been, and its health says which', async () => {
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'kept' }))
  await aws.logs.send(new CreateLogStreamCommand({ logGroupName: 'kept', logStreamName: 's' }))
  await put('before')
  const MetricData = [{ MetricName: 'm', Value: 1 }]
  await aws.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'kept', MetricData }))
  expect((await filter()).events).toHaveLength(1)
  const metrics = async (): Promise<string> => (await fetch(new URL('/metrics', platform.url))).text()
  for (const table of ['api_events', 'log_events', 'metric_points'])
    await expect.poll(metrics, { timeout: 30_000 }).toContain(`journal_rows_inserted_total{table="${table}"}`)
  await platform.stop()

  const store = join(platform.data, 'clickhouse', 'data', 'store')
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' })
  for (const file of files) if (basename(file) === 'columns.txt') writeFileSync(join(store, file), 'damaged')
  await platform.start()
  const unavailable = { $metadata: { httpStatusCode: 503 } }
  await expect(filter()).rejects.toMatchObject({ ...unavailable, name: 'ServiceUnavailableException' })
  await expect(aws.cloudtrail.send(new LookupEventsCommand({}))).rejects.toMatchObject(unavailable)
  await expect(aws.cloudwatch.send(new ListMetricsCommand({ Namespace: 'kept' }))).rejects.toMatchObject(unavailable)
  expect(await health()).toMatchObject({
    status: 'degraded',
    troubles: {
      columnStoreFiles: expect.stringMatching(/of api_events.*of log_events.*of metric_points.* set aside/) as unknown,
    },
  })
  expect(platform.output()).toContain('column_store_parts_set_aside')
  expect(await put('after')).toMatchObject({ $metadata: { httpStatusCode: 200 } })
})

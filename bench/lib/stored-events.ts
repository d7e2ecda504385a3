import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs'
import { corpus } from './corpus.ts'
import { type LoadRequest, load } from './load.ts'
import type { BenchPlatform } from './platform.ts'

/** Lines of the corpus that surely fit into a megabyte. */
const BATCH = 3_500
const LINES = 40_000
const DAY_MILLIS = 86_400_000
/** Until merges have settled. */
const SETTLE_MILLIS = 3_000

/** Over how much time stored events are spread. */
const STORED_DAYS = 7

/** A call of a JSON operation of CloudWatch Logs. */
export const logsCall = (operation: string, body: (n: number) => string): LoadRequest => ({
  service: 'logs',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `Logs_20140328.${operation}` },
  body,
})

/**
 * Makes a log group with one stream `s` and stores broker lines in it, spread evenly over the last seven days; resolves
 * when all of them are in the column store.
 */
export async function storeEvents({ aws, url, data }: BenchPlatform, logGroupName: string, events: number) {
  await aws.logs.send(new CreateLogGroupCommand({ logGroupName }))
  await aws.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: 's' }))
  const lines = corpus(Math.min(events, LINES))
  const end = Date.now()
  const step = (STORED_DAYS * DAY_MILLIS) / events
  const start = end - STORED_DAYS * DAY_MILLIS
  // A batch may span a day; with fewer events than that needs, batches are smaller.
  const size = Math.min(BATCH, Math.floor(DAY_MILLIS / step))
  const body = (n: number): string =>
    JSON.stringify({
      logGroupName,
      logStreamName: 's',
      logEvents: Array.from({ length: Math.min(size, events - n * size) }, (_, at) => ({
        timestamp: Math.floor(start + (n * size + at) * step),
        message: lines[(n * size + at) % lines.length],
      })),
    })
  await load(url, logsCall('PutLogEvents', body), { connections: 2, seconds: 600, requests: Math.ceil(events / size) })
  while (readdirSync(join(data, 'journal/logs')).some((name) => name.endsWith('.seg'))) await sleep(100)
  await sleep(SETTLE_MILLIS)
  return { start, end }
}

/** Puts 20 events every 10 milliseconds until the work is done. */
export async function underIngest<T>({ url }: BenchPlatform, logGroupName: string, work: () => Promise<T>): Promise<T> {
  const lines = corpus(1_000)
  const body = (): string =>
    JSON.stringify({
      logGroupName,
      logStreamName: 's',
      logEvents: lines.slice(0, 20).map((message) => ({ timestamp: Date.now(), message })),
    })
  const failures: unknown[] = []
  const putting = setInterval(() => {
    load(url, logsCall('PutLogEvents', body), { connections: 1, seconds: 10, requests: 1 }).catch((error: unknown) =>
      failures.push(error),
    )
  }, 10)
  try {
    const done = await work()
    if (failures.length > 0) throw new Error('events were refused meanwhile', { cause: failures[0] })
    return done
  } finally {
    clearInterval(putting)
  }
}

import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CreateLogGroupCommand, CreateLogStreamCommand } from '@aws-sdk/client-cloudwatch-logs'
import { setTimeout as sleep } from 'node:timers/promises'
import { corpus } from '../lib/corpus.ts'
import { load } from '../lib/load.ts'
import { withPlatform } from '../lib/platform.ts'
import { type Scenario, ratio } from '../lib/scenario.ts'

const EVENTS = 300_000
const BATCH = 3_000

export const storedBytes: Scenario = {
  name: 'stored-bytes',
  what: `bytes on disk for ${EVENTS.toLocaleString('en-US')} broker log lines that this repository generates`,
  run: () =>
    withPlatform(async (platform) => {
      await platform.aws.logs.send(new CreateLogGroupCommand({ logGroupName: 'bench' }))
      await platform.aws.logs.send(new CreateLogStreamCommand({ logGroupName: 'bench', logStreamName: 's' }))
      const before = bytesIn(platform.data)
      const lines = corpus(EVENTS)
      const raw = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0)
      const timestamp = Date.now()
      const body = (n: number): string =>
        JSON.stringify({
          logGroupName: 'bench',
          logStreamName: 's',
          logEvents: lines.slice(n * BATCH, (n + 1) * BATCH).map((message) => ({ timestamp, message })),
        })
      const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'Logs_20140328.PutLogEvents' }
      await load(
        platform.url,
        { service: 'logs', headers, body },
        { connections: 1, seconds: 120, requests: EVENTS / BATCH },
      )
      await sleep(20_000)
      return [
        {
          what: 'stored bytes of raw bytes',
          value: ratio((bytesIn(platform.data) - before) / raw),
          goal: 'goal ≤ 0.20 ×',
        },
      ]
    }),
}

/** Each file once: the column store links its tables' directories a second time, and the listing follows links. */
function bytesIn(directory: string): number {
  const sizes = new Map<number, number>()
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    try {
      const { ino, size } = statSync(join(entry.parentPath, entry.name))
      sizes.set(ino, size)
    } catch {
      // A merge removed it between the listing and now.
    }
  }
  return sizes.values().reduce((sum, size) => sum + size, 0)
}

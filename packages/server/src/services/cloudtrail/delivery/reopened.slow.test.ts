import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Call } from '#kernel/call.ts'
import { pageTokens } from '#kernel/page-token.ts'
import { keySealer } from '#kernel/secrets.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { cloudtrailService } from '#services/cloudtrail/index.ts'
import { ACCOUNT, NOW, contextOf, rootOf } from '#services/iam/test-bench.ts'
import { fakeDeliveries } from '#services/mq/testing/fake-deliveries.ts'
import { World } from '#services/mq/testing/world.ts'
import { openApiJournal } from '#stores/journals/api-events/index.ts'
import type { ApiEvent } from '#stores/journals/api-journal.ts'
import { openColumnStore } from '#stores/journals/column-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'trail-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const KEY = randomBytes(32)
let now = NOW
const clock = { now: () => now }

/** What is in the bucket, which outlives the platform. */
const objects = new Map<string, string>()
const call = (async (_as: unknown, _service: string, operation: string, input: PutInput) => {
  if (operation !== 'PutObject' || input.ContentLength === 0) return {}
  const chunks: Uint8Array[] = []
  for await (const chunk of input.Body) chunks.push(chunk)
  objects.set(input.Key, gunzipSync(Buffer.concat(chunks)).toString())
  return {}
}) as unknown as Call
interface PutInput {
  readonly Key: string
  readonly Body: AsyncIterable<Uint8Array>
  readonly ContentLength?: number
}

/** CloudTrail on the records and the journal of a data directory. */
async function open(data: string) {
  const records = openSqliteRecords({ file: join(data, 'records.db') })
  const columns = await openColumnStore({ directory: join(data, 'clickhouse'), telemetry: silentTelemetry })
  const limits = { sealAfterMillis: 50 }
  const options = { directory: join(data, 'journal'), records, columns, clock, telemetry: silentTelemetry, limits }
  const journal = await openApiJournal(options)
  const deps = { journal, records, clock, tokens: pageTokens(KEY, clock), sealer: keySealer(KEY) }
  const cloudtrail = cloudtrailService({ ...deps, deliveries: fakeDeliveries(new World()) })
  return {
    journal,
    courier: cloudtrail.courier({ call, telemetry: silentTelemetry }),
    operations: cloudtrail.service.operations,
    close: async () => {
      await journal.close()
      await columns.close()
      await records.close()
    },
  }
}

const event = (id: number): ApiEvent => ({
  account: ACCOUNT,
  region: 'us-east-1',
  eventTime: NOW,
  eventId: String(id),
  eventName: 'CreateBroker',
  readOnly: false,
  username: 'bob',
  accessKeyId: '',
  eventSource: 'amazonmq.amazonaws.com',
  resources: [],
  record: JSON.stringify({ eventID: String(id) }),
})
const delivered = (): readonly string[] =>
  [...objects.values()].flatMap((text) =>
    (JSON.parse(text) as { Records: { eventID: string }[] }).Records.map(({ eventID }) => eventID),
  )

test('every acknowledged call is delivered once, though another process delivers than recorded it', async () => {
  const first = await open(directory)
  const ctx = { ...contextOf(rootOf(ACCOUNT)), call }
  await first.operations.CreateTrail?.({ Name: 'audit', S3BucketName: 'bucket-a' }, ctx)
  await first.operations.StartLogging?.({ Name: 'audit' }, ctx)
  const ids = Array.from({ length: 60 }, (_, index) => index)
  for (const id of ids.slice(0, 30)) await first.journal.append(event(id))
  now += 5 * 60_000
  await first.courier.run()
  for (const id of ids.slice(30)) await first.journal.append(event(id))
  await first.close()

  now += 5 * 60_000
  const second = await open(directory)
  await second.courier.run()
  await second.close()
  expect(delivered().toSorted()).toEqual(ids.map(String).toSorted())
})

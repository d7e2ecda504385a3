import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { silentTelemetry } from '../../packages/server/src/kernel/telemetry.ts'
import { openApiJournal } from '../../packages/server/src/stores/journals/api-events/index.ts'
import type { ApiEvent, ApiJournal } from '../../packages/server/src/stores/journals/api-journal.ts'
import { openColumnStore } from '../../packages/server/src/stores/journals/column-store.ts'
import { Backlogged } from '../../packages/server/src/stores/journals/log-journal.ts'
import { openSqliteRecords } from '../../packages/server/src/stores/records/sqlite/index.ts'

const DAY_MILLIS = 24 * 60 * 60_000
/** Appended at once; they share a few group commits. */
const CHUNK = 2_000
const NAMES = [
  'CreateBroker',
  'DescribeBroker',
  'AssumeRole',
  'CreateLogGroup',
  'GetUser',
  'RebootBroker',
  'ListBrokers',
]

/** The n-th of so many events, spread over the 80 days before `now`. */
const eventAt = (n: number, count: number, now: number): ApiEvent => {
  const eventTime = Math.floor((now - 80 * DAY_MILLIS + (n / count) * 80 * DAY_MILLIS) / 1_000) * 1_000
  const eventName = NAMES[n % NAMES.length] ?? 'GetUser'
  const username = `user-${String(n % 997)}`
  return {
    account: '000000000000',
    region: 'us-east-1',
    eventTime,
    eventId: `event-${String(n)}`,
    eventName,
    readOnly: n % 3 !== 0,
    username,
    accessKeyId: `AKIA${String(n % 997).padStart(16, '0')}`,
    eventSource: 'amazonmq.amazonaws.com',
    resources: [{ type: 'AWS::AmazonMQ::Broker', name: `broker-${String(n % 10_007)}` }],
    record: JSON.stringify({ eventVersion: '1.11', eventName, userName: username, n, padding: 'x'.repeat(600) }),
  }
}

/** Fills the event history of a data directory that no platform uses. */
export async function fillEventHistory(data: string, count: number): Promise<void> {
  const records = openSqliteRecords({ file: join(data, 'records.db') })
  const columns = await openColumnStore({ directory: join(data, 'clickhouse'), telemetry: silentTelemetry })
  const clock = { now: () => Date.now() }
  const options = { directory: join(data, 'journal', 'api'), records, columns, clock, telemetry: silentTelemetry }
  const journal = await openApiJournal(options)
  const now = Date.now()
  for (let n = 0; n < count; n += CHUNK) {
    const size = Math.min(CHUNK, count - n)
    await Promise.all(Array.from({ length: size }, (_, index) => patiently(journal, eventAt(n + index, count, now))))
  }
  await journal.close()
  await columns.close()
  await records.close()
}

async function patiently(journal: ApiJournal, event: ApiEvent): Promise<void> {
  for (;;) {
    try {
      return await journal.append(event)
    } catch (error) {
      if (!(error instanceof Backlogged)) throw error
      await sleep(100)
    }
  }
}

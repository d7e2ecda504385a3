import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { silentTelemetry } from '#kernel/telemetry.ts'
import type { ApiEvent } from '#stores/journals/api-journal.ts'
import { openColumnStore } from '#stores/journals/column-store.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { settableClock, TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { DAY } from '../../../../../testkit/src/journal-home.ts'
import { openApiJournal } from './index.ts'

const event = (eventTime: number): ApiEvent => ({
  account: '111122223333',
  region: 'us-east-1',
  eventTime,
  eventId: String(eventTime),
  eventName: 'CreateBroker',
  readOnly: false,
  username: 'alice',
  accessKeyId: '',
  eventSource: 'amazonmq.amazonaws.com',
  resources: [],
  record: '{}',
})

test('days of API events that nobody can ask for any more are dropped, by the platform clock; later ones stay', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'expiry-'))
  const clock = settableClock(TODAY)
  const records = openSqliteRecords({ file: join(directory, 'records.db') })
  const columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry: silentTelemetry })
  const options = {
    directory: join(directory, 'journal'),
    records,
    columns,
    clock,
    telemetry: silentTelemetry,
    limits: { sealAfterMillis: 10 },
  }
  const stored = async (): Promise<string> =>
    (
      await columns.read({
        sql: 'SELECT toString(count()) FROM api_events',
        format: 'JSONCompactEachRow',
        signal: AbortSignal.timeout(10_000),
      })
    ).toString()
  try {
    const journal = await openApiJournal(options)
    // Ten days are dropped at once, when the last of them is over.
    for (const days of [0, 30, 89, 105, 200]) await journal.append(event(TODAY - days * DAY))
    await expect.poll(stored, { timeout: 10_000 }).toBe('["5"]\n')
    await journal.close()
    const again = await openApiJournal(options)
    await expect.poll(stored, { timeout: 10_000 }).toBe('["3"]\n')
    await again.close()
    clock.set(TODAY + 75 * DAY)
    const later = await openApiJournal(options)
    await expect.poll(stored, { timeout: 10_000 }).toBe('["1"]\n')
    await sleep(50)
    const query = {
      account: '111122223333',
      region: 'us-east-1',
      from: 0,
      to: TODAY * 2,
      limit: 10,
      signal: AbortSignal.timeout(10_000),
    }
    expect((await later.query(query)).map(({ eventTime }) => eventTime)).toEqual([TODAY])
    await later.close()
  } finally {
    await columns.close()
    await records.close()
    rmSync(directory, { recursive: true, force: true })
  }
})

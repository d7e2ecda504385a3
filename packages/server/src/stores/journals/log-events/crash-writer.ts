import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { SystemClock } from '#kernel/clock.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { openColumnStore } from '#stores/journals/column-store.ts'
import { openLogJournal } from '#stores/journals/log-events/index.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

/**
 * Child of the crash test: delivers numbered events for ever, each lane to a stream of its own, and goes on where the
 * committed checkpoint of the lane says. Writes `lane next` to stdout once a batch is acknowledged.
 */
const [directory = ''] = process.argv.slice(2)
const LANES = 4
const MOST_EVENTS = 300
const ACKNOWLEDGED = 1

const records = openSqliteRecords({ file: join(directory, 'records.db') })
const telemetry = silentTelemetry
const columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry })
const journal = await openLogJournal({
  directory: join(directory, 'journal'),
  records,
  columns,
  clock: new SystemClock(),
  telemetry,
  // Seals often, so that a kill finds inserts and commits under way.
  limits: { sealAfterMillis: 50 },
})

async function deliverForEver(lane: number): Promise<never> {
  const source = `crash/${String(lane)}`
  const committed = await journal.checkpoint(source)
  let next = Number(committed?.position ?? 0)
  for (let sequence = (committed?.sequence ?? 0) + 1; ; sequence++) {
    const count = Math.ceil(Math.random() * MOST_EVENTS)
    const timestamp = Date.now()
    const events = Array.from({ length: count }, (_, index) => ({
      timestamp,
      message: `${String(lane)}/${String(next + index)}`,
    }))
    await journal.append({
      group: 1,
      stream: lane,
      events: listedEvents(events),
      checkpoint: { source, sequence, position: String(next + count) },
    })
    next += count
    writeSync(ACKNOWLEDGED, `${String(lane)} ${String(next)}\n`)
  }
}

await Promise.all(Array.from({ length: LANES }, (_, lane) => deliverForEver(lane)))

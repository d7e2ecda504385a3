import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SystemClock } from '#kernel/clock.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { openColumnStore } from '#stores/journals/column-store.ts'
import { openLogJournal } from '#stores/journals/log-events/index.ts'
import type { EventKey, LogJournal } from '#stores/journals/log-journal.ts'
import { openSqliteRecords } from '#stores/records/sqlite/index.ts'
import { settled } from '../../../../../testkit/src/journal-bench.ts'

const WRITER = join(import.meta.dirname, 'crash-writer.ts')
const ROUNDS = Number(process.env['SLUICE_CRASH_ROUNDS'] ?? 3)
const SECONDS_A_ROUND = 40

/** Lets a writer deliver for a while, kills it without warning, and returns how far each lane was acknowledged. */
async function deliverUntilKilled(directory: string): Promise<ReadonlyMap<string, number>> {
  const writer = spawn(process.execPath, [WRITER, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(writer, 'exit')
  let output = ''
  writer.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  const drained = once(writer.stdout, 'end')
  await Promise.race([once(writer.stdout, 'data'), exited])
  await delay(200 + Math.random() * 800)
  writer.kill('SIGKILL')
  await Promise.all([exited, drained])
  const lines = output.split('\n').slice(0, -1)
  return new Map(lines.map((line) => line.split(' ')).map(([lane = '', next]) => [lane, Number(next)]))
}

/** How many events of each lane are there; every lane's must be numbered from 0 on without a gap or a repetition. */
async function countLanes(journal: LogJournal): Promise<ReadonlyMap<string, number>> {
  const next = new Map<string, number>()
  for (let after: EventKey | undefined; ;) {
    const page = await journal.query({
      group: 1,
      order: 'ascending',
      limit: 10_000,
      signal: AbortSignal.timeout(60_000),
      ...(after && { after }),
    })
    for (const { stream, message } of page) {
      const lane = String(stream)
      const expected = next.get(lane) ?? 0
      if (message !== `${lane}/${String(expected)}`)
        throw new Error(`lane ${lane}: ${message} came where ${String(expected)} was due`)
      next.set(lane, expected + 1)
    }
    after = page.at(-1)
    if (after === undefined) return next
  }
}

test(
  'kill -9 loses no acknowledged event, doubles none and tears no batch',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'journal-crash-'))
    const telemetry = silentTelemetry
    try {
      const acknowledged = new Map<string, number>()
      for (let round = 0; round < ROUNDS; round++) {
        for (const [lane, next] of await deliverUntilKilled(directory)) acknowledged.set(lane, next)
        const records = openSqliteRecords({ file: join(directory, 'records.db') })
        const columns = await openColumnStore({ directory: join(directory, 'clickhouse'), telemetry })
        const journal = await openLogJournal({
          directory: join(directory, 'journal'),
          records,
          columns,
          clock: new SystemClock(),
          telemetry,
        })
        const recovered = await countLanes(journal)
        for (const [lane, next] of acknowledged) expect(recovered.get(lane)).toBeGreaterThanOrEqual(next)
        for (const [lane, count] of recovered)
          expect(await journal.checkpoint(`crash/${lane}`)).toMatchObject({ position: String(count) })
        await settled(journal)
        expect(await countLanes(journal)).toEqual(recovered)
        await journal.close()
        await columns.close()
        await records.close()
      }
      expect(acknowledged.size).toBe(4)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
  ROUNDS * SECONDS_A_ROUND * 1_000,
)

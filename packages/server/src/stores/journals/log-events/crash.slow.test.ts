import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SystemClock } from '#kernel/clock.ts'
import type { EventKey, LogJournal } from '#stores/journals/log-journal.ts'
import { openLogJournalIn, settled } from '../../../../../testkit/src/journal-bench.ts'

const WRITER = join(import.meta.dirname, 'crash-writer.ts')
const ROUNDS = Number(process.env['SOAK_ROUNDS'] ?? 3)
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

/**
 * How many events of each lane are there from a time on, added to what was there before; every lane's must be numbered
 * without a gap or a repetition.
 */
async function countLanes(
  journal: LogJournal,
  from: number,
  before: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const next = new Map(before)
  for (let after: EventKey | undefined; ;) {
    const page = await journal.query({
      group: 1,
      from,
      order: 'ascending',
      limit: 10_000,
      signal: AbortSignal.timeout(60_000),
      ...(after && { after }),
    })
    for (const { stream, message } of page) {
      const lane = String(stream)
      const expected = next.get(lane) ?? 0
      if (message !== `${lane}/${String(expected)}`) {
        throw new Error(`lane ${lane}: ${message} came where ${String(expected)} was due`)
      }
      next.set(lane, expected + 1)
    }
    after = page.at(-1)
    if (after === undefined) return next
  }
}

/** Opens what the killed writer left, and checks it before and after everything is in the column store. */
async function check(
  directory: string,
  round: {
    readonly began: number
    readonly acknowledged: ReadonlyMap<string, number>
    readonly before: ReadonlyMap<string, number>
  },
): Promise<ReadonlyMap<string, number>> {
  const { journal, close } = await openLogJournalIn(directory, { clock: new SystemClock() })
  try {
    const recovered = await countLanes(journal, round.began, round.before)
    for (const [lane, next] of round.acknowledged) expect(recovered.get(lane)).toBeGreaterThanOrEqual(next)
    for (const [lane, count] of recovered) {
      expect(await journal.checkpoint(`crash/${lane}`)).toMatchObject({ position: String(count) })
    }
    await settled(journal)
    expect(await countLanes(journal, round.began, round.before)).toEqual(recovered)
    return recovered
  } finally {
    await close()
  }
}

test(
  'kill -9 loses no acknowledged event, doubles none and tears no batch',
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'journal-crash-'))
    try {
      let counted: ReadonlyMap<string, number> = new Map()
      for (let round = 0; round < ROUNDS; round++) {
        const began = Date.now()
        const acknowledged = await deliverUntilKilled(directory)
        expect(acknowledged.size).toBe(4)
        counted = await check(directory, { began, acknowledged, before: counted })
      }
      // Once more from the beginning: no round has touched what an earlier one left.
      const whole = { began: 0, acknowledged: counted, before: new Map<string, number>() }
      expect(await check(directory, whole)).toEqual(counted)
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  },
  ROUNDS * SECONDS_A_ROUND * 1_000,
)

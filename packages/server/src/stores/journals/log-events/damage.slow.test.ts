import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { LogFields, Telemetry } from '#kernel/telemetry.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { RowsDamaged } from '#stores/journals/clickhouse/damage.ts'
import type { LogJournal, LogQuery } from '#stores/journals/log-journal.ts'
import { DAY_MILLIS } from '#stores/journals/segments/table-schema.ts'
import { type OpenedLogJournal, openLogJournalIn, settled } from '../../../../../testkit/src/journal-bench.ts'
import { TODAY } from '../../../../../testkit/src/journal-contract.ts'
import { listedEvents } from '#stores/journals/listed-events.ts'

const YESTERDAY = TODAY - DAY_MILLIS
const directories: string[] = []
const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'journal-damage-'))
  directories.push(directory)
  return directory
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

const eventsAt = (time: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ timestamp: time + index, message: `event ${String(time + index)}` }))
const read = (journal: LogJournal, rest: Partial<LogQuery> = {}) =>
  journal.query({ group: 1, order: 'ascending', limit: 100_000, signal: AbortSignal.timeout(30_000), ...rest })
const countOf = async (journal: LogJournal, rest?: Partial<LogQuery>): Promise<number> =>
  (await read(journal, rest)).length

/** Log lines of what is damaged, and the last value of every gauge. */
function noted(): { readonly telemetry: Telemetry; readonly lines: LogFields[]; readonly gauges: Map<string, number> } {
  const lines: LogFields[] = []
  const gauges = new Map<string, number>()
  const warn = (fields: LogFields): void => {
    if (/damaged|set_aside/.test(fields.event)) lines.push(fields)
  }
  const set = (name: string, value: number): void => void gauges.set(name, value)
  const { log, meter } = silentTelemetry
  return { telemetry: { log: { ...log, warn }, meter: { ...meter, set } }, lines, gauges }
}

/** Stores 200 events of yesterday and 100 of today, and returns the directories of their two parts. */
async function stored(directory: string): Promise<{ readonly yesterday: string; readonly today: string }> {
  const { journal, columns, close } = await openLogJournalIn(directory, { limits: { sealAfterMillis: 20 } })
  await journal.append({
    group: 1,
    stream: 1,
    events: listedEvents([...eventsAt(YESTERDAY, 200), ...eventsAt(TODAY, 100)]),
  })
  await settled(journal)
  const sql = "SELECT path FROM system.parts WHERE table = 'log_events' AND active ORDER BY toInt64(partition)"
  const answer = await columns.read({ sql, format: 'JSONCompactEachRow', signal: AbortSignal.timeout(30_000) })
  const [yesterday, today] = answer
    .toString()
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as [string])[0])
  await close()
  if (yesterday === undefined || today === undefined) throw new Error('there should be a part for each day')
  return { yesterday, today }
}

async function restarted({ columns }: OpenedLogJournal): Promise<void> {
  process.kill(columns.pid ?? 0, 'SIGKILL')
  await expect.poll(() => columns.state).toBe('restarting')
  await columns.whenRunning(AbortSignal.timeout(20_000))
}

test('reads of days whose parts the engine set aside are refused, all else goes on, until the parts are moved away', async () => {
  const directory = newDirectory()
  const { yesterday } = await stored(directory)
  writeFileSync(join(yesterday, 'columns.txt'), 'no columns')
  const { telemetry, lines, gauges } = noted()
  const opened = await openLogJournalIn(directory, { telemetry, limits: { sealAfterMillis: 20 } })
  const { journal, columns } = opened
  const detached = join(dirname(yesterday), 'detached')
  const [name = ''] = readdirSync(detached)
  expect(columns.trouble).toMatch(/^a damaged part of log_events with 200 rows set aside in data\/.*\/detached: /)
  expect(lines).toEqual([
    expect.objectContaining({ table: 'log_events', parts: [name], count: 1, rows: 200, directories: [detached] }),
  ])
  expect(gauges.get('column_store_parts_set_aside')).toBe(1)

  await expect(read(journal)).rejects.toThrow(RowsDamaged)
  await expect(read(journal, { from: YESTERDAY + 199 })).rejects.toThrow(RowsDamaged)
  expect(await countOf(journal, { from: TODAY })).toBe(100)
  await journal.append({ group: 1, stream: 1, events: listedEvents(eventsAt(TODAY + 100, 50)) })
  await settled(journal)
  expect(await countOf(journal, { from: TODAY })).toBe(150)

  await restarted(opened)
  await expect(read(journal)).rejects.toThrow(RowsDamaged)
  expect(lines).toHaveLength(1)

  // What the engine sets aside for other reasons has lost nothing.
  renameSync(join(detached, name), join(detached, name.replace('broken-on-start', 'ignored')))
  expect(await countOf(journal)).toBe(150)
  expect(columns.trouble).toBeUndefined()
  expect(gauges.get('column_store_parts_set_aside')).toBe(0)
  await opened.close()
})

test('a read that meets damaged bytes is refused as unavailable, and the health names the table', async () => {
  const directory = newDirectory()
  const { yesterday } = await stored(directory)
  const file = join(yesterday, 'data.bin')
  const bytes = readFileSync(file)
  for (let at = 0; at < bytes.length; at += 16) bytes[at] = (bytes[at] ?? 0) ^ 0xff
  writeFileSync(file, bytes)
  const { telemetry, lines } = noted()
  const opened = await openLogJournalIn(directory, { telemetry, limits: { sealAfterMillis: 20 } })
  const { journal, columns } = opened
  await expect(read(journal)).rejects.toThrow(RowsDamaged)
  await expect(read(journal)).rejects.toThrow(RowsDamaged)
  expect(columns.trouble).toContain('rows of log_events cannot be read (')
  expect(lines).toEqual([expect.objectContaining({ event: 'column_store_read_damaged', table: 'log_events' })])
  expect(await countOf(journal, { from: TODAY })).toBe(100)
  await journal.append({ group: 1, stream: 1, events: listedEvents(eventsAt(TODAY + 100, 50)) })
  await settled(journal)
  expect(await countOf(journal, { from: TODAY })).toBe(150)
  await opened.close()
})

const mayMount = ((): boolean => {
  const probe = mkdtempSync(join(tmpdir(), 'journal-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe], { stdio: 'ignore' })
    execFileSync('umount', [probe])
    return true
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true })
  }
})()

interface Room {
  /** Runs before anything is opened. */
  readonly prepare: (clickhouse: string) => void
  readonly take: (opened: OpenedLogJournal, clickhouse: string) => Promise<void> | void
  readonly giveBack: (opened: OpenedLogJournal, clickhouse: string) => Promise<void> | void
  readonly end: (clickhouse: string) => void
}

const BOUND = 'min_free_disk_bytes_to_perform_insert'
const rooms: readonly (Room & { readonly name: string; readonly skipped: boolean })[] = [
  {
    name: 'its own file system has no room (skipped where nothing may be mounted)',
    skipped: !mayMount,
    prepare: (clickhouse) => {
      mkdirSync(clickhouse)
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=0700', 'tmpfs', clickhouse])
    },
    take: (_opened, clickhouse) => {
      expect(() => writeFileSync(join(clickhouse, 'filler'), Buffer.alloc(60_000_000))).toThrow('ENOSPC')
    },
    giveBack: (_opened, clickhouse) => rmSync(join(clickhouse, 'filler')),
    end: (clickhouse) => void execFileSync('umount', [clickhouse]),
  },
  {
    name: 'the engine asks for more than there is',
    skipped: false,
    prepare: () => {},
    take: ({ columns }) => columns.command(`ALTER TABLE log_events MODIFY SETTING ${BOUND} = ${String(2 ** 60)}`),
    giveBack: ({ columns }) => columns.command(`ALTER TABLE log_events RESET SETTING ${BOUND}`),
    end: () => {},
  },
]

for (const { name, skipped, prepare, take, giveBack, end } of rooms) {
  test.skipIf(skipped)(
    `while the disk of the column store is full, events are acknowledged, read and told of, and go in afterwards: ${name}`,
    async () => {
      const directory = newDirectory()
      const clickhouse = join(directory, 'clickhouse')
      prepare(clickhouse)
      try {
        const opened = await openLogJournalIn(directory, { limits: { sealAfterMillis: 20 } })
        const { journal, columns } = opened
        try {
          await journal.append({ group: 1, stream: 1, events: listedEvents(eventsAt(TODAY, 10)) })
          await settled(journal)
          expect(columns.trouble).toBeUndefined()
          await take(opened, clickhouse)
          await journal.append({ group: 1, stream: 1, events: listedEvents(eventsAt(TODAY + 10, 10)) })
          await expect
            .poll(() => columns.trouble, { timeout: 10_000 })
            .toContain('the disk of the column store is full')
          await journal.append({ group: 1, stream: 1, events: listedEvents(eventsAt(TODAY + 20, 10)) })
          expect(await countOf(journal)).toBe(30)
          expect(journal.health()).toMatchObject({ columnStore: 'running', lastError: expect.any(String) as unknown })
          expect(journal.health().waitingBytes).toBeGreaterThan(0)
          await giveBack(opened, clickhouse)
          await settled(journal)
          expect(columns.trouble).toBeUndefined()
          expect((await read(journal)).map(({ message }) => message)).toEqual(
            eventsAt(TODAY, 30).map(({ message }) => message),
          )
        } finally {
          await opened.close()
        }
      } finally {
        end(clickhouse)
      }
    },
  )
}

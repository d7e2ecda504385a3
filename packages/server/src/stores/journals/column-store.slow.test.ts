import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import { silentTelemetry } from '#kernel/telemetry.ts'
import { identifyProcess, isRunning } from '#kernel/process-identity.ts'
import { RowsDamaged } from './clickhouse/damage.ts'
import { readOwner } from './clickhouse/leftover.ts'
import { ClickHouseError } from './clickhouse/statement-client.ts'
import { SupervisedChild } from './clickhouse/supervised-child.ts'
import { type ColumnStore, ColumnStoreUnavailable, openColumnStore } from './column-store.ts'

const root = mkdtempSync(join(tmpdir(), 'columns-'))
const directory = join(root, 'clickhouse')
let columns: ColumnStore
const soon = (): AbortSignal => AbortSignal.timeout(30_000)
const json = async (sql: string, parameters: Record<string, string> = {}): Promise<unknown> =>
  JSON.parse((await columns.read({ sql, parameters, format: 'JSONCompactEachRow', signal: soon() })).toString())
const SLOW = 'SELECT sum(sipHash64(number, 1)) FROM numbers(100000000000)'

beforeAll(async () => {
  columns = await openColumnStore({ directory, telemetry: silentTelemetry })
})

afterAll(async () => {
  await columns.close()
  rmSync(root, { recursive: true, force: true })
})

describe('statements', () => {
  test('a bound parameter arrives as it is, whatever it contains', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyCharacter, maxLength: 40 }), async (text) => {
        const clean = text.toWellFormed()
        expect(await json('SELECT hex({value:String})', { value: clean })).toEqual([
          Buffer.from(clean).toString('hex').toUpperCase(),
        ])
      }),
      {
        numRuns: 100,
        examples: [["'; DROP TABLE t; --"], ['\\'], ["\\'\t\n\r\0"], ['{x:String}'], ['a\\tb'], ['\\N']],
      },
    )
  })

  test('parameters of reads that run side by side do not mix', async () => {
    const asked = Array.from({ length: 40 }, (_, index) => `value ${String(index)}`)
    expect(await Promise.all(asked.map((value) => json('SELECT {value:String}', { value })))).toEqual(
      asked.map((value) => [value]),
    )
  })

  test('an error of the engine arrives with its code', async () => {
    const error = await json('SELECT * FROM missing').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ClickHouseError)
    expect(error).toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' })
  })

  test('a heavy read leaves others alone, and is ended when its signal aborts', async () => {
    const stop = new AbortController()
    const heavy = columns.read({ sql: SLOW, format: 'RowBinary', signal: stop.signal }).catch((error: unknown) => error)
    await sleep(300)
    expect(await json('SELECT 1')).toEqual([1])
    const reason = new Error('the reader has gone')
    stop.abort(reason)
    expect(await heavy).toBe(reason)
    const running = async (): Promise<number> =>
      (
        (await json(
          "SELECT count() FROM system.processes WHERE query LIKE '%100000000000%' AND query NOT LIKE '%system.processes%'",
        )) as number[]
      ).map(Number)[0] ?? -1
    await expect.poll(running, { timeout: 5_000 }).toBe(0)
  })

  test('what goes wrong behind the first rows is an error of the engine as well, and the read is not repeated', async () => {
    const sql = "SELECT number, throwIf(number = 1000000, 'that far') FROM numbers(2000000)"
    const late = columns.read({ sql, format: 'RowBinary', signal: soon() })
    await expect(late).rejects.toMatchObject({ name: 'ClickHouseError', code: '395' })
  })

  test('a setting in the address is refused, since it would leak into later statements', async () => {
    await expect(columns.command('SELECT 1 SETTINGS no_such_setting = 1')).rejects.toMatchObject({ code: '115' })
  })
})

describe('the child', () => {
  test('it is started again when it is killed; a read that was under way or asked meanwhile is answered', async () => {
    await columns.command('CREATE TABLE kept (n UInt32) ENGINE = MergeTree ORDER BY n')
    await columns.command('INSERT INTO kept SELECT number FROM numbers(10)')
    const pid = columns.pid ?? 0
    const underWay = json('SELECT count(), sleep(0.5) FROM kept')
    await sleep(100)
    process.kill(pid, 'SIGKILL')
    await expect.poll(() => columns.state).toBe('restarting')
    await expect(columns.command('SELECT 1')).rejects.toThrow(ColumnStoreUnavailable)
    expect(columns.lastError).toContain('SIGKILL')
    expect(await json('SELECT count() FROM kept')).toEqual([10])
    expect(await underWay).toEqual([10, 0])
    expect(columns.pid).not.toBe(pid)
    expect(columns.state).toBe('running')
  })

  test('it is ended and started again when it hangs', async () => {
    const other = await openColumnStore({
      directory: join(root, 'hanging'),
      telemetry: silentTelemetry,
      silenceMillis: 300,
    })
    const pid = other.pid ?? 0
    await sleep(1_000)
    expect(other.pid).toBe(pid)
    process.kill(pid, 'SIGSTOP')
    const read = other.read({ sql: 'SELECT 7', format: 'JSONCompactEachRow', signal: soon() })
    await expect.poll(() => other.pid, { timeout: 10_000 }).not.toBe(pid)
    expect((await read).toString()).toBe('[7]\n')
    expect(other.lastError).toBe(
      'the column store stopped: it gave no sign of life for 0.3 seconds; it is started again',
    )
    await other.close()
  })

  test('one that cannot be asked what it holds is ended, and the start is refused in a sentence', async () => {
    const other = join(root, 'silent')
    mkdirSync(join(other, 'data'), { recursive: true })
    const inspect = (): Promise<void> => Promise.reject(new Error('nothing came'))
    const options = { directory: other, socketPath: join(other, 'http.sock'), telemetry: silentTelemetry, inspect }
    await expect(SupervisedChild.start(options)).rejects.toThrow(
      `the column store in ${other} could not be opened: it could not be asked what it holds: nothing came`,
    )
    const child = readOwner(join(other, 'child.json'))
    expect(child !== undefined && isRunning(child)).toBe(false)
  })

  test('however many parts are damaged, it starts, says so, and takes what comes', async () => {
    const other = join(root, 'damaged')
    const first = await openColumnStore({ directory: other, telemetry: silentTelemetry })
    await first.command('CREATE TABLE many (n UInt32) ENGINE = MergeTree PARTITION BY n ORDER BY n')
    await first.command('INSERT INTO many SELECT number FROM numbers(120) SETTINGS max_partitions_per_insert_block = 0')
    await first.close()
    const store = join(other, 'data', 'store')
    for (const file of readdirSync(store, { recursive: true, encoding: 'utf8' }))
      if (basename(file) === 'columns.txt') writeFileSync(join(store, file), 'damaged')
    const again = await openColumnStore({ directory: other, telemetry: silentTelemetry })
    expect(again.trouble).toContain('120 damaged parts of many with 120 rows set aside')
    await again.command('INSERT INTO many SELECT 1000')
    const read = { sql: 'SELECT n FROM many', format: 'JSONCompactEachRow', signal: soon() } as const
    const needs = { table: 'many', firstPartition: 119, lastPartition: 2_000 }
    await expect(again.read({ ...read, needs })).rejects.toThrow(RowsDamaged)
    expect((await again.read({ ...read, needs: { ...needs, firstPartition: 120 } })).toString()).toBe('[1000]\n')
    await again.close()
  })

  test('it is never adopted: a leftover is ended, verified by its start time, before a new one opens', async () => {
    const other = join(root, 'leftover')
    const first = await openColumnStore({ directory: other, telemetry: silentTelemetry })
    await first.close()
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    const pid = stranger.pid ?? 0
    try {
      // Same number, another start time: not the child that was meant.
      writeFileSync(join(other, 'child.json'), JSON.stringify({ pid, startTime: '1' }))
      await (await openColumnStore({ directory: other, telemetry: silentTelemetry })).close()
      expect(identifyProcess(pid)).toBeDefined()
      writeFileSync(join(other, 'child.json'), JSON.stringify({ pid, startTime: identifyProcess(pid)?.startTime }))
      await (await openColumnStore({ directory: other, telemetry: silentTelemetry })).close()
      expect(identifyProcess(pid)).toBeUndefined()
    } finally {
      stranger.kill('SIGKILL')
    }
  })

  test('it ends when its parent is killed, and the directory can be opened again', async () => {
    const other = join(root, 'orphan')
    const script = `
      import { openColumnStore } from ${JSON.stringify(new URL('./column-store.ts', import.meta.url).href)}
      const quiet = { debug() {}, info() {}, warn() {}, error() {} }
      await openColumnStore({ directory: ${JSON.stringify(other)}, telemetry: { log: quiet, meter: { add() {}, set() {}, observeSeconds() {} } } })
      process.stdout.write('open')
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise((resolve) => void parent.stdout.once('data', resolve))
    const child = readOwner(join(other, 'child.json'))
    expect(child !== undefined && isRunning(child)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => child !== undefined && isRunning(child), { timeout: 5_000 }).toBe(false)
    await (await openColumnStore({ directory: other, telemetry: silentTelemetry })).close()
  })

  test('a directory written by a newer version is refused untouched', async () => {
    const newer = join(root, 'newer')
    await (await openColumnStore({ directory: newer, telemetry: silentTelemetry })).close()
    writeFileSync(join(newer, 'version'), '99\n')
    await expect(openColumnStore({ directory: newer, telemetry: silentTelemetry })).rejects.toThrow(
      'was written by a newer version',
    )
    expect(readFileSync(join(newer, 'version'), 'utf8')).toBe('99\n')
  })

  test('a file whose name the store would take for a pattern is refused', () => {
    expect(columns.fileLiteral(join(root, 'journal', '1.seg'))).toBe(`'../journal/1.seg'`)
    expect(columns.fileLiteral(join(root, "it's", '1.seg'))).toBe(`'../it\\'s/1.seg'`)
    expect(() => columns.fileLiteral(join(root, 'a*b', '1.seg'))).toThrow('for a pattern')
  })
})

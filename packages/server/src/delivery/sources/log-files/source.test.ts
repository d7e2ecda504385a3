import { existsSync, mkdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BatchLimits, DeliveryEvent } from '#delivery/batch.ts'
import type { Mark } from '#delivery/source.ts'
import { LogFiles } from '#delivery/sources/log-files/source.ts'
import {
  BrokerLogs,
  FixedClock,
  NOON,
  QUICK,
  record,
  recordingTelemetry,
  until,
} from '#delivery/testing/broker-logs.ts'

const LIMITS: BatchLimits = {
  events: 10_000,
  bytes: 1_048_576,
  overheadBytes: 26,
  eventBytes: 1_048_550,
  spanMillis: 86_400_000,
}
let logs: BrokerLogs
let clock: FixedClock
let telemetry: ReturnType<typeof recordingTelemetry>
let source: LogFiles

const make = (): LogFiles => new LogFiles(logs.source, { delivery: 'd', clock, telemetry, limits: QUICK })

/** Everything complete after `from`, in as many batches as it takes. */
async function readAll(
  from: Mark,
  limits: BatchLimits = LIMITS,
): Promise<{ readonly events: DeliveryEvent[]; readonly mark: Mark }> {
  const events: DeliveryEvent[] = []
  let mark = from
  await source.look()
  for (;;) {
    const batch = await source.read(mark, limits)
    expect(batch.next.sequence).toBeGreaterThanOrEqual(mark.sequence)
    events.push(...batch.events)
    mark = batch.next
    if (!batch.more) return { events, mark }
  }
}

/** The messages after `from`, or after what was committed before. */
async function messages(from: Mark): Promise<{ readonly texts: string[]; readonly mark: Mark }> {
  const { events, mark } = await readAll(from)
  return { texts: events.map(({ message }) => message), mark }
}

async function restarted(): Promise<void> {
  await source.close()
  source = make()
}

beforeEach(() => {
  logs = new BrokerLogs()
  clock = new FixedClock()
  telemetry = recordingTelemetry()
  source = make()
})

afterEach(async () => {
  await source.close()
  logs.remove()
})

test('reading goes on through files, and a file that another one follows is read to its last byte', async () => {
  logs.append(1, `${record('one')}${String(NOON)} torn`)
  const first = await messages(await source.open(undefined))
  expect(first.texts).toEqual(['one'])
  logs.append(1, ' to the end')
  logs.append(3, record('two'))
  const second = await messages(first.mark)
  expect(second.texts).toEqual(['torn to the end', 'two'])
  expect(second.mark.sequence).toBe(statSync(logs.path(1)).size + statSync(logs.path(3)).size)
})

test('lower numbers than before are a new run, read from the start', async () => {
  logs.append(7, record('before'))
  const before = await messages(await source.open(undefined))
  await restarted()
  rmSync(logs.path(7))
  logs.append(1, record('one'))
  logs.append(2, record('two'))
  const after = await messages(await source.open(before.mark))
  expect(after.texts).toEqual(['one', 'two'])
  expect(telemetry.lines.filter(({ event }) => event === 'delivery_source_new_run')).toHaveLength(1)
})

test('another inode under the same number is a new run', async () => {
  logs.append(1, record('before'))
  const before = await messages(await source.open(undefined))
  await restarted()
  writeFileSync(`${logs.directory}/new`, record('after a longer line than before'))
  renameSync(`${logs.directory}/new`, logs.path(1))
  expect((await messages(await source.open(before.mark))).texts).toEqual(['after a longer line than before'])
})

test('a deleted file whose inode the next one got is told apart by its first bytes', async () => {
  logs.append(1, record('before'))
  const before = await messages(await source.open(undefined))
  await restarted()
  // The same inode with other content, as a file system that gives numbers again would have it.
  writeFileSync(logs.path(1), record('after a longer line than before'))
  expect((await messages(await source.open(before.mark))).texts).toEqual(['after a longer line than before'])
})

test('a new run that overtook the old one between two looks is read once', async () => {
  for (const number of [1, 2, 3]) logs.append(number, record(`old ${String(number)}`))
  const before = await messages(await source.open(undefined))
  for (const number of [1, 2, 3, 4]) {
    writeFileSync(`${logs.directory}/new`, record(`new ${String(number)}`))
    renameSync(`${logs.directory}/new`, logs.path(number))
  }
  const after = await messages(before.mark)
  expect(after.texts).toEqual(['new 1', 'new 2', 'new 3', 'new 4'])
  expect((await messages(after.mark)).texts).toEqual([])
})

test('a file that became shorter is read from the start', async () => {
  logs.append(1, record('before') + record('before'))
  const before = await messages(await source.open(undefined))
  truncateSync(logs.path(1))
  logs.append(1, record('after'))
  expect((await messages(before.mark)).texts).toEqual(['after'])
})

test('a file that became shorter while nobody read it is read from the start', async () => {
  logs.append(1, record('x'.repeat(80)) + record('before'))
  const before = await messages(await source.open(undefined))
  await restarted()
  truncateSync(logs.path(1), record('x'.repeat(80)).length)
  expect((await messages(await source.open(before.mark))).texts).toEqual(['x'.repeat(80)])
})

test('a file that somebody deletes is still read to its end before the next one', async () => {
  logs.append(4, record('one'))
  const first = await messages(await source.open(undefined))
  logs.append(4, record('two'))
  rmSync(logs.path(4))
  const second = await messages(first.mark)
  expect(second.texts).toEqual(['two'])
  logs.append(5, record('three'))
  expect((await messages(second.mark)).texts).toEqual(['three'])
})

test('the unread rest of a deleted file comes before the new run', async () => {
  logs.append(4, record('one'))
  const first = await messages(await source.open(undefined))
  logs.append(4, record('two'))
  rmSync(logs.path(4))
  logs.append(1, record('three'))
  expect((await messages(first.mark)).texts).toEqual(['two', 'three'])
})

test('when the file of the place is gone after a restart, the next one is read and the gap is told', async () => {
  logs.append(1, record('one'))
  const first = await messages(await source.open(undefined))
  await restarted()
  rmSync(logs.path(1))
  logs.append(3, record('three'))
  const opened = await source.open(first.mark)
  expect((await messages(opened)).texts).toEqual(['three'])
  await messages(opened)
  expect(telemetry.lines.filter(({ event }) => event === 'delivery_source_files_missing')).toEqual([
    { event: 'delivery_source_files_missing', delivery: 'd', number: 1, nextNumber: 3 },
  ])
})

test('files below the committed one are deleted, even those that an earlier life left', async () => {
  for (const number of [1, 2, 3]) logs.append(number, record(String(number)))
  const { mark } = await messages(await source.open(undefined))
  await restarted()
  await source.look()
  await source.release(mark)
  expect([1, 2, 3].map((number) => existsSync(logs.path(number)))).toEqual([false, false, true])
})

test('nothing is deleted while the file of the place cannot be found', async () => {
  logs.append(5, record('five'))
  const { mark } = await messages(await source.open(undefined))
  await restarted()
  rmSync(logs.path(5))
  for (const number of [1, 2, 6]) logs.append(number, record('x'))
  await source.look()
  await source.release(mark)
  expect([1, 2, 6].map((number) => existsSync(logs.path(number)))).toEqual([true, true, true])
})

test('a file that cannot be deleted is told once, and one that is gone already is no matter', async () => {
  for (const number of [1, 2, 3]) logs.append(number, record(String(number)))
  const { mark } = await messages(await source.open(undefined))
  rmSync(logs.path(1))
  rmSync(logs.path(2))
  mkdirSync(logs.path(2))
  await source.release(mark)
  await source.release(mark)
  expect(telemetry.lines).toMatchObject([{ event: 'delivery_source_file_not_deleted', file: 'activemq-2.log' }])
})

test('lag counts what was not read, incomplete lines too', async () => {
  const start = await source.open(undefined)
  logs.append(1, record('one'))
  logs.append(2, `${record('two')}torn`)
  await source.look()
  expect(source.lagBytes(start)).toBe(statSync(logs.path(1)).size + statSync(logs.path(2)).size)
  const { mark } = await messages(start)
  expect(source.lagBytes(mark)).toBe('torn'.length)
})

test('times never go back in a stream, across batches and restarts', async () => {
  logs.append(1, record('a', NOON - 5) + record('b', NOON - 9) + `no time\u001e\n`)
  const first = await readAll(await source.open(undefined))
  await restarted()
  logs.append(1, record('d', NOON - 7) + record('e', NOON - 1))
  const second = await readAll(await source.open(first.mark))
  expect([...first.events, ...second.events].map(({ timestamp }) => NOON - timestamp)).toEqual([5, 5, 5, 5, 1])
})

test('the time by which the platform was moved ahead is added to what brokers wrote', async () => {
  clock.offset = 3_600_000
  clock.time = NOON + clock.offset
  logs.append(1, record('one', NOON - 5))
  expect((await readAll(await source.open(undefined))).events).toEqual([
    { timestamp: NOON + 3_600_000 - 5, message: 'one' },
  ])
})

test('skip remembers its place by itself, in a file beside the logs', async () => {
  logs.append(1, record('one'))
  logs.append(2, `${record('two')}${String(NOON)} half\u001e`)
  const start = await source.open(undefined)
  await source.look()
  await source.skip(start)
  expect(existsSync(`${logs.directory}/activemq.passed.json`)).toBe(true)
  await restarted()
  logs.append(2, `\n${record('three')}`)
  const after = await messages(await source.open(undefined))
  expect(after.texts).toEqual(['three'])
  expect((await messages(await source.open(after.mark))).texts).toEqual([])
})

test('skip of nothing writes nothing', async () => {
  await source.look()
  await source.skip(await source.open(undefined))
  expect(existsSync(`${logs.directory}/activemq.passed.json`)).toBe(false)
})

test('a marker stands between what was delivered and what was kept, with the time of the latter', async () => {
  logs.append(1, record('delivered', NOON - 9_000))
  const { mark } = await messages(await source.open(undefined))
  logs.append(1, record('lost', NOON - 8_000))
  logs.append(2, record('lost too', NOON - 7_000))
  logs.append(3, record('kept', NOON - 6_000))
  await source.close()
  source = new LogFiles(logs.source, { delivery: 'd', clock, telemetry, limits: { ...QUICK, sourceBytes: 40 } })
  await source.open(mark)
  await source.look()
  expect(source.isOverfull(mark)).toBe(true)
  const roomy = await source.makeRoom(mark)
  expect(source.isOverfull(roomy)).toBe(false)
  expect(roomy.sequence, 'further than what was committed').toBeGreaterThan(mark.sequence)
  const { events } = await readAll(roomy)
  const lost = record('lost').length + record('lost too').length
  expect(events).toEqual([
    {
      timestamp: NOON - 6_000,
      message: expect.stringContaining(`${String(lost)} bytes of this log were given up here`) as string,
    },
    { timestamp: NOON - 6_000, message: 'kept' },
  ])
  expect(source.lostBytes).toBe(lost)
})

test('a change is noticed without any report of the operating system', async () => {
  const over = new AbortController()
  await source.look()
  rmSync(logs.directory, { recursive: true })
  const changed = source.changed(over.signal)
  let noticed = false
  void changed.then(() => (noticed = true))
  logs = new BrokerLogs()
  await source.close()
  source = make()
  await source.look()
  const second = source.changed(new AbortController().signal)
  logs.append(1, record('one'))
  await second
  expect(noticed).toBe(false)
  over.abort()
  await until(() => noticed)
})

test('what was looked at already is no change', async () => {
  const { mark } = await messages(await source.open(undefined))
  const first = source.changed(new AbortController().signal)
  logs.append(1, `${record('one')}torn`)
  await first
  await new Promise((resolve) => setTimeout(resolve, 20))
  await messages(mark)
  const signal = AbortSignal.timeout(60)
  await source.changed(signal)
  expect(signal.aborted).toBe(true)
})

test('however a file grows, and however small the batches are, the events are the same', async () => {
  const part = fc.oneof(
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => Buffer.from(record(text))) },
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    fc.nat(3_000).map((length) => Buffer.from(record('ß'.repeat(length)))),
    fc.constantFrom('\u001e\n', '\u001e', `${String(NOON)} `).map((text) => Buffer.from(text)),
  )
  const growth = fc.record({
    parts: fc.array(part, { maxLength: 8 }),
    cuts: fc.array(fc.nat(), { maxLength: 4 }),
    rotations: fc.array(fc.boolean(), { maxLength: 4 }),
  })
  const limits = fc.record({ events: fc.integer({ min: 1, max: 5 }), bytes: fc.integer({ min: 30, max: 5_000 }) })
  await fc.assert(
    fc.asyncProperty(growth, limits, fc.boolean(), async ({ parts, cuts, rotations }, { events, bytes }, restarts) => {
      logs.remove()
      logs = new BrokerLogs()
      await restarted()
      const small: BatchLimits = { ...LIMITS, events, bytes, eventBytes: 1_000 }
      const all = Buffer.concat(parts)
      const borders = [0, ...cuts.map((cut) => cut % (all.length + 1)), all.length].toSorted(
        (one, other) => one - other,
      )
      let mark = await source.open(undefined)
      const seen: string[] = []
      let number = 1
      for (const [index, border] of borders.slice(1).entries()) {
        logs.append(number, all.subarray(borders[index], border))
        const read = await readAll(mark, small)
        seen.push(...read.events.map(({ message }) => message))
        ;({ mark } = read)
        if (rotations[index] === true) number += 1
        if (restarts) await restarted()
      }
      logs.append(number + 1, record('end'))
      seen.push(...(await readAll(mark, small)).events.map(({ message }) => message))
      await restarted()
      const atOnce = await readAll(await source.open(undefined), { ...LIMITS, eventBytes: 1_000 })
      expect(seen).toEqual(atOnce.events.map(({ message }) => message))
      expect(seen.at(-1)).toBe('end')
    }),
    { numRuns: 120 },
  )
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BrokerEngine } from '#engines/broker-engine.ts'
import type { RecordStore } from '#stores/records/record-store.ts'
import { RECORD_FORMAT } from '#services/mq/broker-record.ts'
import { type Bench, type Life, create, openBench, run } from '#services/mq/testing/bench.ts'

let bench: Bench

beforeEach(() => {
  bench = openBench()
})
afterEach(() => bench.close())

const both = { Logs: { General: true, Audit: true } }

/** Lets a life die at its n-th effect on the world: an engine call or a commit, just before or just after it happened. */
function mortal(after: number, when: 'before' | 'after') {
  const { promise: died, resolve } = Promise.withResolvers<'died'>()
  const never = new Promise<never>(() => {})
  let left = after
  let isDead = false

  const effect = async <T>(happen: () => Promise<T>): Promise<T> => {
    if (isDead) return never
    left -= 1
    if (left > 0) return happen()
    isDead = true
    if (when === 'after') await happen()
    resolve('died')
    return never
  }

  return {
    died,
    wrapping: {
      records: (records: RecordStore): RecordStore => ({
        ...records,
        get: (key) => (isDead ? never : records.get(key)),
        commit: (changes) => effect(() => records.commit(changes)),
        watch: (collection, hear) => records.watch(collection, (key) => (isDead ? undefined : hear(key))),
      }),
      engine: (engine: BrokerEngine): BrokerEngine => ({
        ...engine,
        ensureInstalled: (version, progress) => effect(() => engine.ensureInstalled(version, progress)),
        reserveAddress: (brokerId, instance) => effect(() => engine.reserveAddress(brokerId, instance)),
        start: (spec, signal) => effect(() => engine.start(spec, signal)),
        adopt: (brokerId, instance) => (isDead ? never : engine.adopt(brokerId, instance)),
        stop: (brokerId, instance) => effect(() => engine.stop(brokerId, instance)),
        remove: (brokerId) => effect(() => engine.remove(brokerId)),
      }),
    },
  }
}

/** Runs `story` on one life that may die at any of its effects, then lets a new life finish it. */
async function interrupted(
  prepare: (life: Life) => Promise<string>,
  story: (life: Life, brokerId: string) => Promise<unknown>,
  point: { readonly effects: number; readonly when: 'before' | 'after' },
): Promise<{ readonly brokerId: string; readonly isDead: boolean; readonly next: Life }> {
  const first = bench.live()
  await first.reconciler.start()
  const brokerId = await prepare(first)
  await first.reconciler.close({ keepBrokers: true })
  first.kill()

  const { died, wrapping } = mortal(point.effects, point.when)
  const doomed = bench.live(wrapping)
  await doomed.reconciler.start()
  const end = await Promise.race([died, story(doomed, brokerId)])
  if (end !== 'died') await doomed.reconciler.close({ keepBrokers: true })
  doomed.kill()

  const next = bench.live()
  await next.reconciler.start()
  return { brokerId, isDead: end === 'died', next }
}

const POINTS = Array.from({ length: 8 }, (_, index) => index + 1).flatMap((effects) =>
  (['before', 'after'] as const).map((when) => ({ effects, when })),
)

const running = async (life: Life): Promise<string> => {
  const brokerId = await create(life, bench.contextOf(), both)
  await bench.untilState(brokerId, 'RUNNING')
  return brokerId
}

test.each(POINTS)(
  'a creation that the platform dies in, $when effect $effects, is carried on to RUNNING',
  async (point) => {
    const { wrapping, died } = mortal(point.effects, point.when)
    const doomed = bench.live(wrapping)
    await doomed.reconciler.start()
    const story = create(doomed, bench.contextOf(), { ...both, CreatorRequestId: 'one' }).then((brokerId) =>
      bench.untilState(brokerId, 'RUNNING'),
    )
    const end = await Promise.race([died, story])
    if (end !== 'died') await doomed.reconciler.close({ keepBrokers: true })
    doomed.kill()
    const next = bench.live()
    await next.reconciler.start()
    // The client repeats a request whose answer it never saw.
    const brokerId = await create(next, bench.contextOf(), { ...both, CreatorRequestId: 'one' })
    const record = await bench.until(brokerId, (each) => each?.state === 'RUNNING' && next.deliveries.specs.size === 2)
    expect(record?.applied).toEqual(record?.desired)
    expect(bench.world.processes.size).toBe(1)
    expect(bench.world.lines(brokerId, 'general')).toEqual(bench.world.files.get(`mq/${brokerId}/1/general`))
    if (end !== 'died') expect(point.effects).toBeGreaterThan(4)
  },
)

test.each(POINTS)(
  'a reboot that the platform dies in, $when effect $effects, is carried on and applies what was pending',
  async (point) => {
    const off = async (life: Life): Promise<string> => {
      const brokerId = await create(life, bench.contextOf())
      await bench.untilState(brokerId, 'RUNNING')
      await run(life, 'UpdateBroker', { BrokerId: brokerId, Logs: { General: true, Audit: true } }, bench.contextOf())
      return brokerId
    }
    const reboot = async (life: Life, brokerId: string): Promise<unknown> => {
      await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
      return bench.untilState(brokerId, 'RUNNING')
    }
    const { brokerId, next } = await interrupted(off, reboot, point)
    // Died before the reboot was acknowledged: the client asks again.
    if (
      (await bench.read(brokerId))?.applied?.logs.general === false &&
      (await bench.read(brokerId))?.state === 'RUNNING'
    ) {
      await run(next, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
    }
    const record = await bench.until(
      brokerId,
      (each) => each?.state === 'RUNNING' && each.applied?.logs.general === true,
    )
    await bench.until(brokerId, () => next.deliveries.specs.size === 2)
    expect(record?.applied).toEqual(record?.desired)
    expect(bench.world.processes.size).toBe(1)
    // Delivery begins with the first start that had the log on; from there on not one line is missing or doubled.
    const written = bench.world.files.get(`mq/${brokerId}/1/general`) ?? []
    const firstWanted = bench.world.starts.findIndex(({ logs }) => logs.general) + 1
    expect(bench.world.lines(brokerId, 'general')).toEqual(
      written.slice(written.indexOf(`start ${String(firstWanted)}`)),
    )
  },
)

test.each(POINTS)(
  'a reboot with unchanged logs loses and doubles no line when the platform dies $when effect $effects',
  async (point) => {
    const reboot = async (life: Life, brokerId: string): Promise<unknown> => {
      await run(life, 'RebootBroker', { BrokerId: brokerId }, bench.contextOf())
      return bench.untilState(brokerId, 'RUNNING')
    }
    const { brokerId, next } = await interrupted(running, reboot, point)
    await bench.untilState(brokerId, 'RUNNING')
    await bench.until(brokerId, () => next.deliveries.specs.size === 2 && bench.world.processes.size === 1)
    expect(bench.world.lines(brokerId, 'general')).toEqual(bench.world.files.get(`mq/${brokerId}/1/general`))
  },
)

test.each(POINTS)(
  'a deletion that the platform dies in, $when effect $effects, leaves neither process nor record',
  async (point) => {
    const remove = async (life: Life, brokerId: string): Promise<unknown> => {
      await run(life, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
      return bench.untilGone(brokerId)
    }
    const { brokerId, next } = await interrupted(running, remove, point)
    if ((await bench.read(brokerId))?.state === 'RUNNING')
      await run(next, 'DeleteBroker', { BrokerId: brokerId }, bench.contextOf())
    await bench.untilGone(brokerId)
    expect(bench.world.processes.size).toBe(0)
    expect(bench.world.removed).toContain(brokerId)
    expect(bench.world.lines(brokerId, 'general')).toEqual(['start 1', 'shutdown'])
    await bench.untilState(await create(next, bench.contextOf()), 'RUNNING')
  },
)

test('a record store that refuses for a while delays a broker, and nothing else', async () => {
  let refusals = 1
  const life = bench.live({
    records: (records) => ({
      ...records,
      commit: async (changes) => {
        const isBroker = changes.some(({ kind, key }) => kind === 'put' && key.collection === 'mq.broker')
        if (isBroker && bench.world.processes.size > 0 && refusals-- > 0) throw new Error('the disk is full')
        return records.commit(changes)
      },
    }),
  })
  await life.reconciler.start()
  const brokerId = await create(life, bench.contextOf())
  await bench.until(brokerId, () => refusals < 1)
  expect((await bench.read(brokerId))?.state).toBe('CREATION_IN_PROGRESS')
  // Anything that happens to the record makes the worker look again, before its own retry.
  await bench.store.change(
    { brokerId, account: bench.contextOf().account, region: bench.contextOf().region },
    (record) => ({ ...record }),
  )
  await bench.untilState(brokerId, 'RUNNING')
})

test('a record of a newer format is left untouched, and other brokers are not held up', async () => {
  const key = {
    collection: 'mq.broker',
    account: '999988887777',
    region: 'us-east-1',
    id: 'b-00000000-0000-4000-8000-000000000000',
  }
  await bench.records.commit([{ kind: 'put', key, value: { format: RECORD_FORMAT + 1, state: 'RUNNING' } }])
  const life = bench.live()
  await life.reconciler.start()
  await bench.untilState(await create(life, bench.contextOf()), 'RUNNING')
  expect(await bench.records.get(key)).toMatchObject({
    revision: 1,
    value: { format: RECORD_FORMAT + 1, state: 'RUNNING' },
  })
  expect(bench.world.starts).toHaveLength(1)
})

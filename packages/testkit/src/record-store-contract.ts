import { expect, test } from 'vitest'
import fc from 'fast-check'
import { RevisionConflict } from '../../server/src/stores/records/record-store.ts'
import type { RecordChange, RecordKey, RecordStore } from '../../server/src/stores/records/record-store.ts'

/** One place that can hold a record store: opened again, it shows what was committed. */
export interface RecordStoreHome {
  open(): RecordStore | Promise<RecordStore>
  /** Removes everything. */
  remove(): void | Promise<void>
}

const ACCOUNT = '111122223333'
const REGION = 'us-east-1'
const key = (id: string, collection = 'test.thing'): RecordKey => ({ collection, account: ACCOUNT, region: REGION, id })
const put = (id: string, value: unknown, expected?: number): RecordChange => ({
  kind: 'put',
  key: key(id),
  value,
  ...(expected === undefined ? {} : { expect: expected }),
})
const remove = (id: string, expected?: number): RecordChange => ({
  kind: 'delete',
  key: key(id),
  ...(expected === undefined ? {} : { expect: expected }),
})
const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

/** What every record store must do. Called once by each implementation's tests; a fault found in one becomes a case for all. */
export function recordStoreContract(name: string, makeHome: () => RecordStoreHome): void {
  const rule = (text: string, prove: (store: RecordStore, home: RecordStoreHome) => Promise<void>): void => {
    test(`${name}: ${text}`, async () => {
      const home = makeHome()
      const store = await home.open()
      try {
        await prove(store, home)
      } finally {
        await store.close()
        await home.remove()
      }
    })
  }

  const ids = async (store: RecordStore, options?: Parameters<RecordStore['list']>[3]): Promise<readonly string[]> =>
    (await store.list('test.thing', ACCOUNT, REGION, options)).map((found) => found.key.id)

  rule('a record that was put is read back with its key, revision and value', async (store) => {
    const value = { name: 'orders', nested: { list: [1, 'two', null, true], text: 'ünïcödé \u{1f980} \u0001' } }
    await store.commit([put('a', value)])
    expect(await store.get(key('a'))).toEqual({ key: key('a'), revision: 1, value })
    expect(await store.get(key('b'))).toBeUndefined()
  })

  rule('each change counts the revision up by one, and a record made again starts at 1', async (store) => {
    await store.commit([put('a', 1)])
    await store.commit([put('a', 2)])
    await store.commit([put('a', 3, 2)])
    expect(await store.get(key('a'))).toMatchObject({ revision: 3, value: 3 })
    await store.commit([remove('a', 3)])
    expect(await store.get(key('a'))).toBeUndefined()
    await store.commit([put('a', 4, 0)])
    expect(await store.get(key('a'))).toMatchObject({ revision: 1, value: 4 })
  })

  rule('equal ids in another collection, account or region are other records', async (store) => {
    const home = key('a')
    const others = [
      { ...home, collection: 'test.other' },
      { ...home, account: '444455556666' },
      { ...home, region: 'eu-west-1' },
    ]
    await store.commit([
      put('a', 'home'),
      ...others.map((other) => ({ kind: 'put', key: other, value: other }) as const),
    ])
    expect(await store.get(home)).toMatchObject({ value: 'home' })
    for (const other of others) expect(await store.get(other)).toMatchObject({ value: other })
    expect(await ids(store)).toEqual(['a'])
  })

  rule('an expectation that does not hold refuses the whole commit and names the record', async (store) => {
    await store.commit([put('a', 1)])
    const stale: readonly (readonly RecordChange[])[] = [
      [put('new', 1), put('a', 2, 0)],
      [put('new', 1), put('a', 2, 2)],
      [put('new', 1), put('b', 2, 1)],
      [put('new', 1), remove('a', 2)],
      [put('new', 1), remove('b', 1)],
      [put('a', 2, 0), put('new', 1)],
    ]
    for (const changes of stale) {
      const error = await store.commit(changes).then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(RevisionConflict)
      const guarded = changes.find((change) => change.expect !== undefined)
      expect((error as RevisionConflict).key).toEqual(guarded?.key)
      expect(await ids(store)).toEqual(['a'])
      expect(await store.get(key('a'))).toMatchObject({ revision: 1, value: 1 })
    }
  })

  rule(
    'of commits made at once with the same expectation exactly one wins, and the others change nothing',
    async (store) => {
      const racers = Array.from({ length: 20 }, (_, n) =>
        store.commit([put('lock', n, 0), put(`mine-${String(n)}`, n)]),
      )
      const settled = await Promise.allSettled(racers)
      const winners = settled.flatMap((outcome, n) => (outcome.status === 'fulfilled' ? [n] : []))
      expect(winners).toHaveLength(1)
      expect(
        settled.every((outcome) => outcome.status === 'fulfilled' || outcome.reason instanceof RevisionConflict),
      ).toBe(true)
      expect(await store.get(key('lock'))).toMatchObject({ value: winners[0] })
      expect(await ids(store, { prefix: 'mine-' })).toEqual([`mine-${String(winners[0])}`])
    },
  )

  rule('commits made at once take effect in the order in which they were made', async (store) => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.commit([put('counter', n, n)])))
    expect(await store.get(key('counter'))).toMatchObject({ revision: 50, value: 49 })
  })

  rule('a commit is written as its values were when it was made', async (store) => {
    const value = { state: 'before' }
    const id = { ...key('a') }
    const committed = store.commit([{ kind: 'put', key: id, value }])
    value.state = 'after'
    id.id = 'elsewhere'
    await committed
    expect(await store.get(key('a'))).toMatchObject({ value: { state: 'before' } })
  })

  rule('changing a value that was read changes nothing in the store', async (store) => {
    await store.commit([put('a', { list: [1] })])
    const read = await store.get<{ list: number[] }>(key('a'))
    read?.value.list.push(2)
    expect(await store.get(key('a'))).toMatchObject({ value: { list: [1] } })
  })

  rule('deleting what is not there is no error', async (store) => {
    await store.commit([remove('a'), remove('b', 0), put('c', 1)])
    expect(await ids(store)).toEqual(['c'])
  })

  rule('a commit without changes resolves', async (store) => {
    await expect(store.commit([])).resolves.toBeUndefined()
  })

  rule('bad keys, expectations and values are refused and change nothing', async (store) => {
    const bad: readonly (readonly RecordChange[])[] = [
      [put('ok', 1), put('', 1)],
      [put('ok', 1), put('lone \ud800 surrogate', 1)],
      [put('ok', 1), put('a\0b', 1)],
      [put('ok', 1), put('x'.repeat(4_097), 1)],
      [put('ok', 1), { kind: 'put', key: key('a', 'Test Thing'), value: 1 }],
      [put('ok', 1), { kind: 'put', key: { ...key('a'), account: '' }, value: 1 }],
      [put('ok', 1), put('a', 1, -1)],
      [put('ok', 1), put('a', 1, 0.5)],
      [put('ok', 1), put('a', undefined)],
      [put('ok', 1), put('a', () => 1)],
      [put('ok', 1), put('ok', 2)],
      [put('ok', 1), remove('ok')],
    ]
    for (const changes of bad) await expect(store.commit(changes)).rejects.toThrow(/record|collection|revision/)
    await expect(store.list('test.thing', ACCOUNT, REGION, { limit: -1 })).rejects.toThrow(RangeError)
    await expect(store.get(key('lone \ud800 surrogate'))).rejects.toThrow(RangeError)
    expect(await store.listAll('test.thing')).toEqual([])
  })

  rule('lists are ordered by the UTF-8 bytes of the id', async (store) => {
    // By UTF-16 units the crab (a surrogate pair) would come before U+FF5E.
    const written = [
      'b',
      'a/2',
      'a',
      'a/10',
      'Z',
      'é',
      '\uff5e',
      '\u{1f980}',
      '\u{10ffff}',
      '\u{10ffff}a',
      ' ',
      '%',
      '_',
    ]
    await store.commit(written.map((id) => put(id, id)))
    expect(await ids(store)).toEqual(written.toSorted(byUtf8))
  })

  rule('prefix, after and limit page through exactly the matching ids', async (store) => {
    await store.commit(
      ['a', 'a%', 'a_', 'a/1', 'a/2', 'a/3', 'b', '\u{10ffff}', '\u{10ffff}z'].map((id) => put(id, id)),
    )
    expect(await ids(store, { prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/3'])
    expect(await ids(store, { prefix: 'a%' })).toEqual(['a%'])
    expect(await ids(store, { prefix: '\u{10ffff}' })).toEqual(['\u{10ffff}', '\u{10ffff}z'])
    expect(await ids(store, { prefix: 'a/', limit: 2 })).toEqual(['a/1', 'a/2'])
    expect(await ids(store, { prefix: 'a/', after: 'a/2', limit: 2 })).toEqual(['a/3'])
    expect(await ids(store, { prefix: 'b', after: 'a/2' })).toEqual(['b'])
    expect(await ids(store, { prefix: 'a/', after: 'b' })).toEqual([])
    expect(await ids(store, { after: 'a_' })).toEqual(['b', '\u{10ffff}', '\u{10ffff}z'])
    expect(await ids(store, { limit: 0 })).toEqual([])
  })

  rule('a list without a limit stops at 1,000', async (store) => {
    await store.commit(Array.from({ length: 1_001 }, (_, n) => put(String(n).padStart(4, '0'), n)))
    expect(await ids(store)).toHaveLength(1_000)
    expect(await ids(store, { limit: 2_000 })).toHaveLength(1_001)
    expect(await store.listAll('test.thing')).toHaveLength(1_001)
  })

  rule('for any ids and any prefix a list is the sorted filter of what was put', async (store) => {
    const id = fc.string({
      unit: fc.constantFrom('a', 'b', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{10ffff}'),
      minLength: 1,
      maxLength: 4,
    })
    let round = 0
    const check = async (written: readonly string[], prefix: string, after: string | undefined): Promise<void> => {
      const region = `r-${String(++round)}`
      await store.commit(written.map((text) => ({ kind: 'put', key: { ...key(text), region }, value: text })))
      const listed = await store.list(
        'test.thing',
        ACCOUNT,
        region,
        after === undefined ? { prefix } : { prefix, after },
      )
      const wanted = written.filter(
        (text) => text.startsWith(prefix) && (after === undefined || byUtf8(text, after) > 0),
      )
      expect(listed.map((found) => found.key.id)).toEqual(wanted.toSorted(byUtf8))
    }
    const prefixes = fc.oneof(fc.constant(''), id)
    const property = fc.asyncProperty(
      fc.uniqueArray(id, { maxLength: 12 }),
      prefixes,
      fc.option(id, { nil: undefined }),
      check,
    )
    await fc.assert(property, { numRuns: 60 })
  })

  rule('listAll yields a collection over all accounts and regions, in order', async (store) => {
    const places = [
      ['444455556666', 'eu-west-1'],
      ['111122223333', 'us-east-1'],
      ['111122223333', 'eu-west-1'],
    ] as const
    await store.commit(
      places.map(([account, region]) => ({
        kind: 'put',
        key: { collection: 'test.thing', account, region, id: 'x' },
        value: 1,
      })),
    )
    await store.commit([{ kind: 'put', key: key('x', 'test.thing2'), value: 1 }])
    const found = (await store.listAll('test.thing')).map((record) => `${record.key.account}/${record.key.region}`)
    expect(found).toEqual(['111122223333/eu-west-1', '111122223333/us-east-1', '444455556666/eu-west-1'])
  })

  rule(
    'a watcher hears of each changed record of its collection once it can be read, until it stops',
    async (store) => {
      const heard: string[] = []
      const seen: Promise<unknown>[] = []
      const stop = store.watch('test.thing', (changed) => {
        heard.push(changed.id)
        seen.push(store.get(changed))
      })
      await store.commit([put('a', 1), put('b', 1), { kind: 'put', key: key('c', 'test.other'), value: 1 }])
      await store.commit([remove('a'), remove('missing')])
      await expect(store.commit([put('d', 1), put('b', 2, 9)])).rejects.toThrow(RevisionConflict)
      expect(heard).toEqual(['a', 'b', 'a'])
      expect((await Promise.all(seen)).map((record) => record !== undefined)).toEqual([true, true, false])
      stop()
      stop()
      await store.commit([put('e', 1)])
      expect(heard).toEqual(['a', 'b', 'a'])
    },
  )

  rule('a watcher that throws harms neither the commit nor other watchers', async (store) => {
    const heard: string[] = []
    store.watch('test.thing', () => {
      throw new Error('watcher failed')
    })
    store.watch('test.thing', (changed) => heard.push(changed.id))
    await store.commit([put('a', 1)])
    expect(heard).toEqual(['a'])
    expect(await store.get(key('a'))).toMatchObject({ revision: 1 })
  })

  rule('close writes what was committed before it, and then nothing can be read or written', async (store, home) => {
    const pending = store.commit([put('late', 1)])
    await store.close()
    await expect(pending).resolves.toBeUndefined()
    await expect(store.get(key('late'))).rejects.toThrow('closed')
    await expect(store.commit([put('x', 1)])).rejects.toThrow('closed')
    const again = await home.open()
    expect(await again.get(key('late'))).toMatchObject({ revision: 1, value: 1 })
    await again.close()
  })

  rule('opened again, it holds every revision and value, and goes on counting', async (store, home) => {
    await store.commit([put('a', 1), put('b', 'gone')])
    await store.commit([put('a', 2), remove('b')])
    await store.close()
    const again = await home.open()
    expect(await again.listAll('test.thing')).toEqual([{ key: key('a'), revision: 2, value: 2 }])
    await again.commit([put('a', 3, 2)])
    expect(await again.get(key('a'))).toMatchObject({ revision: 3 })
    await again.close()
  })
}

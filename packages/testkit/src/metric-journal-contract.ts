import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountId, region } from '../../server/src/kernel/ids.ts'
import type { MetricPoint } from '../../server/src/kernel/metric-point.ts'
import type {
  MetricIdentity,
  MetricJournal,
  MetricListQuery,
  MetricPeriod,
  MetricQuery,
} from '../../server/src/stores/journals/metric-journal.ts'
import { type JournalHome, TODAY } from './journal-home.ts'
import { memoryMetricJournal } from './memory-metric-journal.ts'

const MINUTE = 60_000
const HERE = region('us-east-1')
const signal = (): AbortSignal => AbortSignal.timeout(60_000)

/** A point of one sample; everything else can be changed. */
export function metricPoint({
  value = 1,
  ...changed
}: Partial<MetricPoint> & { readonly value?: number } = {}): MetricPoint {
  return {
    account: accountId('111122223333'),
    region: HERE,
    namespace: 'Shop',
    metricName: 'Orders',
    dimensions: {},
    unit: 'None',
    timestamp: TODAY,
    statistics: { sampleCount: 1, sum: value, minimum: value, maximum: value },
    ...changed,
  }
}

/** What every metric journal must do. */
export function metricJournalContract(name: string, home: JournalHome<MetricJournal>): void {
  describe(`metric journal: ${name}`, () => {
    let journal: MetricJournal
    let lastAccount = 0
    const newAccount = (): MetricPoint['account'] => accountId(String(++lastAccount).padStart(12, '0'))
    const settle = async (): Promise<void> => home.settle?.(journal)
    const queryOf = (account: string, changed: Partial<MetricQuery> = {}): MetricQuery => ({
      account,
      region: HERE,
      namespace: 'Shop',
      metricName: 'Orders',
      dimensions: {},
      from: TODAY,
      to: TODAY + 60 * MINUTE,
      period: MINUTE,
      distribution: false,
      ...changed,
    })
    const ask = async (account: string, changed: Partial<MetricQuery> = {}): Promise<readonly MetricPeriod[]> =>
      (await journal.statistics([queryOf(account, changed)], signal()))[0] ?? []
    const list = (account: string, changed: Partial<MetricListQuery> = {}): Promise<readonly MetricIdentity[]> =>
      journal.list({ account, region: HERE, since: TODAY, dimensions: [], limit: 500, signal: signal(), ...changed })
    const sums = (periods: readonly MetricPeriod[]): readonly (readonly number[])[] =>
      periods.map(({ start, statistics }) => [(start - TODAY) / MINUTE, statistics.sum])

    beforeAll(async () => {
      journal = await home.open()
    })
    afterAll(() => home.close(journal))

    test('points of one metric are added up by period, whether inserted yet or not', async () => {
      const account = newAccount()
      const at = (minute: number, value: number): MetricPoint =>
        metricPoint({ account, timestamp: TODAY + minute * MINUTE, value })
      await journal.publish([at(3, 8), at(0, 1), at(1, 2)])
      await settle()
      await journal.publish([at(0, 4), at(4, 16)])
      expect(sums(await ask(account))).toEqual([
        [0, 5],
        [1, 2],
        [3, 8],
        [4, 16],
      ])
      expect(sums(await ask(account, { period: 2 * MINUTE, from: TODAY + MINUTE, to: TODAY + 4 * MINUTE }))).toEqual([
        [1, 2],
        [3, 8],
      ])
      const [all] = await ask(account, { period: 10 * MINUTE })
      expect(all?.statistics).toEqual({ sampleCount: 5, sum: 31, minimum: 1, maximum: 16 })
    })

    test('a metric is its account, region, namespace, name and all of its dimensions, in any order', async () => {
      const [account, other] = [newAccount(), newAccount()]
      const mine = metricPoint({ account, dimensions: { a: '1', b: '2' }, value: 1 })
      await journal.publish([mine, { ...mine, dimensions: { b: '2', a: '1' } }])
      const others = [
        { account: other },
        { region: region('eu-west-1') },
        { namespace: 'Shop2' },
        { metricName: 'orders' },
        { dimensions: { a: '1' } },
        { dimensions: {} },
        { dimensions: { a: '1', b: '3' } },
        { dimensions: { a: '1', b: '2', c: '' } },
      ]
      await journal.publish(others.map((changed) => ({ ...mine, ...changed })))
      for (const stage of ['waiting', 'settled']) {
        expect(sums(await ask(account, { dimensions: { b: '2', a: '1' } })), stage).toEqual([[0, 2]])
        expect(sums(await ask(account, {})), stage).toEqual([[0, 1]])
        await settle()
      }
    })

    test('units are kept apart, and one of them can be asked for', async () => {
      const account = newAccount()
      await journal.publish([
        metricPoint({ account, unit: 'Seconds', value: 1 }),
        metricPoint({ account, unit: 'Bytes', value: 2 }),
        metricPoint({ account, unit: 'Seconds', value: 4 }),
      ])
      await settle()
      expect((await ask(account)).map(({ unit, statistics }) => [unit, statistics.sum])).toEqual([
        ['Bytes', 2],
        ['Seconds', 5],
      ])
      expect(sums(await ask(account, { unit: 'Bytes' }))).toEqual([[0, 2]])
    })

    test('distributions are added up when they are known of every point', async () => {
      const account = newAccount()
      const spread = metricPoint({
        account,
        statistics: { sampleCount: 4, sum: 10, minimum: 1, maximum: 4 },
        distribution: { values: [4, 1, 2.5], counts: [1, 1, 2] },
      })
      await journal.publish([spread, metricPoint({ account, value: 2.5 }), metricPoint({ account, value: 9 })])
      await journal.publish([
        { ...spread, timestamp: TODAY + MINUTE, distribution: { values: [1, 4], counts: [2, 2] } },
      ])
      await journal.publish([
        metricPoint({
          account,
          timestamp: TODAY + MINUTE,
          statistics: { sampleCount: 2, sum: 3, minimum: 1, maximum: 2 },
        }),
      ])
      for (const stage of ['waiting', 'settled']) {
        const found = await ask(account, { distribution: true })
        expect(found[0]?.distribution, stage).toEqual({ values: [1, 2.5, 4, 9], counts: [1, 3, 1, 1] })
        expect(found[1], stage).not.toHaveProperty('distribution')
        expect(found[1]?.statistics.sum, stage).toBe(13)
        await settle()
      }
      expect((await ask(account))[0]).not.toHaveProperty('distribution')
    })

    test('several queries are answered together, each in its place', async () => {
      const account = newAccount()
      await journal.publish([1, 2, 3].map((value) => metricPoint({ account, metricName: `m${String(value)}`, value })))
      await settle()
      const queries = ['m3', 'none', 'm1', 'm3'].map((metricName) => queryOf(account, { metricName }))
      const found = await journal.statistics(queries, signal())
      expect(found.map(sums)).toEqual([[[0, 3]], [], [[0, 1]], [[0, 3]]])
      expect(await journal.statistics([], signal())).toEqual([])
    })

    test('large, small and negative numbers come back as they were', async () => {
      const account = newAccount()
      for (const [minute, value] of [2 ** 360, -(2 ** 360), 5e-324, 0.1, -0.25, 123_456_789.123].entries())
        await journal.publish([metricPoint({ account, timestamp: TODAY + minute * MINUTE, value })])
      await settle()
      expect((await ask(account)).map(({ statistics }) => statistics.sum)).toEqual([
        2 ** 360,
        -(2 ** 360),
        5e-324,
        0.1,
        -0.25,
        123_456_789.123,
      ])
    })

    test('metrics are listed once and in order, page by page, by name and dimensions', async () => {
      const account = newAccount()
      const named = (namespace: string, metricName: string, dimensions: Record<string, string> = {}): MetricPoint =>
        metricPoint({ account, namespace, metricName, dimensions })
      const odd = { "it's": 'a "b"\n\\', 日本: '語🎉' }
      await journal.publish([named('B', 'x'), named('A', 'y', { d: '2', c: '1' }), named('A', 'y', { d: '1' })])
      await settle()
      await journal.publish([named('A', 'y', odd), named('B', 'x'), named('A', 'b'), named('A', 'y', { c: '1' })])
      await journal.publish([{ ...named('Old', 'z'), timestamp: TODAY - MINUTE }])
      const all = [
        { namespace: 'A', metricName: 'b', dimensions: {} },
        { namespace: 'A', metricName: 'y', dimensions: { c: '1' } },
        { namespace: 'A', metricName: 'y', dimensions: { c: '1', d: '2' } },
        { namespace: 'A', metricName: 'y', dimensions: { d: '1' } },
        { namespace: 'A', metricName: 'y', dimensions: odd },
        { namespace: 'B', metricName: 'x', dimensions: {} },
      ]
      for (const stage of ['waiting', 'settled']) {
        expect(await list(account), stage).toEqual(all)
        const paged: MetricIdentity[] = []
        for (let after: MetricIdentity | undefined; ; after = paged.at(-1)) {
          const page = await list(account, { limit: 2, ...(after === undefined ? {} : { after }) })
          if (page.length === 0) break
          paged.push(...page)
        }
        expect(paged, stage).toEqual(all)
        const found = async (changed: Partial<MetricListQuery>): Promise<readonly number[]> =>
          (await list(account, changed)).map((metric) => all.findIndex((each) => isSame(each, metric)))
        expect(await found({ namespace: 'B' })).toEqual([5])
        expect(await found({ metricName: 'y', dimensions: [{ name: 'd' }] })).toEqual([2, 3])
        expect(
          await found({
            dimensions: [
              { name: 'c', value: '1' },
              { name: 'd', value: '2' },
            ],
          }),
        ).toEqual([2])
        expect(await found({ dimensions: [{ name: "it's", value: 'a "b"\n\\' }] })).toEqual([4])
        expect(await found({ dimensions: [{ name: 'd', value: '' }] })).toEqual([])
        expect(await found({ since: TODAY + 1 })).toEqual([])
        await settle()
      }
    })

    test('points that nobody could read back are refused whole', async () => {
      const account = newAccount()
      const good = metricPoint({ account })
      for (const bad of [{ timestamp: 0.5 }, { timestamp: -1 }, { value: Number.NaN }, { value: Infinity }]) {
        if (home.reopen === undefined) break
        await expect(journal.publish([good, metricPoint({ account, ...bad })])).rejects.toThrow(RangeError)
      }
      expect(await ask(account)).toEqual([])
    })

    test('it answers as the journal in memory does, whatever is published and asked', async () => {
      const some = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values)
      const point = fc.record({
        minute: fc.integer({ min: 0, max: 6 }),
        unit: some('None', 'Count'),
        dimensions: some<Record<string, string>>({}, { a: '1' }, { b: '2', a: '1' }),
        value: fc.integer({ min: -3, max: 5 }),
      })
      const query = fc.record({
        first: fc.integer({ min: 0, max: 4 }),
        minutes: fc.integer({ min: 1, max: 7 }),
        period: some(1, 2, 5),
        dimensions: some<Record<string, string>>({}, { a: '1' }, { a: '1', b: '2' }),
      })
      const publications = fc.array(fc.array(point, { maxLength: 4 }), { maxLength: 3 })
      await fc.assert(
        fc.asyncProperty(publications, fc.array(query, { maxLength: 4 }), async (published, asked) => {
          const account = newAccount()
          const model = memoryMetricJournal()
          for (const points of published) {
            const made = points.map(({ minute, ...each }) =>
              metricPoint({ account, timestamp: TODAY + minute * MINUTE, ...each }),
            )
            await model.publish(made)
            await journal.publish(made)
          }
          const queries = asked.map(({ first, minutes, period, dimensions }) => {
            const from = TODAY + first * MINUTE
            const range = { from, to: from + minutes * MINUTE, period: period * MINUTE }
            return queryOf(account, { ...range, dimensions, distribution: true })
          })
          expect(await journal.statistics(queries, signal())).toEqual(await model.statistics(queries, signal()))
          expect(await list(account)).toEqual(
            await model.list({ account, region: HERE, since: 0, dimensions: [], limit: 500, signal: signal() }),
          )
        }),
        { numRuns: 25, seed: 7 },
      )
    })

    if (home.reopen !== undefined) {
      const { reopen } = home
      test('everything published is there once after closing and opening again', async () => {
        const account = newAccount()
        await journal.publish([metricPoint({ account, value: 1 })])
        await settle()
        await journal.publish([metricPoint({ account, value: 2 })])
        journal = await reopen(journal)
        await journal.publish([metricPoint({ account, value: 4 })])
        expect(sums(await ask(account))).toEqual([[0, 7]])
      })
    }
  })
}

const isSame = (a: MetricIdentity, b: MetricIdentity): boolean => JSON.stringify(a) === JSON.stringify(b)

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyCharacter } from '@sluice/testkit/any-character.ts'
import { metricPoint } from '../../../../../testkit/src/metric-journal-contract.ts'
import { MAX_PUBLISHED_POINTS, type MetricPoint } from '#kernel/metric-point.ts'
import { RowLayout } from '#stores/journals/segments/row-layout.ts'
import { RowWriter } from '#stores/journals/segments/row-writer.ts'
import { scanSegment } from '#stores/journals/segments/scan-segment.ts'
import { SlabPool } from '#stores/journals/segments/slab.ts'
import { compareMetrics, dimensionsOf, storedDimensions, storedMetric } from './dimensions.ts'
import { isListed, selectMetrics, selectPeriods } from './metric-query.ts'
import { checkPoints, decodePoint, encodePoints, METRIC_TABLE, type StoredPoint } from './metric-table.ts'

const layout = new RowLayout(METRIC_TABLE)
const text = fc.string({ unit: anyCharacter, maxLength: 20 }).map((value) => value.toWellFormed())
const name = text.map((value) => value.replaceAll('\0', ''))
const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
const point: fc.Arbitrary<MetricPoint> = fc
  .record({
    namespace: text,
    metricName: text,
    unit: text,
    dimensions: fc.dictionary(name, text, { maxKeys: 4 }),
    timestamp: fc.integer({ min: 0, max: 2 ** 45 }),
    storageResolution: fc.constantFrom(1 as const, 60 as const),
    statistics: fc.record({ sampleCount: finite, sum: finite, minimum: finite, maximum: finite }),
    distribution: fc
      .array(fc.tuple(finite, finite), { minLength: 1, maxLength: 200 })
      .map((pairs) => ({ values: pairs.map(([value]) => value), counts: pairs.map(([, count]) => count) })),
  })
  .map((changed) => metricPoint(changed))

function written(points: readonly MetricPoint[]): Buffer {
  const writer = new RowWriter(new SlabPool(), layout.columns)
  writer.startAt(0)
  encodePoints(writer, points, { firstSeq: 16_384, ingestionTime: 9 })
  writer.mark(2 * 16_384, 9, '')
  return Buffer.concat(writer.take().pieces.map(({ buffer, start, end }) => buffer.subarray(start, end)))
}

const asStored = (given: MetricPoint): StoredPoint => {
  const { dimensions, storageResolution: _resolution, distribution, statistics, ...others } = given
  const { minimum, maximum, sampleCount } = statistics
  const same = minimum === maximum ? { values: [minimum], counts: [sampleCount] } : distribution
  return { ...others, statistics, dimensions: storedDimensions(dimensions), distribution: same }
}

test('points are read back as they were written, by time, and the mark fits behind them', () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 5 }), (given) => {
      const file = written(given)
      const scanned = scanSegment(file, layout, { bytes: file, fileStart: 0, length: file.length })
      expect(scanned.damage).toBeUndefined()
      const found: StoredPoint[] = []
      for (const { start, end } of scanned.groups[0]?.runs ?? []) {
        for (let row = start; row < end; row = layout.skip(file, row, end)) found.push(decodePoint(file, row, end))
      }
      expect(found).toEqual(given.toSorted((a, b) => a.timestamp - b.timestamp).map(asStored))
    }),
    { numRuns: 60, seed: 1 },
  )
})

test('dimensions are stored by name and come back', () => {
  fc.assert(
    fc.property(fc.dictionary(name, text, { maxKeys: 6 }), (dimensions) => {
      const stored = storedDimensions(dimensions)
      expect({ ...dimensionsOf(stored) }).toEqual({ ...dimensions })
      expect(storedDimensions(Object.fromEntries(Object.entries(dimensions).toReversed()))).toEqual(stored)
    }),
    { seed: 2 },
  )
  expect(storedDimensions({ 'a\0b': 'c' })).toEqual(['a\uFFFDb\0c'])
})

test('metrics are ordered, and equal only to themselves', () => {
  const metric = point.map(storedMetric)
  fc.assert(
    fc.property(metric, metric, metric, (a, b, c) => {
      expect(Math.sign(compareMetrics(a, b))).toBe(-Math.sign(compareMetrics(b, a)) + 0)
      expect(compareMetrics(a, a)).toBe(0)
      if (compareMetrics(a, b) <= 0 && compareMetrics(b, c) <= 0) expect(compareMetrics(a, c)).toBeLessThanOrEqual(0)
    }),
    { seed: 3 },
  )
})

test('what cannot be written is refused before', () => {
  expect(() => checkPoints([metricPoint()])).not.toThrow()
  for (const changed of [
    { timestamp: -1 },
    { timestamp: 0.5 },
    { value: Number.NaN },
    { distribution: { values: [1, 2], counts: [1] } },
  ])
    expect(() => checkPoints([metricPoint(changed)])).toThrow(RangeError)
  expect(() => checkPoints(Array.from({ length: MAX_PUBLISHED_POINTS + 1 }, () => metricPoint()))).toThrow(RangeError)
})

test('what users write is bound to a statement, not part of it', () => {
  const query = { account: 'x1', region: 'x2', namespace: "x'3", metricName: 'x4', dimensions: { x5: 'x6' } }
  const range = { from: 5, to: 10, period: 5, unit: 'x7', distribution: true }
  const signal = new AbortController().signal
  const after = { namespace: 'xa', metricName: 'xb', dimensions: { xc: 'xd' } }
  const filter = [{ name: 'xe' }, { name: 'xf', value: 'xg' }]
  const statements = [
    selectPeriods({ ...query, ...range }, 77),
    selectMetrics({ ...query, since: 1, dimensions: filter, after, limit: 3, signal }, 77),
  ]
  for (const { sql, parameters } of statements) {
    expect(sql).not.toMatch(/x[1-7a-g']/)
    expect(sql).toContain('seq < 77')
    for (const bound of Object.keys(parameters)) expect(sql).toContain(`{${bound}:String}`)
  }
})

test('a metric in memory is listed by its namespace, name and dimensions', () => {
  const metric = storedMetric(metricPoint({ dimensions: { Queue: 'orders', Q: 'x' } }))
  const listed = (changed: object): boolean =>
    isListed(metric, {
      account: '',
      region: '',
      since: 0,
      dimensions: [],
      limit: 1,
      signal: AbortSignal.abort(),
      ...changed,
    })
  expect([listed({}), listed({ namespace: 'Shop' }), listed({ metricName: 'Orders' })]).toEqual([true, true, true])
  expect([listed({ namespace: 'Sho' }), listed({ metricName: 'orders' })]).toEqual([false, false])
  expect(listed({ dimensions: [{ name: 'Queue' }, { name: 'Q', value: 'x' }] })).toBe(true)
  expect([listed({ dimensions: [{ name: 'Que' }] }), listed({ dimensions: [{ name: 'Q', value: '' }] })]).toEqual([
    false,
    false,
  ])
})

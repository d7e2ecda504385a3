import type { Distribution } from '#kernel/metric-point.ts'
import type { MetricPeriod } from '#stores/journals/metric-journal.ts'

/** Periods in order of time; what is there in several units becomes one. */
export function mergeUnits(periods: readonly MetricPeriod[]): readonly MetricPeriod[] {
  const merged: MetricPeriod[] = []
  for (const period of periods) {
    const last = merged.at(-1)
    if (last?.start === period.start) merged[merged.length - 1] = together(last, period)
    else merged.push(period)
  }
  return merged
}

function together(a: MetricPeriod, b: MetricPeriod): MetricPeriod {
  const [first, second] = [a.statistics, b.statistics]
  const statistics = {
    sampleCount: first.sampleCount + second.sampleCount,
    sum: first.sum + second.sum,
    minimum: Math.min(first.minimum, second.minimum),
    maximum: Math.max(first.maximum, second.maximum),
  }
  const { start, unit } = a
  if (a.distribution === undefined || b.distribution === undefined) return { start, unit, statistics }
  return { start, unit, statistics, distribution: bothOf(a.distribution, b.distribution) }
}

function bothOf(a: Distribution, b: Distribution): Distribution {
  const counts = new Map<number, number>()
  for (const { values, counts: added } of [a, b])
    for (const [index, value] of values.entries()) counts.set(value, (counts.get(value) ?? 0) + (added[index] ?? 0))
  const sorted = [...counts].toSorted(([x], [y]) => x - y)
  return { values: sorted.map(([value]) => value), counts: sorted.map(([, count]) => count) }
}

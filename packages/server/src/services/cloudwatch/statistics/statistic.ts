/** The statistics that are known of every period. */
export const SIMPLE = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const
export type SimpleStatistic = (typeof SIMPLE)[number]

/** Where a range of values begins or ends: at a share of the samples, or at a value. */
export interface Bound {
  readonly by: 'share' | 'value'
  /** A share is 0 to 1. */
  readonly at: number
}

/** Statistics over a part of the samples, between two bounds. */
export type RangeKind = 'trimmedMean' | 'winsorizedMean' | 'trimmedCount' | 'trimmedSum' | 'percentileRank'

export type Statistic =
  | { readonly kind: 'simple'; readonly name: SimpleStatistic }
  | { readonly kind: 'percentile'; readonly share: number }
  | { readonly kind: RangeKind; readonly low: Bound; readonly high: Bound }

const RANGE_KINDS: Readonly<Record<string, RangeKind>> = {
  tm: 'trimmedMean',
  wm: 'winsorizedMean',
  tc: 'trimmedCount',
  ts: 'trimmedSum',
  pr: 'percentileRank',
}
const NUMBER = String.raw`-?\d{1,20}(?:\.\d{1,10})?`
const SHORT = new RegExp(String.raw`^(p|tm|wm|tc|ts)(\d{1,3}(?:\.\d{1,10})?)$`, 'i')
const RANGE = new RegExp(String.raw`^(tm|wm|tc|ts|pr)\((${NUMBER}%?)?:(${NUMBER}%?)?\)$`, 'i')

/**
 * Reads a statistic: `Sum`, `p99.9`, `tm90`, `TM(10%:90%)`, `PR(:300)`, `IQM` …
 * @returns undefined when it is none
 * @source CloudWatch user guide, statistics definitions
 */
export function parseStatistic(text: string): Statistic | undefined {
  const simple = SIMPLE.find((name) => name === text)
  if (simple !== undefined) return { kind: 'simple', name: simple }
  if (text.toLowerCase() === 'iqm') return { kind: 'trimmedMean', low: share(25), high: share(75) }
  const [, short, percent] = SHORT.exec(text) ?? []
  if (short !== undefined && percent !== undefined) return shortForm(short.toLowerCase(), Number(percent))
  const [, name, from, to] = RANGE.exec(text) ?? []
  const kind = RANGE_KINDS[name?.toLowerCase() ?? '']
  return kind === undefined || (from === undefined && to === undefined) ? undefined : rangeForm(kind, from, to)
}

function shortForm(name: string, percent: number): Statistic | undefined {
  if (percent > 100) return undefined
  const kind = RANGE_KINDS[name]
  return kind === undefined
    ? { kind: 'percentile', share: percent / 100 }
    : { kind, low: share(0), high: share(percent) }
}

function rangeForm(kind: RangeKind, from: string | undefined, to: string | undefined): Statistic | undefined {
  const isShare = (from ?? to)?.endsWith('%') === true
  if (from !== undefined && to !== undefined && from.endsWith('%') !== to.endsWith('%')) return undefined
  if (isShare && kind === 'percentileRank') return undefined
  const low = bound(from, isShare ? 0 : -Infinity)
  const high = bound(to, isShare ? 100 : Infinity)
  if (low.at > high.at || (isShare && (low.at < 0 || high.at > 1))) return undefined
  return { kind, low, high }

  function bound(written: string | undefined, open: number): Bound {
    const value = written === undefined ? open : Number(written.replace('%', ''))
    return isShare ? share(value) : { by: 'value', at: value }
  }
}

const share = (percent: number): Bound => ({ by: 'share', at: percent / 100 })

/** Whether it takes more than a statistic set to work it out. */
export const needsDistribution = ({ kind }: Statistic): boolean => kind !== 'simple'

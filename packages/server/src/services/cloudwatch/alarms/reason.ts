import { COMPARISONS, type ComparisonName } from '#services/cloudwatch/alarms/comparison.ts'
import type { Datapoint, StateValue, Treatment, Verdict } from '#services/cloudwatch/alarms/verdict.ts'
import { dataTime, numberText, reasonTime } from '#services/cloudwatch/alarms/written.ts'

/** What a reason speaks about. */
export interface Reasoned {
  readonly comparison: ComparisonName
  readonly threshold: number
  readonly evaluated: number
  readonly needed: number
  /** Whether the alarm says how many datapoints it needs; the reason counts them then. */
  readonly counts: boolean
  readonly treatment: Treatment
}

/** Datapoints that a reason lists; of more it lists the newest ones. */
const LISTED = 5
/** Datapoints that a state's data hold, so that they stay within 4,000 characters. */
const MAX_DATA_POINTS = 20

/**
 * Why an alarm went into a state.
 * @source CloudWatch user guide and recorded DescribeAlarms answers
 */
export function reasonText(state: StateValue, { used, filled }: Verdict, about: Reasoned): string {
  const { comparison, threshold, evaluated, treatment } = about
  if (state === 'INSUFFICIENT_DATA')
    return `Insufficient Data: ${counted(evaluated, 'datapoint')} ${were(evaluated)} unknown.`
  const { breaches, words } = COMPARISONS[comparison]
  const isAlarm = state === 'ALARM'
  const telling = used.filter(({ value }) => breaches(value, threshold) === isAlarm).toReversed()
  const treated = treatment === 'breaching' ? 'Breaching' : 'NonBreaching'
  const stoodIn = `${counted(filled, 'missing datapoint')} ${were(filled)} treated as [${treated}]`
  if (telling.length === 0)
    return `Threshold Crossed: no datapoints were received for ${counted(filled, 'period')} and ${stoodIn}.`
  const crossing = `${were(telling.length)} ${isAlarm ? '' : 'not '}${words} the threshold (${numberText(threshold)})`
  const missing = filled > 0 && (treatment === 'breaching' || treatment === 'notBreaching') ? ` and ${stoodIn}` : ''
  const listed = telling.slice(0, LISTED).map(({ at, value }) => `${numberText(value)} (${reasonTime(at)})`)
  const list = `[${listed.join(', ')}]`
  const number = about.counts
    ? `${String(telling.length)} out of the last ${counted(used.length, 'datapoint')}`
    : counted(telling.length, 'datapoint')
  const end = about.counts ? ` (${leastOf(about, isAlarm)}).` : '.'
  return telling.length > LISTED
    ? `Threshold Crossed: ${number} ${crossing}${missing}. The most recent datapoints which crossed the threshold: ${list}${end}`
    : `Threshold Crossed: ${number} ${list} ${crossing}${missing}${end}`
}

function leastOf({ needed, evaluated }: Reasoned, isAlarm: boolean): string {
  const least = isAlarm ? needed : evaluated - needed + 1
  return `minimum ${counted(least, 'datapoint')} for ${isAlarm ? 'OK -> ALARM' : 'ALARM -> OK'} transition`
}

const counted = (count: number, what: string): string => `${String(count)} ${what}${count === 1 ? '' : 's'}`
const were = (count: number): string => (count === 1 ? 'was' : 'were')

/** What the data of a state are made of. */
export interface Evidence {
  readonly queryAt: number
  readonly range: readonly (Datapoint | undefined)[]
  /** When the first period of the range begins. */
  readonly from: number
  /** Milliseconds. */
  readonly period: number
  /** As it was asked for; an expression has none. */
  readonly statistic: string | undefined
  readonly unit: string | undefined
}

/** StateReasonData: which datapoints decided; missing ones have only their time. */
export function reasonData(verdict: Verdict, { threshold, evaluated }: Reasoned, evidence: Evidence): string {
  const { range, from, period, statistic, unit } = evidence
  const used = new Set(verdict.used)
  const looked = range.flatMap((point, index) => {
    const isUsed = point === undefined ? index >= range.length - evaluated : used.has(point)
    return isUsed ? [{ at: from + index * period, point }] : []
  })
  const newest = looked.slice(-MAX_DATA_POINTS)
  return JSON.stringify({
    version: '1.0',
    queryDate: dataTime(evidence.queryAt),
    startDate: dataTime(looked[0]?.at ?? from),
    ...(unit === undefined ? {} : { unit }),
    ...(statistic === undefined ? {} : { statistic }),
    period: period / 1_000,
    recentDatapoints: verdict.used.slice(-MAX_DATA_POINTS).map(({ value }) => value),
    threshold,
    evaluatedDatapoints: newest.toReversed().map(({ at, point }) => ({
      timestamp: dataTime(at),
      ...(point?.sampleCount === undefined ? {} : { sampleCount: point.sampleCount }),
      ...(point === undefined ? {} : { value: point.value }),
    })),
  })
}

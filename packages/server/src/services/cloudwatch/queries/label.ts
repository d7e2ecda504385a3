import type { CallContext } from '#kernel/call.ts'
import type { Series } from '#services/cloudwatch/math/value.ts'
import type { Query } from '#services/cloudwatch/queries/check-queries.ts'

type Place = Pick<CallContext, 'account' | 'region'>

const DYNAMIC = /\$\{([A-Z_]+)(?:\('([^']{1,300})'\))?\}/g
const MINUTE = 60_000

/**
 * A label with its dynamic parts filled in: `${MAX}`, `${LAST_TIME}`, `${PROP('Dim.Queue')}` … A part that is none, or of
 * a series without points, stays as it was written.
 * @param timezone of times, as +HHMM or -HHMM
 * @source CloudWatch user guide, dynamic labels
 */
export const labelOf = (query: Query, series: Series, place: Place, timezone = '+0000'): string =>
  series.label.replaceAll(DYNAMIC, (written: string, name: string, property: string | undefined) => {
    const found = name === 'PROP' ? propertyOf(query, property ?? '', place) : valueOf(name, query, series, timezone)
    return found ?? written
  })

function propertyOf(query: Query, name: string, { account, region }: Place): string | undefined {
  if (name === 'AccountId') return account
  if (name === 'Region') return region
  if (query.kind !== 'metric') return undefined
  if (name.startsWith('Dim.')) return query.dimensions[name.slice('Dim.'.length)]
  const properties: Readonly<Record<string, string>> = {
    MetricName: query.metricName,
    Namespace: query.namespace,
    Period: String(query.period / 1_000),
    Stat: query.stat,
  }
  return Object.hasOwn(properties, name) ? properties[name] : undefined
}

function valueOf(name: string, query: Query, { points }: Series, timezone: string): string | undefined {
  if (name === 'DATAPOINT_COUNT') return String(points.size)
  if (name === 'LABEL') return query.kind === 'metric' ? query.metricName : query.id
  const known = [...points]
  const [first] = known
  if (first === undefined) return undefined
  const last = known.at(-1) ?? first
  const least = known.reduce((a, b) => (b[1] < a[1] ? b : a))
  const most = known.reduce((a, b) => (b[1] > a[1] ? b : a))
  const sum = known.reduce((total, [, value]) => total + value, 0)
  const named: Readonly<Record<string, readonly [number, number]>> = { FIRST: first, LAST: last, MIN: least, MAX: most }
  if (name === 'SUM') return String(sum)
  if (name === 'AVG') return String(sum / known.length)
  const isTime = name.endsWith('_TIME')
  const point = named[isTime ? name.slice(0, -'_TIME'.length) : name]
  if (point === undefined) return undefined
  return isTime ? timeText(point[0], timezone) : String(point[1])
}

function timeText(at: number, timezone: string): string {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(timezone) ?? []
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE * (sign === '-' ? -1 : 1)
  return new Date(at + offset).toISOString().slice(0, 19).replace('T', ' ')
}

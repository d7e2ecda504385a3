import type { Series } from '#services/cloudwatch/math/value.ts'

/** Where a page goes on: at a query, at one of its series, after a time of that series. */
export interface Position {
  readonly query: number
  readonly series: number
  /** Left out: at the series' beginning. */
  readonly after?: number
}

/** What of one series is on a page. */
export interface Slice {
  readonly series: Series
  readonly timestamps: readonly number[]
  readonly values: readonly number[]
  /** Whether the series goes on on the next page. */
  readonly isCut: boolean
}

export interface Page {
  readonly slices: readonly Slice[]
  /** Left out: that was all. */
  readonly next?: Position
}

/**
 * Puts the series of one query on a page that has room for so many datapoints.
 * @param from where in this query the page begins
 */
export function slicesOf(all: readonly Series[], room: number, from: Position, newestFirst: boolean): Page {
  const slices: Slice[] = []
  let left = room
  for (const [index, series] of all.entries()) {
    if (index < from.series) continue
    const after = index === from.series ? from.after : undefined
    const points = ordered(series, newestFirst).filter(
      ([at]) => after === undefined || (newestFirst ? at < after : at > after),
    )
    const taken = points.slice(0, left)
    const isCut = taken.length < points.length
    const last = taken.at(-1)?.[0] ?? after
    if (taken.length > 0 || !isCut)
      slices.push({ series, timestamps: taken.map(([at]) => at), values: taken.map(([, value]) => value), isCut })
    if (isCut)
      return { slices, next: { query: from.query, series: index, ...(last === undefined ? {} : { after: last }) } }
    left -= taken.length
  }
  return { slices }
}

function ordered({ points }: Series, newestFirst: boolean): readonly (readonly [number, number])[] {
  const ascending = [...points]
  return newestFirst ? ascending.reverse() : ascending
}

export const positionText = ({ query, series, after }: Position): string =>
  JSON.stringify([query, series, after ?? null])

export function readPosition(text: string): Position {
  // Signed by us, so its shape is known.
  const [query, series, after] = JSON.parse(text) as readonly [number, number, number | null]
  return { query, series, ...(after === null ? {} : { after }) }
}

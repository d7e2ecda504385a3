import type { LogGroup } from '#services/logs/catalog/log-group.ts'
import type { LogStream, Streams } from '#services/logs/catalog/streams.ts'

/** Where a stream stands: by rank, and by name among equals. */
export interface RankedPosition {
  readonly rank: number
  readonly name: string
}

export interface Ranking {
  readonly prefix: string
  readonly rank: (stream: LogStream) => Promise<number>
  readonly descending: boolean
  readonly limit: number
  /** Where an earlier page ended. */
  readonly after?: RankedPosition
}

interface Ranked extends RankedPosition {
  readonly stream: LogStream
}

export interface RankedPage {
  readonly found: readonly LogStream[]
  /** Where the next page begins. Left out: there is none. */
  readonly next?: RankedPosition
}

/** Stream records read at once. */
const CHUNK = 500

/**
 * One page of a group's streams in another order than the one they are stored in. Looks at every stream of the group,
 * but holds only those of the page.
 */
export async function rankedStreams(streams: Streams, group: LogGroup, ranking: Ranking): Promise<RankedPage> {
  const { prefix, rank, descending, limit, after } = ranking
  const compare = (a: RankedPosition, b: RankedPosition): number => (descending ? -1 : 1) * comparePositions(a, b)
  let best: Ranked[] = []
  let last: string | undefined
  for (;;) {
    const chunk = await streams.list(group, { prefix, ...(last === undefined ? {} : { after: last }), limit: CHUNK })
    for (const stream of chunk) {
      const ranked: Ranked = { stream, name: stream.name, rank: await rank(stream) }
      if (after === undefined || compare(ranked, after) > 0) best.push(ranked)
    }
    // One more than a page, to know whether there is another.
    best = best.toSorted(compare).slice(0, limit + 1)
    last = chunk.at(-1)?.name
    if (chunk.length < CHUNK) break
  }
  const page = best.slice(0, limit)
  const end = page.at(-1)
  const found = page.map(({ stream }) => stream)
  return best.length > limit && end !== undefined ? { found, next: { rank: end.rank, name: end.name } } : { found }
}

/** Names by their UTF-8 bytes, as the record store orders them. */
const comparePositions = (a: RankedPosition, b: RankedPosition): number =>
  a.rank - b.rank || Buffer.compare(Buffer.from(a.name), Buffer.from(b.name))

import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { kmsErrors } from '#services/kms/errors.ts'

export interface PageRequest {
  readonly Limit?: number | undefined
  readonly Marker?: string | undefined
}

export interface PageOf<T> {
  readonly items: readonly T[]
  /** Members that every list of KMS answers. */
  readonly rest: { readonly Truncated: boolean; readonly NextMarker?: string }
}

export interface Listing<T> {
  readonly operation: string
  /** What must be the same on the next page. */
  readonly parameters: object
  /** Items of a page when no limit is given. */
  readonly standard: number
  /** Items after a position, at most `count`. */
  readonly list: (after: string | undefined, count: number) => Promise<readonly T[]>
  readonly position: (item: T) => string
  /** Left out: every item belongs on the page. */
  readonly wanted?: (item: T) => boolean
}

/** Items fetched at once when not all of them belong on the page. */
const CHUNK = 500

/** One page of a list. @throws AwsError InvalidMarkerException */
export async function pageOf<T>(tokens: PageTokens, request: PageRequest, listing: Listing<T>): Promise<PageOf<T>> {
  const { Limit: limit = listing.standard, Marker: marker } = request
  const { operation, parameters, position, wanted } = listing
  const items: T[] = []
  let after = marker === undefined ? undefined : readMarker(tokens, operation, parameters, marker)
  let last = after
  const count = wanted === undefined ? limit + 1 : Math.max(limit + 1, CHUNK)
  for (;;) {
    const chunk = await listing.list(after, count)
    for (const item of chunk) {
      after = position(item)
      if (wanted !== undefined && !wanted(item)) continue
      if (items.length === limit && last !== undefined)
        return { items, rest: { Truncated: true, NextMarker: tokens.issue(operation, parameters, last) } }
      items.push(item)
      last = after
    }
    if (chunk.length < count) return { items, rest: { Truncated: false } }
  }
}

/** A page of what is in memory anyway. @throws AwsError InvalidMarkerException */
export const pageOfArray = <T>(
  tokens: PageTokens,
  request: PageRequest,
  listing: Omit<Listing<T>, 'list' | 'position'> & { readonly all: readonly T[] },
): Promise<PageOf<readonly [number, T]>> =>
  pageOf(tokens, request, {
    operation: listing.operation,
    parameters: listing.parameters,
    standard: listing.standard,
    list: (after, count) => {
      const from = after === undefined ? 0 : Number(after) + 1
      return Promise.resolve(listing.all.slice(from, from + count).map((item, index) => [from + index, item] as const))
    },
    position: ([index]) => String(index),
  })

function readMarker(tokens: PageTokens, operation: string, parameters: object, marker: string): string {
  try {
    return tokens.read(operation, parameters, marker)
  } catch (error) {
    if (error instanceof InvalidPageToken) throw kmsErrors.marker()
    throw error
  }
}

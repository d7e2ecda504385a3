import type { AwsError } from '#kernel/errors.ts'
import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { logsErrors } from '#services/logs/errors.ts'
import { MAX_RECORDS_SCANNED } from '#services/logs/limits.ts'

/**
 * The position in a token of this operation and these parameters.
 * @throws AwsError `invalid`, InvalidParameterException when left out
 */
export function readToken(
  tokens: PageTokens,
  operation: string,
  parameters: object,
  token: string | undefined,
  invalid: () => AwsError = logsErrors.invalidToken,
): string | undefined {
  if (token === undefined) return undefined
  try {
    return tokens.read(operation, parameters, token)
  } catch (error) {
    if (error instanceof InvalidPageToken) throw invalid()
    throw error
  }
}

export interface RecordScan<T> {
  /** Most items on the page. */
  readonly limit: number
  /** Where an earlier page ended. */
  readonly after: string | undefined
  /** Items after a position, at most `count`. */
  readonly list: (after: string | undefined, count: number) => Promise<readonly T[]>
  /** An item's position. */
  readonly position: (item: T) => string
  /** Left out: every item belongs on the page. */
  readonly wanted?: (item: T) => boolean
}

export interface RecordPage<T> {
  readonly found: readonly T[]
  /** Where the next page begins. Left out: everything was looked at. */
  readonly next?: string
}

/** Items fetched at once when not all of them belong on the page. */
const FILTERED_CHUNK = 500

/** One page of listed records. When only few are wanted, it may end early, after a bounded search. */
export async function collectPage<T>({ limit, after, list, position, wanted }: RecordScan<T>): Promise<RecordPage<T>> {
  const found: T[] = []
  const count = wanted === undefined ? limit + 1 : Math.max(limit + 1, FILTERED_CHUNK)
  let at = after
  for (let scanned = 0; ;) {
    const chunk = await list(at, count)
    for (const item of chunk) {
      if (found.length === limit && at !== undefined) return { found, next: at }
      at = position(item)
      if (wanted === undefined || wanted(item)) found.push(item)
    }
    scanned += chunk.length
    if (chunk.length < count || at === undefined) return { found }
    if (scanned >= MAX_RECORDS_SCANNED) return { found, next: at }
  }
}

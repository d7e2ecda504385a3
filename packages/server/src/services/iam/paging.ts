import { type AccountId, GLOBAL_REGION } from '#kernel/ids.ts'
import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { DEFAULT_PAGE_ITEMS } from '#services/iam/limits.ts'
import type { RecordStore, StoredRecord } from '#stores/records/record-store.ts'

/** How an answer says whether there is more. */
export interface PageEnd {
  readonly IsTruncated: boolean
  readonly Marker?: string
}

/** One page of a list: where it begins, how long it is, and how it ends. */
export interface Page {
  /** Only what comes after it. */
  readonly after: string | undefined
  /** At most so many items; one more shows whether there is another page. */
  readonly size: number
  /** `keys`: of the items found, at most `size` + 1, in order. */
  end(keys: readonly string[]): PageEnd
}

/** What asks for a page. */
export interface PageRequest {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/**
 * Reads `Marker` and `MaxItems`. `parameters`: what must stay the same from page to page.
 * @throws AwsError ValidationError for a marker that is not of this list
 */
export function startPage(tokens: PageTokens, operation: string, parameters: unknown, request: PageRequest): Page {
  const size = request.MaxItems ?? DEFAULT_PAGE_ITEMS
  return {
    after: request.Marker === undefined ? undefined : readMarker(tokens, operation, parameters, request.Marker),
    size,
    end(keys) {
      const last = keys[size - 1]
      if (keys.length <= size || last === undefined) return { IsTruncated: false }
      return { IsTruncated: true, Marker: tokens.issue(operation, parameters, last) }
    },
  }
}

function readMarker(tokens: PageTokens, operation: string, parameters: unknown, marker: string): string {
  try {
    return tokens.read(operation, parameters, marker)
  } catch (error) {
    if (error instanceof InvalidPageToken) throw iamErrors.badMarker()
    throw error
  }
}

/** A page of a list that is in memory: items in the order of their keys, which differ. */
export function pageOf<T>(
  page: Page,
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly [readonly T[], PageEnd] {
  const { after } = page
  const sorted = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, page.size + 1)
  return [sorted.slice(0, page.size).map(({ item }) => item), page.end(sorted.map(({ key }) => key))]
}

const READ_AHEAD = 1_000

/** A page of the records of a collection that `wanted` picks; reading on ends with the page or the collection. */
export async function pageOfRecords<T>(
  records: RecordStore,
  {
    collection,
    account,
    prefix,
  }: { readonly collection: string; readonly account: AccountId; readonly prefix?: string },
  page: Page,
  wanted?: (value: T) => boolean,
): Promise<readonly [readonly T[], PageEnd]> {
  const found: StoredRecord<T>[] = []
  const limit = wanted === undefined ? page.size + 1 : READ_AHEAD
  let { after } = page
  for (;;) {
    const batch = await records.list<T>(collection, account, GLOBAL_REGION, {
      limit,
      ...(prefix === undefined ? {} : { prefix }),
      ...(after === undefined ? {} : { after }),
    })
    found.push(...(wanted === undefined ? batch : batch.filter(({ value }) => wanted(value))))
    if (found.length > page.size || batch.length < limit) break
    after = batch.at(-1)?.key.id
  }
  const kept = found.slice(0, page.size + 1)
  return [kept.slice(0, page.size).map(({ value }) => value), page.end(kept.map(({ key }) => key.id))]
}

/** Records are kept by name, so a path is looked at one by one; every path begins with a slash. */
export const underPath = (pathPrefix: string): ((value: { readonly path: string }) => boolean) | undefined =>
  pathPrefix === '/' ? undefined : ({ path }) => path.startsWith(pathPrefix)

/** Every record of a collection in an account, whose id begins with `prefix`. */
export async function allRecords<T>(
  records: RecordStore,
  collection: string,
  account: AccountId,
  prefix = '',
): Promise<readonly T[]> {
  const found: T[] = []
  let after: string | undefined
  for (;;) {
    const batch = await records.list<T>(collection, account, GLOBAL_REGION, {
      limit: READ_AHEAD,
      prefix,
      ...(after === undefined ? {} : { after }),
    })
    found.push(...batch.map(({ value }) => value))
    if (batch.length < READ_AHEAD) return found
    after = batch.at(-1)?.key.id
  }
}

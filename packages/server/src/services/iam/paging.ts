import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { iamErrors } from '#services/iam/errors.ts'
import { DEFAULT_PAGE_ITEMS } from '#services/iam/limits.ts'

/** One page of a list: where it begins, how long it is, and how it ends. */
export interface Page {
  /** Only what comes after it. */
  readonly after: string | undefined
  /** At most so many items; one more shows whether there is another page. */
  readonly size: number
  /** `keys`: of the items found, at most `size` + 1, in order. */
  end(keys: readonly string[]): { readonly IsTruncated: boolean; readonly Marker?: string }
}

/**
 * Reads `Marker` and `MaxItems`. `parameters`: what must stay the same from page to page.
 * @throws AwsError ValidationError for a marker that is not of this list
 */
export function startPage(
  tokens: PageTokens,
  operation: string,
  parameters: unknown,
  request: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): Page {
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

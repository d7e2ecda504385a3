import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'

interface Paging {
  readonly tokens: PageTokens
  readonly operation: string
  /** What has to be the same on the next page. */
  readonly scope: object
  readonly token: string | undefined
  readonly size: number
}

/**
 * One page of items that are in one order, told apart by `idOf`; a page begins behind the id that the last one ended with.
 * @throws AwsError InvalidTokenException
 */
export function pageOf<T>(
  all: readonly T[],
  idOf: (item: T) => string,
  { tokens, operation, scope, token, size }: Paging,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const after = token === undefined ? undefined : readToken(tokens, operation, scope, token)
  const start = after === undefined ? 0 : all.findIndex((item) => idOf(item) === after) + 1
  // Whatever the last page ended with may be gone by now; then there is no telling where it stood.
  if (after !== undefined && start === 0) throw cloudtrailErrors.invalidToken()
  const items = all.slice(start, start + size)
  const last = items.at(-1)
  const more = start + size < all.length && last !== undefined
  return { items, next: more ? tokens.issue(operation, scope, idOf(last)) : undefined }
}

function readToken(tokens: PageTokens, operation: string, scope: object, token: string): string {
  try {
    return tokens.read(operation, scope, token)
  } catch (error) {
    if (error instanceof InvalidPageToken) throw cloudtrailErrors.invalidToken()
    throw error
  }
}

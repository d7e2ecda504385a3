import type { AwsError } from '#kernel/errors.ts'
import type { PageTokens } from '#kernel/page-token.ts'
import type { LogsPlace } from '#services/logs/arns.ts'
import type { Named, NamedRecords } from '#services/logs/catalog/named-records.ts'
import { collectPage, readToken } from '#services/logs/describe-page.ts'
import { DESCRIBE_PAGE } from '#services/logs/limits.ts'

export interface NamedList<T extends object> {
  readonly records: NamedRecords<T>
  readonly tokens: PageTokens
  /** Whose tokens these are. */
  readonly operation: string
  /** What is said of a token that is none; left out: InvalidParameterException. */
  readonly invalid?: () => AwsError
}

export interface PageInput {
  readonly prefix?: string | undefined
  readonly nextToken?: string | undefined
  readonly limit?: number | undefined
}

/** One page of things by ascending name. @throws AwsError for a token that is none of this list's */
export async function namedPage<T extends object>(
  { records, tokens, operation, invalid }: NamedList<T>,
  { prefix = '', nextToken, limit = DESCRIBE_PAGE }: PageInput,
  { account, region }: LogsPlace,
): Promise<{ readonly found: readonly Named<T>[]; readonly nextToken: string | undefined }> {
  const scope = { prefix, account, region }
  const { found, next } = await collectPage({
    limit,
    after: readToken(tokens, operation, scope, nextToken, invalid),
    list: (after, count) => records.list(scope, { prefix, limit: count, ...(after === undefined ? {} : { after }) }),
    position: ({ name }) => name,
  })
  return { found, nextToken: next === undefined ? undefined : tokens.issue(operation, scope, next) }
}

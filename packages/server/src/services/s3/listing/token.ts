import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { s3Errors } from '#services/s3/errors.ts'

/** Where a continuation token goes on; `undefined` without one. @throws S3Error InvalidArgument */
export function readToken(
  tokens: PageTokens,
  operation: string,
  scope: unknown,
  token: string | undefined,
): string | undefined {
  if (token === undefined) return undefined
  try {
    return tokens.read(operation, scope, token)
  } catch (error) {
    if (!(error instanceof InvalidPageToken)) throw error
    throw s3Errors.invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
  }
}

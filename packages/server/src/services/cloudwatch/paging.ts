import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { cloudwatchErrors } from '#services/cloudwatch/errors.ts'

/**
 * Where the page continues that a token stands for.
 * @throws AwsError InvalidNextToken
 */
export function readToken(tokens: PageTokens, operation: string, scope: object, token: string): string {
  try {
    return tokens.read(operation, scope, token)
  } catch (error) {
    if (error instanceof InvalidPageToken) throw cloudwatchErrors.invalidNextToken()
    throw error
  }
}

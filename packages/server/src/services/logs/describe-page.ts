import { InvalidPageToken, type PageTokens } from '#kernel/page-token.ts'
import { logsErrors } from '#services/logs/errors.ts'

/** The position in a token of this operation and these parameters. @throws AwsError InvalidParameterException */
export function readToken(
  tokens: PageTokens,
  operation: string,
  parameters: object,
  token: string | undefined,
): string | undefined {
  if (token === undefined) return undefined
  try {
    return tokens.read(operation, parameters, token)
  } catch (error) {
    if (error instanceof InvalidPageToken) throw logsErrors.invalidToken()
    throw error
  }
}

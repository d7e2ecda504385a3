const AWS_CHUNKED = 'aws-chunked'

const tokens = (header: string): readonly string[] =>
  header
    .split(',')
    .map((token) => token.trim())
    .filter((token) => token !== '')

export const hasAwsChunked = (header: string): boolean =>
  tokens(header).some((token) => token.toLowerCase() === AWS_CHUNKED)

/** The codings of the content itself, which S3 keeps with an object: all but the framing. `undefined` when none is left. */
export function contentCodings(header: string | undefined): string | undefined {
  const left = tokens(header ?? '').filter((token) => token.toLowerCase() !== AWS_CHUNKED)
  return left.length === 0 ? undefined : left.join(',')
}

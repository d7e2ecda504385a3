import { s3Errors } from '#services/s3/errors.ts'

/** From where a copy is made. */
export interface CopySource {
  readonly bucket: string
  readonly key: string
  readonly versionId: string | undefined
}

/** `bucket/key` or `/bucket/key`, percent-encoded, with `?versionId=…` behind. @throws S3Error InvalidArgument */
export function readCopySource(header: string): CopySource {
  const [path, versionId] = split(header)
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch {
    throw invalid(header)
  }
  const [, bucket = '', key = ''] = /^\/?([^/]+)\/(.+)$/s.exec(decoded) ?? []
  if (bucket.startsWith('arn:')) throw s3Errors.notBuilt('A copy from an access point')
  if (bucket === '' || key === '') throw invalid(header)
  return { bucket, key, versionId }
}

const VERSION = '?versionId='

function split(header: string): readonly [string, string | undefined] {
  const at = header.indexOf(VERSION)
  return at < 0 ? [header, undefined] : [header.slice(0, at), header.slice(at + VERSION.length)]
}

const invalid = (header: string): Error =>
  s3Errors.invalidArgument(
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    'x-amz-copy-source',
    header,
  )

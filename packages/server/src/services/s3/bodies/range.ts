import { s3Errors } from '#services/s3/errors.ts'

/** Bytes of an object: `from` inclusive, `to` exclusive. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/

/**
 * What a Range header asks for. `undefined`: the whole object, also for what is no range or several, as S3 does.
 * @throws S3Error InvalidRange when none of it is in the object
 * @source RFC 9110, 14.1.2
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined
  const [, first = '', last = ''] = SINGLE.exec(header) ?? []
  if (first === '' && last === '') return undefined
  if (first === '') {
    const suffix = Number(last)
    if (suffix === 0 || size === 0) throw s3Errors.invalidRange(header, size)
    return { from: Math.max(0, size - suffix), to: size }
  }
  const from = Number(first)
  if (last !== '' && Number(last) < from) return undefined
  if (from >= size) throw s3Errors.invalidRange(header, size)
  return { from, to: last === '' ? size : Math.min(Number(last) + 1, size) }
}

/** What a copy of a part takes. @throws S3Error InvalidArgument, InvalidRequest */
export function readCopyRange(header: string | undefined, size: number): ByteRange | undefined {
  if (header === undefined) return undefined
  const match = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header)
  if (match === null) {
    throw s3Errors.invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    )
  }
  const range = { from: Number(match[1]), to: Number(match[2]) + 1 }
  if (range.from >= range.to || range.to > size) {
    throw s3Errors.invalidArgument(
      `Range specified is not valid for source object of size: ${String(size)}`,
      'x-amz-copy-source-range',
      header,
    )
  }
  return range
}

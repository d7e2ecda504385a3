import { s3Errors } from '#services/s3/errors.ts'
import { MAX_KEYS } from '#services/s3/limits.ts'

/** How keys are written in a list: as they are, or percent-encoded so that any key fits into XML. */
export type KeyWriter = (key: string) => string

/** @source botocore and the SDKs decode with `+` left alone; S3 leaves `/` and these marks as they are */
const encoded: KeyWriter = (key) =>
  encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

export const keyWriter = (encodingType: string | undefined): KeyWriter =>
  encodingType === 'url' ? encoded : (key) => key

/** Left out when a member was not given, or is empty. */
export const given = <K extends string>(
  name: K,
  value: string | undefined,
  write: KeyWriter,
): { readonly [P in K]?: string } =>
  (value === undefined || value === '' ? {} : { [name]: write(value) }) as { readonly [P in K]?: string }

/** How many entries a page has at most. @throws S3Error InvalidArgument */
export function pageSize(asked: number | undefined, name: string): number {
  if (asked !== undefined && asked < 0) {
    throw s3Errors.invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, String(asked))
  }
  return Math.min(asked ?? MAX_KEYS, MAX_KEYS)
}

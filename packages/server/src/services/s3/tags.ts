import type { Tag } from '#kernel/principal.ts'
import { s3Errors } from '#services/s3/errors.ts'
import { MAX_OBJECT_TAGS } from '#services/s3/limits.ts'

const MAX_KEY = 128
const MAX_VALUE = 256
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** @throws S3Error InvalidTag, BadRequest; @returns the tags */
export function checkTags(tags: readonly Tag[], most: number = MAX_OBJECT_TAGS): readonly Tag[] {
  if (tags.length > most) {
    throw most === MAX_OBJECT_TAGS
      ? s3Errors.bad('BadRequest', `Object tags cannot be greater than ${String(most)}`)
      : s3Errors.bad('BadRequest', `Bucket tag count cannot be greater than ${String(most)}`)
  }
  const seen = new Set<string>()
  for (const { Key, Value } of tags) {
    if (Key === '' || Key.length > MAX_KEY || !ALLOWED.test(Key))
      throw s3Errors.invalidTag('The TagKey you have provided is invalid')
    if (Value.length > MAX_VALUE || !ALLOWED.test(Value))
      throw s3Errors.invalidTag('The TagValue you have provided is invalid')
    if (Key.toLowerCase().startsWith('aws:'))
      throw s3Errors.invalidTag('System tags cannot be added/updated by requester')
    if (seen.has(Key)) throw s3Errors.invalidTag('Cannot provide multiple Tags with the same key')
    seen.add(Key)
  }
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}

/** The tags of a header `x-amz-tagging`, which is a URL's query. @throws S3Error */
export function readTagHeader(header: string | undefined): readonly Tag[] | undefined {
  if (header === undefined || header === '') return undefined
  try {
    return checkTags(
      header.split('&').map((pair) => {
        const [key = '', value = '', ...more] = pair.split('=').map(decoded)
        if (more.length > 0) throw new URIError(pair)
        return { Key: key, Value: value }
      }),
    )
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    throw s3Errors.invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    )
  }
}

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

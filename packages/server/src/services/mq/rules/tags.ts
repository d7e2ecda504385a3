import { mqErrors } from '#services/mq/errors.ts'
import { MAX_TAGS, MAX_TAG_KEY_CHARACTERS, MAX_TAG_VALUE_CHARACTERS } from '#services/mq/limits.ts'

type Tags = Readonly<Record<string, string>>

const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/** @throws AwsError BadRequestException */
export function checkTags(tags: Tags | undefined): Tags {
  if (tags === undefined) return {}
  for (const [key, value] of Object.entries(tags)) checkTag(key, value)
  return checkTagCount(tags)
}

/** @throws AwsError BadRequestException when there are too many */
export function checkTagCount(tags: Tags): Tags {
  if (Object.keys(tags).length <= MAX_TAGS) return tags
  throw mqErrors.badRequest(`A resource can have at most ${String(MAX_TAGS)} tags.`, 'tags')
}

function checkTag(key: string, value: string): void {
  if (key === '' || key.length > MAX_TAG_KEY_CHARACTERS || !TAG_TEXT.test(key)) {
    throw mqErrors.badRequest(
      `Tag key [${key.slice(0, MAX_TAG_KEY_CHARACTERS)}] is invalid. Use 1 to ${String(MAX_TAG_KEY_CHARACTERS)} letters, numbers, spaces, and _.:/=+-@.`,
      'tags',
    )
  }
  if (key.toLowerCase().startsWith('aws:')) {
    throw mqErrors.badRequest(`Tag key [${key}] is invalid. Keys that start with [aws:] are reserved.`, 'tags')
  }
  if (value.length > MAX_TAG_VALUE_CHARACTERS || !TAG_TEXT.test(value)) {
    throw mqErrors.badRequest(
      `The value of tag [${key}] is invalid. Use at most ${String(MAX_TAG_VALUE_CHARACTERS)} letters, numbers, spaces, and _.:/=+-@.`,
      'tags',
    )
  }
}

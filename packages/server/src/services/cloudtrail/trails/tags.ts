import type { Tag } from '#kernel/principal.ts'
import { cloudtrailErrors } from '#services/cloudtrail/errors.ts'
import { MAX_TAGS } from '#services/cloudtrail/limits.ts'
import type { CloudTrailInput } from '#services/cloudtrail/types.ts'

type GivenTag = CloudTrailInput<'AddTags'>['TagsList'][number]

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

/**
 * Tags after `added` has replaced or joined what there is; a tag without a value has an empty one.
 * @throws AwsError InvalidTagParameterException for doubled, reserved or unreadable tags; TagsLimitExceededException
 */
export function mergedTags(existing: readonly Tag[], added: readonly GivenTag[]): readonly Tag[] {
  const given = added.map(({ Key, Value = '' }) => ({ Key, Value }))
  for (const { Key, Value } of given) {
    if (Key.toLowerCase().startsWith('aws:')) throw cloudtrailErrors.tag('Tag keys cannot begin with aws:')
    if (!CHARACTERS.test(Key) || !CHARACTERS.test(Value))
      throw cloudtrailErrors.tag(`The tag ${Key} holds characters that tags cannot have.`)
  }
  const keys = new Set(given.map(({ Key }) => Key))
  if (keys.size !== given.length) throw cloudtrailErrors.tag('The request has the same tag key more than once.')
  const merged = [...existing.filter(({ Key }) => !keys.has(Key)), ...given]
  if (merged.length > MAX_TAGS) throw cloudtrailErrors.tooManyTags(MAX_TAGS)
  return merged
}

/**
 * What is left when these are gone; a tag that was given with a value goes only when it has that value.
 * @source CloudTrail API reference, RemoveTags
 */
export const remainingTags = (existing: readonly Tag[], removed: readonly GivenTag[]): readonly Tag[] =>
  existing.filter(({ Key, Value }) =>
    removed.every((tag) => tag.Key !== Key || (tag.Value !== undefined && tag.Value !== Value)),
  )
